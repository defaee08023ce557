//! Paths as controls write them: `securityContext.capabilities.add[0]`, `labels["a.b/c"]`.

use document::{Path, Step};

/// Reads a path; the error says what is wrong, in words.
pub fn parse_path(text: &str) -> Result<Path, &'static str> {
    let mut steps = Vec::new();
    let mut rest = text;
    if rest.is_empty() {
        return Err("a path cannot be empty");
    }
    while !rest.is_empty() {
        rest = match rest.strip_prefix('[') {
            Some(bracket) => parse_bracket(bracket, &mut steps)?,
            None => parse_key(rest, &mut steps)?,
        };
    }
    Ok(Path(steps))
}

fn parse_key<'t>(text: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, &'static str> {
    let text = match (steps.is_empty(), text.strip_prefix('.')) {
        (true, None) => text,
        (false, Some(rest)) => rest,
        (true, Some(_)) => return Err("a path cannot begin with a dot"),
        (false, None) => return Err("a dot is missing after `]`"),
    };
    let end = text.find(['.', '[']).unwrap_or(text.len());
    if end == 0 {
        return Err("a path has an empty step");
    }
    steps.push(Step::Key(text[..end].into()));
    Ok(&text[end..])
}

fn parse_bracket<'t>(text: &'t str, steps: &mut Vec<Step>) -> Result<&'t str, &'static str> {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find("\"]").ok_or("`\"]` is missing in a path")?;
        steps.push(Step::Key(quoted[..end].into()));
        return Ok(&quoted[end + 2..]);
    }
    let end = text.find(']').ok_or("`]` is missing in a path")?;
    let index = text[..end]
        .parse()
        .map_err(|_| "an index in a path must be a number, or a key in double quotes")?;
    steps.push(Step::Index(index));
    Ok(&text[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::parse_path;

    #[test]
    fn paths_are_read_as_documents_print_them() {
        for text in [
            "securityContext.privileged",
            "containers[0].image",
            r#"metadata.labels["a.b/c"]"#,
            r#"labels["a.b/c"].d"#,
        ] {
            assert_eq!(parse_path(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in ["", ".a", "a..b", "a[", "a[x]", "a[0]b", "a.", r#"a["x]"#] {
            assert!(parse_path(text).is_err(), "{text:?}");
        }
    }
}
