//! Standard Base64 with padding, which decodes as Go does: line breaks are skipped, and errors name the
//! byte where they were seen.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as text.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() {
                char::from(symbol)
            } else {
                '='
            });
        }
    }
    out
}

/// Text as bytes.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    Decoder {
        text: text.as_bytes(),
        at: 0,
        bytes: Vec::with_capacity(text.len() / 4 * 3),
    }
    .run()
    .map_err(|at| format!("illegal base64 data at input byte {at}"))
}

struct Decoder<'t> {
    text: &'t [u8],
    at: usize,
    bytes: Vec<u8>,
}

impl Decoder<'_> {
    /// The next byte that is no line break.
    fn next(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.get(self.at)?;
            self.at += 1;
            if byte != b'\n' && byte != b'\r' {
                return Some(byte);
            }
        }
    }

    fn run(mut self) -> Result<Vec<u8>, usize> {
        loop {
            let mut bits = 0;
            for place in 0..4 {
                let Some(byte) = self.next() else {
                    if place == 0 {
                        return Ok(self.bytes);
                    }
                    return Err(self.at - place);
                };
                match value(byte) {
                    Some(value) => bits |= value << (18 - 6 * place),
                    None if byte == b'=' => return self.padding(place, bits),
                    None => return Err(self.at - 1),
                }
            }
            self.bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
    }

    /// A padding character was seen in the place of a symbol.
    fn padding(mut self, place: usize, bits: u32) -> Result<Vec<u8>, usize> {
        match place {
            0 | 1 => return Err(self.at - 1),
            2 => match self.next() {
                None => return Err(self.text.len()),
                Some(b'=') => {}
                Some(_) => return Err(self.at - 1),
            },
            _ => {}
        }
        if self.next().is_some() {
            return Err(self.at - 1);
        }
        self.bytes.extend_from_slice(&bits.to_be_bytes()[1..place]);
        Ok(self.bytes)
    }
}

fn value(symbol: u8) -> Option<u32> {
    Some(u32::from(match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
