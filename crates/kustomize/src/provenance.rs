//! Where an object came from and what made it, in the terms of `buildMetadata`.

/// Where something came from, as Kustomize writes it into annotations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Origin {
    pub(crate) path: String,
    pub(crate) configured_in: String,
    /// API version, kind, name and namespace of what made it.
    pub(crate) configured_by: [String; 4],
}

impl Origin {
    /// A file or folder below this one.
    pub(crate) fn join(&self, path: &str) -> Origin {
        Origin {
            path: clean(&format!("{}/{path}", self.path)),
            ..Origin::default()
        }
    }

    /// A builtin that a field of the kustomization configures.
    pub(crate) fn builtin(&self, file: &str, kind: &str) -> Origin {
        let none = String::new;
        Origin {
            path: none(),
            configured_in: clean(&format!("{}/{file}", self.path)),
            configured_by: ["builtin".to_owned(), kind.to_owned(), none(), none()],
        }
    }

    /// The lines of the annotation.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut put = |indent: &str, key: &str, value: &str| {
            if !value.is_empty() {
                lines.push(format!("{indent}{key}: {value}"));
            }
        };
        put("", "path", &self.path);
        put("", "configuredIn", &self.configured_in);
        if self.configured_by.iter().any(|part| !part.is_empty()) {
            put("", "configuredBy", " ");
            let keys = ["apiVersion", "kind", "name", "namespace"];
            for (key, value) in keys.into_iter().zip(&self.configured_by) {
                put("  ", key, value);
            }
        }
        lines
            .iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

/// A relative path without `.` and with `..` only at its beginning.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
