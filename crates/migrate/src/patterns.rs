//! Patterns of others as globs of ours, which match the same or are refused.

/// What the files of a folder may be called so that no pattern of ours reads it as more than itself.
fn is_special(character: char) -> bool {
    matches!(character, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | '!')
}

/// A glob that matches one text; `None` where it cannot be written.
pub(crate) fn literal(text: &str) -> Option<String> {
    let mut glob = String::new();
    for character in text.chars() {
        match character {
            '*' | '?' | '[' | '{' | '}' => glob.extend(['[', character, ']']),
            '\\' => return None,
            _ if character.is_control() => return None,
            _ => glob.push(character),
        }
    }
    // At the end it would mean all below.
    (!glob.is_empty() && !glob.ends_with('/')).then_some(glob)
}

/// A glob over whole paths as Go's `doublestar` reads it.
pub(crate) fn path_glob(pattern: &str) -> Result<String, &'static str> {
    if pattern.contains('\\') {
        return Err("a backslash means another thing on each system");
    }
    if pattern.starts_with('/') || pattern.starts_with("./") || pattern.starts_with("../") {
        return Err("paths there begin without `/` and `./`, so that it matches nothing");
    }
    if pattern.is_empty() || pattern.ends_with('/') {
        return Err("files there have no `/` at the end, so that it matches nothing");
    }
    if !is_balanced(pattern) {
        return Err("its brackets are not closed");
    }
    if pattern
        .split('/')
        .any(|part| part != "**" && part.contains("**"))
    {
        return Err("`**` means folders only where it stands alone between `/`");
    }
    if has_star_in_braces(pattern) {
        return Err("a star in braces is read differently");
    }
    Ok(without_slashes_in_classes(pattern))
}

fn has_star_in_braces(pattern: &str) -> bool {
    let mut depth = 0_u32;
    pattern.chars().any(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '*' && depth > 0
    })
}

/// `[!a]` matches no `/` there, and would here.
fn without_slashes_in_classes(pattern: &str) -> String {
    pattern.replace("[!", "[!/").replace("[^", "[!/")
}

fn is_balanced(pattern: &str) -> bool {
    let (mut class, mut braces) = (false, 0_i32);
    for character in pattern.chars() {
        match character {
            '[' if !class => class = true,
            ']' if class => class = false,
            '{' if !class => braces += 1,
            '}' if !class => braces -= 1,
            _ => {}
        }
        if braces < 0 {
            return false;
        }
    }
    !class && braces == 0
}

/// A line in the style of `.gitignore` for a path or glob that begins at the folder of the configuration.
pub(crate) fn anchored(path: &str) -> Result<String, &'static str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = path.trim_end_matches('/');
    if path.is_empty() || path == "." {
        return Err("it leaves out everything");
    }
    if path.starts_with(['/', '~']) || path.split('/').any(|part| part == "..") {
        return Err("it lies outside of the folder");
    }
    let glob = path_glob(path)?;
    if glob.contains('!') {
        return Err("`!` means another thing in each tool");
    }
    Ok(format!("/{glob}"))
}

/// A line in the style of `.gitignore` for what Checkov finds somewhere in a path: an expression, or, where
/// it begins with one dot, a plain text. Paths there begin with `./` in the folder that it was run in.
pub(crate) fn searched(regex: &str) -> Result<String, &'static str> {
    let is_text = regex.starts_with('.') && !regex.starts_with("..");
    if is_text {
        return match regex.strip_prefix("./") {
            Some(rest) => ignored(rest, true, false),
            None => ignored(regex, false, false),
        };
    }
    let (begins, rest) = match regex.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, regex),
    };
    let (ends, rest) = match rest.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => (true, rest),
        _ => (false, rest),
    };
    let (ends, rest) = match rest.strip_suffix(".*") {
        Some(rest) if !rest.ends_with('\\') => (false, rest),
        _ => (ends, rest),
    };
    let text = unescaped(rest).ok_or(NO_LINE)?;
    if !begins {
        return ignored(&text, false, ends);
    }
    match text.strip_prefix("./") {
        Some(text) => ignored(text, true, ends),
        None => Err(
            "`^` is the beginning of the path as it was told to Checkov, which is not known here",
        ),
    }
}

const NO_LINE: &str = "no line of `.gitignore` matches the same";

/// The line for a text in a path.
fn ignored(text: &str, begins: bool, ends: bool) -> Result<String, &'static str> {
    let (begins_name, text) = match text.strip_prefix('/') {
        Some(rest) if !begins => (true, rest),
        _ => (false, text),
    };
    let (is_folder, text) = match text.strip_suffix('/') {
        Some(rest) if !ends => (true, rest),
        _ => (false, text),
    };
    if text.is_empty() {
        return Err("it leaves out everything");
    }
    let is_odd = text.starts_with('/') || text.ends_with(['/', ' ']) || text.contains("..");
    if is_odd || text.contains(is_special) {
        return Err(NO_LINE);
    }
    let head = match (begins, begins_name) {
        (true, _) => "/",
        (false, true) => "**/",
        (false, false) => "**/*",
    };
    let tail = match (ends, is_folder) {
        (true, _) => "",
        (false, true) => "/",
        (false, false) => "*",
    };
    Ok(format!("{head}{text}{tail}"))
}

/// The text that a regular expression without operators matches.
fn unescaped(regex: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = regex.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                escaped if escaped.is_ascii_punctuation() => out.push(escaped),
                _ => return None,
            },
            // In names of files, the dot is meant as one; as an operator it would match more.
            '.' => out.push('.'),
            '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            _ => out.push(character),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{anchored, literal, path_glob, searched};

    #[test]
    fn texts_are_written_so_that_they_match_themselves() {
        assert_eq!(literal("a.b-c").as_deref(), Some("a.b-c"));
        assert_eq!(literal("a*[x]{y}").as_deref(), Some("a[*][[]x][{]y[}]"));
        assert_eq!(literal("a\\b"), None);
        assert_eq!(literal("a/"), None);
    }

    #[test]
    fn globs_over_paths_mean_the_same() {
        assert_eq!(path_glob("docs/**/*.yaml").as_deref(), Ok("docs/**/*.yaml"));
        assert_eq!(path_glob("a/[!b]/[^c]").as_deref(), Ok("a/[!/b]/[!/c]"));
        for never in [
            "./a", "/a", "a/", "a\\*b", "a[b", "a}b", "", "a**b", "{*,b}",
        ] {
            assert!(path_glob(never).is_err(), "{never}");
        }
    }

    #[test]
    fn paths_are_anchored() {
        assert_eq!(anchored("foo").as_deref(), Ok("/foo"));
        assert_eq!(anchored("./foo/bar/").as_deref(), Ok("/foo/bar"));
        assert_eq!(anchored("**/x").as_deref(), Ok("/**/x"));
        for outside in ["/tmp/*.yaml", "~/foo", "../baz", ".", "a/../b"] {
            assert!(anchored(outside).is_err(), "{outside}");
        }
    }

    #[test]
    fn searches_leave_out_what_contains_the_text() {
        assert_eq!(searched("dir1").as_deref(), Ok("**/*dir1*"));
        assert_eq!(searched(r"\.json$").as_deref(), Ok("**/*.json"));
        assert_eq!(searched("test/.*").as_deref(), Ok("**/*test/"));
        assert_eq!(searched("/legacy/").as_deref(), Ok("**/legacy/"));
        assert_eq!(searched("a/b").as_deref(), Ok("**/*a/b*"));
        assert_eq!(searched(r"^\./deploy").as_deref(), Ok("/deploy*"));
        // What begins with a dot is no expression.
        assert_eq!(searched("./deploy/").as_deref(), Ok("/deploy/"));
        assert_eq!(searched(".github").as_deref(), Ok("**/*.github*"));
        for other in [
            "a|b",
            "a[0-9]",
            "",
            "a+",
            "^/a",
            "^a",
            "a/$",
            ".*",
            r".*\.json",
            "../x",
            "a*",
        ] {
            assert!(searched(other).is_err(), "{other}");
        }
    }
}
