//! Texts that the API server decodes while it reads an object.

/// Whether a text is a quantity: a signed decimal with a suffix or an exponent.
pub(crate) fn is_quantity(text: &str) -> bool {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
    has_digit && number.matches('.').count() <= 1 && is_suffix(suffix)
}

fn is_suffix(suffix: &str) -> bool {
    match suffix {
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti"
        | "Pi" | "Ei" => true,
        _ => suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        }),
    }
}

/// Whether a text is base64 with padding; line breaks are skipped, as Go's decoder does.
pub(crate) fn is_base64(text: &str) -> bool {
    let mut length = 0_usize;
    let mut padding = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'\r' | b'\n' => continue,
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return false,
        }
        length += 1;
    }
    padding <= 2 && length.is_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_recognised() {
        for good in [
            "0", "1", "500m", "1.5Gi", ".5", "5.", "-1", "+2k", "1e3", "1E-3", "12E", "3Ei",
            "100n", " 1Gi ",
        ] {
            assert!(is_quantity(good), "{good}");
        }
        for bad in [
            "", ".", "1GB", "1 Gi", " ", "Mi", "1.2.3", "1K", "1e", "1ee3", "0x10", "ten", "1m5",
            "--1",
        ] {
            assert!(!is_quantity(bad), "{bad}");
        }
    }

    #[test]
    fn base64_is_recognised() {
        for good in ["", "YQ==", "YWI=", "YWJj", "YW\nJj\n", "+/+/"] {
            assert!(is_base64(good), "{good}");
        }
        for bad in ["YQ", "YQ=", "Y===", "Y Q=", "secret", "a-_b", "YQ==YQ=="] {
            assert!(!is_base64(bad), "{bad}");
        }
    }
}
