//! Headers as in mail, which Python's packages and Java's archives have.

/// The headers before the first empty line, lines that begin with a space joined to the one before.
pub(crate) fn headers(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(more) = line.strip_prefix([' ', '\t']) {
            if let Some((_, value)) = found.last_mut() {
                value.push('\n');
                value.push_str(more);
            }
        } else if let Some((key, value)) = line.split_once(':') {
            found.push((key.trim(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::headers;

    #[test]
    fn headers_go_on_in_lines_that_begin_with_a_space() {
        let found = headers("Name: a\nText: b\n c\n\nName: d\n");
        assert_eq!(
            found,
            [("Name", "a".to_owned()), ("Text", "b\nc".to_owned())]
        );
    }
}
