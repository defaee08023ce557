//! Inside of an action: what the parser would take for sure.

use super::{Definition, Kind, MAX_DEFINITIONS, MAX_DEPTH, Skim};

impl Skim<'_, '_> {
    /// Reads an action; its `{{` is next.
    pub(super) fn action(&mut self) -> Option<()> {
        let start = self.scan.at;
        self.scan.at += 2;
        self.scan.left_marker();
        if self.scan.take_all(b"/*") {
            return self.scan.comment();
        }
        self.scan.spaces();
        let word_start = self.scan.at;
        match self.scan.word() {
            "end" => {
                self.end_body(start)?;
                self.leave()?;
                self.close()
            }
            "else" => {
                self.end_body(start)?;
                self.else_clause()
            }
            "if" => self.control(Kind::If),
            "with" => self.control(Kind::With),
            "range" => self.range(),
            "define" => self.define(start),
            "template" => self.invocation(),
            "break" | "continue" | "block" => None,
            _ => {
                self.scan.at = word_start;
                self.not_blank();
                self.declaration()?;
                self.pipeline()?;
                self.close()
            }
        }
    }

    /// Takes the end of the action.
    fn close(&mut self) -> Option<()> {
        let _is_marked = self.scan.spaces() && self.scan.take(b'-');
        self.scan.take_all(b"}}").then_some(())
    }

    fn control(&mut self, kind: Kind) -> Option<()> {
        self.not_blank();
        self.enter(kind)?;
        self.condition()
    }

    /// What `if` and `with` have behind them.
    fn condition(&mut self) -> Option<()> {
        self.gap()?;
        self.declaration()?;
        self.pipeline()?;
        self.close()?;
        self.begin_body()
    }

    fn gap(&mut self) -> Option<()> {
        self.scan.spaces().then_some(())
    }

    fn else_clause(&mut self) -> Option<()> {
        let before = self.scan.at;
        self.scan.spaces();
        let next = match self.scan.word() {
            "if" => Kind::If,
            "with" => Kind::With,
            _ => {
                self.scan.at = before;
                self.otherwise(None)?;
                self.close()?;
                return self.begin_body();
            }
        };
        self.otherwise(Some(next))?;
        self.condition()
    }

    fn range(&mut self) -> Option<()> {
        self.not_blank();
        self.enter(Kind::Range)?;
        self.gap()?;
        let before = self.scan.at;
        if self.scan.take(b'$') {
            let first = self.scan.name()?;
            self.scan.spaces();
            if self.scan.take(b',') {
                self.scan.spaces();
                let second = self.scan.take(b'$').then(|| self.scan.name())??;
                self.scan.spaces();
                let is_plain = !first.is_empty() && !second.is_empty();
                if !is_plain || !self.scan.take_all(b":=") {
                    return None;
                }
                self.variables.extend([first, second]);
                self.scan.spaces();
            } else {
                self.scan.at = before;
                self.declaration()?;
            }
        }
        self.pipeline()?;
        self.close()?;
        self.begin_body()
    }

    fn define(&mut self, start: usize) -> Option<()> {
        self.gap()?;
        let name = self.scan.string()?;
        // Names with escapes, or with line ends that raw strings do not keep, are for the parser.
        let is_plain = !name.contains(['\\', '\r']);
        if !is_plain || !self.open.is_empty() || self.outline.definitions.len() >= MAX_DEFINITIONS {
            return None;
        }
        let end = u32::try_from(self.scan.at - 1).ok()?;
        self.outline.definitions.push(Definition {
            name: end - name.len() as u32..end,
            start: u32::try_from(start).ok()?,
            is_blank: true,
        });
        self.inside = true;
        // Variables of the source's own template are not known inside.
        if !self.variables.is_empty() {
            return None;
        }
        self.enter(Kind::Define)?;
        self.close()
    }

    fn invocation(&mut self) -> Option<()> {
        self.not_blank();
        self.gap()?;
        self.scan.string()?;
        let before = self.scan.at;
        if self.close().is_some() {
            return Some(());
        }
        self.scan.at = before;
        self.gap()?;
        self.pipeline()?;
        self.close()
    }

    /// Takes `$name :=` or `$name =` if that is next.
    fn declaration(&mut self) -> Option<()> {
        let before = self.scan.at;
        if self.scan.take(b'$') {
            let name = self.scan.name()?;
            let is_apart = self.scan.spaces();
            if !name.is_empty() && (self.scan.take_all(b":=") || (is_apart && self.scan.take(b'=')))
            {
                self.variables.push(name);
                self.scan.spaces();
                return Some(());
            }
        }
        self.scan.at = before;
        Some(())
    }

    /// Commands up to a closing delimiter or parenthesis, which is next then, but for spaces.
    fn pipeline(&mut self) -> Option<()> {
        let mut is_first = true;
        loop {
            let is_constant = self.operand()?;
            if is_constant && !is_first {
                return None;
            }
            loop {
                let before = self.scan.at;
                let is_apart = self.scan.spaces();
                match self.scan.peek()? {
                    b'|' => break,
                    b')' | b'}' => {
                        self.scan.at = before;
                        return Some(());
                    }
                    b'-' if is_apart && self.is_marker() => {
                        self.scan.at = before;
                        return Some(());
                    }
                    _ if is_apart => self.operand()?,
                    _ => return None,
                };
            }
            self.scan.at += 1;
            self.scan.spaces();
            is_first = false;
        }
    }

    /// Whether a trim marker and the closing delimiter are next.
    fn is_marker(&mut self) -> bool {
        let before = self.scan.at;
        let is_marker = self.scan.take_all(b"-}}");
        self.scan.at = before;
        is_marker
    }

    /// Takes a term with its fields, and says whether it is no command by itself.
    fn operand(&mut self) -> Option<bool> {
        match self.scan.peek()? {
            b'.' => {
                self.scan.at += 1;
                if self.scan.name()?.is_empty() {
                    return Some(true);
                }
            }
            b'$' => {
                self.scan.at += 1;
                let name = self.scan.name()?;
                if !name.is_empty() && !self.variables.contains(&name) {
                    return None;
                }
            }
            b'(' => self.parenthesized()?,
            b'"' | b'`' => return self.scan.string().map(|_| true),
            b'-' | b'+' | b'0'..=b'9' => return self.scan.number().map(|()| true),
            _ => return self.named(),
        }
        while self.scan.take(b'.') {
            if self.scan.name()?.is_empty() {
                return None;
            }
        }
        Some(false)
    }

    fn parenthesized(&mut self) -> Option<()> {
        self.parens += 1;
        if self.open.len() + self.parens >= MAX_DEPTH {
            return None;
        }
        self.scan.at += 1;
        self.scan.spaces();
        self.pipeline()?;
        self.scan.spaces();
        self.parens -= 1;
        self.scan.take(b')').then_some(())
    }

    /// A constant or a function.
    fn named(&mut self) -> Option<bool> {
        match self.scan.word() {
            "true" | "false" | "nil" => Some(true),
            "" | "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range"
            | "template" | "with" => None,
            function => self.functions.contains(function).then_some(false),
        }
    }
}
