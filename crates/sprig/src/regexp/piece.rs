//! The pieces of a pattern on its way.

/// What is wrong with a pattern, in Go's words.
#[derive(Debug)]
pub(crate) struct ParseError {
    code: &'static str,
    at: String,
}

impl ParseError {
    pub(super) fn new(code: &'static str, at: &str) -> Self {
        Self {
            code,
            at: at.to_owned(),
        }
    }
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "error parsing regexp: {}: `{}`",
            self.code, self.at
        )
    }
}

pub(super) type Parsed<T> = Result<T, ParseError>;

#[expect(clippy::struct_excessive_bools, reason = "these are Go's flags")]
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) folds_case: bool,
    pub(super) is_multiline: bool,
    pub(super) dot_is_all: bool,
    pub(super) is_lazy: bool,
}

/// Something that can be repeated.
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether a repetition can stand behind it as it is.
    pub(super) is_atom: bool,
    /// Copies that repetitions make of its innermost part.
    pub(super) copies: u64,
    pub(super) size: u64,
}

/// A group, or the whole pattern.
pub(super) struct Frame {
    pub(super) is_capture: bool,
    /// Flags to go back to at its end.
    pub(super) outer: Flags,
    pub(super) alternatives: Vec<String>,
    pub(super) pieces: Vec<Piece>,
    pub(super) copies: u64,
    pub(super) size: u64,
}

impl Frame {
    pub(super) fn new(is_capture: bool, outer: Flags) -> Self {
        Self {
            is_capture,
            outer,
            alternatives: Vec::new(),
            pieces: Vec::new(),
            copies: 1,
            size: 1,
        }
    }

    /// Ends an alternative.
    pub(super) fn close(&mut self) {
        let mut text = String::new();
        for piece in self.pieces.drain(..) {
            text.push_str(&piece.text);
            self.copies = self.copies.max(piece.copies);
            self.size = self.size.saturating_add(piece.size);
        }
        self.alternatives.push(text);
    }

    pub(super) fn finish(mut self) -> Piece {
        self.close();
        let inner = self.alternatives.join("|");
        let text = if self.is_capture {
            format!("({inner})")
        } else {
            format!("(?:{inner})")
        };
        Piece {
            text,
            is_atom: true,
            copies: self.copies,
            size: self.size,
        }
    }
}
