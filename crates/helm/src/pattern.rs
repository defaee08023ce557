//! Shell patterns as Go's `path.Match` reads them (<https://pkg.go.dev/path#Match>).

/// A pattern with a bracket or a backslash that is not complete.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Malformed;

/// Whether a pattern matches a whole path. `*` and `?` match no slash. Malformed parts behind the first
/// difference may not be noticed, as in Go.
pub(crate) fn matches(pattern: &str, path: &str) -> Result<bool, Malformed> {
    let (mut pattern, mut path) = (pattern, path);
    while !pattern.is_empty() {
        let (is_star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if is_star && chunk.is_empty() {
            return Ok(!path.contains('/'));
        }
        if let Some(after) = match_chunk(chunk, path)?
            && (after.is_empty() || !pattern.is_empty())
        {
            path = after;
            continue;
        }
        let skipped = if is_star {
            skip_and_match(chunk, path, pattern.is_empty())?
        } else {
            None
        };
        let Some(after) = skipped else {
            // The rest is only looked at for whether it is well-formed.
            while !pattern.is_empty() {
                let (_, chunk, rest) = next_chunk(pattern);
                match_chunk(chunk, "")?;
                pattern = rest;
            }
            return Ok(false);
        };
        path = after;
    }
    Ok(path.is_empty())
}

/// Lets a star take ever more characters, up to a slash, until the chunk behind it matches.
fn skip_and_match<'p>(
    chunk: &str,
    path: &'p str,
    is_last: bool,
) -> Result<Option<&'p str>, Malformed> {
    for (at, character) in path.char_indices() {
        if character == '/' {
            break;
        }
        let after = match_chunk(chunk, &path[at + character.len_utf8()..])?;
        if let Some(after) = after.filter(|after| !is_last || after.is_empty()) {
            return Ok(Some(after));
        }
    }
    Ok(None)
}

/// Stars at the beginning, what follows up to the next star, and the rest.
fn next_chunk(pattern: &str) -> (bool, &str, &str) {
    let chunk = pattern.trim_start_matches('*');
    let is_star = chunk.len() < pattern.len();
    let mut is_class = false;
    let mut characters = chunk.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '[' => is_class = true,
            ']' => is_class = false,
            '*' if !is_class => return (is_star, &chunk[..at], &chunk[at..]),
            _ => {}
        }
    }
    (is_star, chunk, "")
}

/// What is left of a path behind a chunk without stars; `None` where the chunk does not match.
fn match_chunk<'p>(mut chunk: &str, mut path: &'p str) -> Result<Option<&'p str>, Malformed> {
    let mut failed = false;
    while let Some(first) = chunk.chars().next() {
        failed |= path.is_empty();
        let next = path.chars().next();
        match first {
            '[' => {
                let (is_in, rest) = class(&chunk[1..], next)?;
                failed |= !is_in;
                chunk = rest;
            }
            '?' => {
                failed |= next == Some('/');
                chunk = &chunk[1..];
            }
            _ => {
                if first == '\\' {
                    chunk = &chunk[1..];
                }
                let expected = chunk.chars().next().ok_or(Malformed)?;
                failed |= next != Some(expected);
                chunk = &chunk[expected.len_utf8()..];
            }
        }
        if !failed {
            path = &path[next.map_or(0, char::len_utf8)..];
        }
    }
    Ok((!failed).then_some(path))
}

/// Whether a character is in a class whose `[` was read, and what follows the class.
fn class(text: &str, character: Option<char>) -> Result<(bool, &str), Malformed> {
    let (is_negated, mut text) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut is_in = false;
    let mut ranges = 0;
    loop {
        if let Some(rest) = text.strip_prefix(']').filter(|_| ranges > 0) {
            return Ok((is_in != is_negated, rest));
        }
        let (low, rest) = class_character(text)?;
        let (high, rest) = match rest.strip_prefix('-') {
            Some(rest) => class_character(rest)?,
            None => (low, rest),
        };
        is_in |= character.is_some_and(|character| (low..=high).contains(&character));
        ranges += 1;
        text = rest;
    }
}

fn class_character(text: &str) -> Result<(char, &str), Malformed> {
    if text.starts_with('-') || text.starts_with(']') {
        return Err(Malformed);
    }
    let text = text.strip_prefix('\\').unwrap_or(text);
    let character = text.chars().next().ok_or(Malformed)?;
    let rest = &text[character.len_utf8()..];
    // A class that ends with the pattern is not closed.
    if rest.is_empty() {
        return Err(Malformed);
    }
    Ok((character, rest))
}
