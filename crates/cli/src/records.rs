//! Logs that other programs write, a record a line.

use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use model::{Problem, ProblemKind, ProblemLevel};

/// Lines of a file that are told one by one when they are no records.
const TOLD: usize = 5;

/// What the lines of a file should be.
#[derive(Clone, Copy)]
pub(crate) struct Records<'n> {
    /// What messages call the file.
    pub(crate) file: &'n str,
    /// What they call one record; several have an `s` at the end.
    pub(crate) what: &'static str,
    /// The longest line that is read, in bytes.
    pub(crate) longest: u64,
}

/// Opens a file; `-` is standard input.
pub(crate) fn open(file: &Path) -> io::Result<Box<dyn BufRead>> {
    Ok(if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(fs_err::File::open(file)?))
    })
}

impl Records<'_> {
    /// Gives each line that is not empty to `take`, with its number. What is no record, and a line that is too long, is a
    /// problem, and the rest is read.
    pub(crate) fn each(
        self,
        input: &mut dyn BufRead,
        mut take: impl FnMut(u64, &[u8]) -> Result<(), String>,
    ) -> io::Result<Vec<Problem>> {
        let mut line = Vec::new();
        let mut problems = Vec::new();
        let mut wrong = 0;
        for number in 1.. {
            line.clear();
            let length = input.take(self.longest).read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            if !line.trim_ascii().is_empty()
                && let Err(why) = take(number, &line)
            {
                wrong += 1;
                if wrong <= TOLD {
                    let message = format!("line {number} is no {}: {why}", self.what);
                    problems.push(self.lost(message));
                }
            }
            if length as u64 == self.longest && line.last() != Some(&b'\n') {
                input.skip_until(b'\n')?;
            }
        }
        if wrong > TOLD {
            let message = format!("{} more lines are no {}s", wrong - TOLD, self.what);
            problems.push(self.lost(message));
        }
        Ok(problems)
    }

    fn lost(self, message: String) -> Problem {
        Problem {
            level: ProblemLevel::Error,
            kind: ProblemKind::JsonSyntax,
            file: self.file.to_owned(),
            location: None,
            message,
            hint: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Records;

    #[test]
    fn a_line_that_is_too_long_is_one_line() {
        let records = Records {
            file: "log",
            what: "word",
            longest: 8,
        };
        let mut taken = Vec::new();
        let mut input: &[u8] = b"a\n\n0123456789012345678901234567\n1234567\nb";
        let problems = records.each(&mut input, |number, line| {
            let line = String::from_utf8_lossy(line).trim().to_owned();
            let is_word = line.len() == 1;
            taken.push((number, line));
            is_word.then_some(()).ok_or("it is long".to_owned())
        });
        let taken: Vec<(u64, &str)> = taken.iter().map(|(n, line)| (*n, line.as_str())).collect();
        let expected = [(1, "a"), (3, "01234567"), (4, "1234567"), (5, "b")];
        assert_eq!(taken, expected);
        let messages: Vec<String> = problems.unwrap().into_iter().map(|it| it.message).collect();
        let expected = [
            "line 3 is no word: it is long",
            "line 4 is no word: it is long",
        ];
        assert_eq!(messages, expected);
    }
}
