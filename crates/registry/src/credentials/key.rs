//! What a login is for: `registry.example.com`, `quay.io/team`, `*.example.com:5000`, `https://index.docker.io/v1/`.

/// A registry, and maybe a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    host: String,
    port: String,
    path: Vec<String>,
}

impl Key {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = split_port(host);
        let path: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        // What docker writes is an address of the API.
        let is_api = matches!(path.as_slice(), [only] if only == "v1" || only == "v2");
        Self {
            host: canonical(host).to_owned(),
            port: port.to_owned(),
            path: if is_api { Vec::new() } else { path },
        }
    }

    /// How well it fits a repository: longer paths first, then whole names before patterns; none if it does not.
    pub(super) fn rank(&self, registry: &str, repository: &str) -> Option<(usize, bool)> {
        let (host, port) = split_port(registry);
        let host = canonical(host);
        let is_exact = self.host == host;
        if self.port != port || !(is_exact || is_like(&self.host, host)) {
            return None;
        }
        let mut parts = repository.split('/');
        let fits = self.path.iter().all(|part| parts.next() == Some(part));
        fits.then_some((self.path.len(), is_exact))
    }
}

/// The names of Docker's registry are one.
fn canonical(host: &str) -> &str {
    match host {
        "index.docker.io" | "registry-1.docker.io" => "docker.io",
        host => host,
    }
}

fn split_port(host: &str) -> (&str, &str) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, ""),
    }
}

/// Whether a host has the form of a pattern: as many parts, and a `*` stands for anything in its part.
fn is_like(pattern: &str, host: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('.'), host.split('.'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if is_part_like(pattern, part) => {}
            _ => return false,
        }
    }
}

fn is_part_like(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((start, end)) => {
            let Some(rest) = part.strip_prefix(start) else {
                return false;
            };
            // A second star stands for what is left.
            let end = end.trim_start_matches('*');
            if let Some((_, last)) = end.rsplit_once('*') {
                return rest.ends_with(last);
            }
            rest.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_is_for_a_registry_or_a_part_of_it() {
        for (key, image, expected) in [
            (
                "registry.example.com",
                "registry.example.com/a",
                Some((0, true)),
            ),
            (
                "https://registry.example.com/v2/",
                "registry.example.com/a",
                Some((0, true)),
            ),
            (
                "https://index.docker.io/v1/",
                "docker.io/library/nginx",
                Some((0, true)),
            ),
            ("docker.io", "docker.io/library/nginx", Some((0, true))),
            ("quay.io/team", "quay.io/team/shop", Some((1, true))),
            ("quay.io/team", "quay.io/teams/shop", None),
            ("quay.io/team/shop", "quay.io/team/shop", Some((2, true))),
            ("*.example.com", "a.example.com/x", Some((0, false))),
            ("*.example.com", "a.b.example.com/x", None),
            ("*.example.com", "example.com/x", None),
            (
                "r*-eu.example.com",
                "registry-eu.example.com/x",
                Some((0, false)),
            ),
            ("localhost:5000", "localhost:5000/x", Some((0, true))),
            ("localhost", "localhost:5000/x", None),
            ("[::1]:5000", "[::1]:5000/x", Some((0, true))),
            ("", "docker.io/x", None),
        ] {
            let (registry, repository) = image.split_once('/').unwrap();
            assert_eq!(
                Key::parse(key).rank(registry, repository),
                expected,
                "{key} {image}"
            );
        }
    }
}
