//! Scripts of a shell, as far as it takes to see the commands in them. Runs nothing, expands nothing.

/// A word of a command.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ShellWord {
    pub(super) text: String,
    /// Whether the shell puts something else in for a part of it.
    pub(super) is_dynamic: bool,
}

/// The commands of a script, each as its words. Redirections are left out.
pub(super) fn commands(script: &str) -> Vec<Vec<ShellWord>> {
    let mut reader = Reader::default();
    let mut characters = script.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some(escaped) => reader.push(escaped),
            },
            '\'' => {
                reader.open();
                for inside in characters.by_ref().take_while(|&inside| inside != '\'') {
                    reader.push(inside);
                }
            }
            '"' => {
                reader.open();
                while let Some(inside) = characters.next() {
                    match inside {
                        '"' => break,
                        '\\' => characters.next().into_iter().for_each(|c| reader.push(c)),
                        '$' | '`' => reader.push_dynamic(inside),
                        _ => reader.push(inside),
                    }
                }
            }
            '$' | '`' => reader.push_dynamic(character),
            '#' if reader.word.is_none() => {
                while characters.next_if(|&next| next != '\n').is_some() {}
            }
            '>' | '<' => {
                while characters.next_if(|next| "><&".contains(*next)).is_some() {}
                reader.redirect();
            }
            '\n' | ';' | '|' | '&' | '(' | ')' => reader.end_command(),
            _ if character.is_whitespace() => reader.end_word(),
            _ => reader.push(character),
        }
    }
    reader.end_command();
    reader.commands
}

#[derive(Default)]
struct Reader {
    commands: Vec<Vec<ShellWord>>,
    words: Vec<ShellWord>,
    word: Option<ShellWord>,
    /// The next word is the file of a redirection.
    skips: bool,
}

impl Reader {
    fn open(&mut self) -> &mut ShellWord {
        self.word.get_or_insert_with(ShellWord::default)
    }

    fn push(&mut self, character: char) {
        self.open().text.push(character);
    }

    fn push_dynamic(&mut self, character: char) {
        self.push(character);
        self.open().is_dynamic = true;
    }

    fn redirect(&mut self) {
        // The number in front belongs to the redirection.
        let is_number = |word: &ShellWord| word.text.bytes().all(|byte| byte.is_ascii_digit());
        if self.word.as_ref().is_some_and(is_number) {
            self.word = None;
        }
        self.end_word();
        self.skips = true;
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take()
            && !std::mem::take(&mut self.skips)
        {
            self.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        self.skips = false;
        if !self.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.words));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn scripts_are_split_into_commands_and_words() {
        let check = |script: &str, expected: &[&[&str]]| {
            let found = commands(script);
            let words: Vec<Vec<&str>> = found
                .iter()
                .map(|words| words.iter().map(|word| word.text.as_str()).collect())
                .collect();
            assert_eq!(words, expected, "{script}");
        };
        check("exec a --b=c", &[&["exec", "a", "--b=c"]]);
        check(
            "x=1 && a 'b c' \"d e\"; f",
            &[&["x=1"], &["a", "b c", "d e"], &["f"]],
        );
        check(
            "a \\\n  --b >>/var/log 2>&1 | tee c",
            &[&["a", "--b"], &["tee", "c"]],
        );
        check("a # b\nc ''", &[&["a"], &["c", ""]]);
        check("", &[]);
        check("a 'b", &[&["a", "b"]]);
    }

    #[test]
    fn what_the_shell_puts_in_is_noticed() {
        let words = &commands("a $b 'c$d' \"e$f\" `g`")[0];
        let dynamic: Vec<bool> = words.iter().map(|word| word.is_dynamic).collect();
        assert_eq!(dynamic, [false, true, false, true, true]);
    }
}
