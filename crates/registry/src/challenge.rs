//! `WWW-Authenticate`: how a registry wants to be told who asks.

/// One way to log in, of those that a registry offers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// User and password with every request.
    Basic,
    /// A token that is given somewhere else.
    Bearer {
        realm: String,
        service: Option<String>,
        scope: Option<String>,
    },
}

/// The challenges of all headers. Ways that nobody here knows are left out.
pub(crate) fn read<'a>(headers: impl Iterator<Item = &'a str>) -> Vec<Challenge> {
    headers
        .flat_map(|text| Reader { rest: text }.all())
        .collect()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn all(mut self) -> Vec<Challenge> {
        let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', ',']);
            let word = self.word();
            if word.is_empty() {
                break;
            }
            let after = self.rest.trim_start();
            match (after.strip_prefix('='), found.last_mut()) {
                // `name=value` belongs to the scheme before it.
                (Some(after), Some((_, parameters))) => {
                    self.rest = after.trim_start();
                    let value = self.value();
                    parameters.push((word.to_ascii_lowercase(), value));
                }
                (Some(_), None) => break,
                (None, _) => found.push((word.to_ascii_lowercase(), Vec::new())),
            }
        }
        found.into_iter().filter_map(challenge).collect()
    }

    fn word(&mut self) -> &'a str {
        let end = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | '"');
        let (word, rest) = self
            .rest
            .split_at(self.rest.find(end).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn value(&mut self) -> String {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            return self.word().to_owned();
        };
        let mut value = String::new();
        let mut chars = quoted.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &quoted[at + 1..];
                    return value;
                }
                '\\' => value.extend(chars.next().map(|(_, c)| c)),
                c => value.push(c),
            }
        }
        self.rest = "";
        value
    }
}

fn challenge((scheme, parameters): (String, Vec<(String, String)>)) -> Option<Challenge> {
    let parameter = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    match scheme.as_str() {
        "basic" => Some(Challenge::Basic),
        "bearer" => Some(Challenge::Bearer {
            realm: parameter("realm")?,
            service: parameter("service"),
            scope: parameter("scope"),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Challenge, read};

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.map(str::to_owned),
            scope: scope.map(str::to_owned),
        }
    }

    #[test]
    fn challenges_are_read_as_registries_write_them() {
        for (text, expected) in [
            (r#"Basic realm="Registry Realm""#, vec![Challenge::Basic]),
            (
                r#"Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push""#,
                vec![bearer(
                    "https://auth.example/token",
                    Some("registry.example"),
                    Some("repository:a/b:pull,push"),
                )],
            ),
            (
                r#"Negotiate, bearer realm=https://a , service = "x\"y", Basic realm="z""#,
                vec![bearer("https://a", Some("x\"y"), None), Challenge::Basic],
            ),
            (r#"Bearer service="x""#, vec![]),
            (r#"realm="x""#, vec![]),
            (
                r#"Bearer realm="https://a"#,
                vec![bearer("https://a", None, None)],
            ),
            ("", vec![]),
        ] {
            assert_eq!(read([text].into_iter()), expected, "{text}");
        }
    }
}
