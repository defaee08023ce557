//! `buildMetadata`: where an object came from and what transformed it, as annotations.

use crate::origin::At;
use crate::resource::Resource;
use crate::resources::Resources;

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

    /// What the configuration of a generator or transformer makes.
    pub(crate) fn of_plugin(config: &Resource) -> Option<Origin> {
        let origin = config.origin.as_ref()?;
        let text = |path: &[&str]| config.node.text_at(path).unwrap_or_default().to_owned();
        Some(Origin {
            path: String::new(),
            configured_in: origin.path.clone(),
            configured_by: [
                text(&["apiVersion"]),
                text(&["kind"]),
                text(&["metadata", "name"]),
                text(&["metadata", "namespace"]),
            ],
        })
    }

    fn lines(&self) -> Vec<String> {
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

/// Notes a transformation on every object.
pub(crate) fn transformed(resources: &mut Resources, by: &Origin) {
    for resource in &mut resources.list {
        if resource.origin.is_none() {
            resource.origin = Some(by.clone());
        } else {
            resource.transformations.push(by.clone());
        }
    }
}

/// Writes the annotations that are asked for.
pub(crate) fn annotate(resources: &mut Resources, origins: bool, transformations: bool, at: At) {
    for resource in &mut resources.list {
        let origin = resource.origin.take().filter(|_| origins);
        if let Some(origin) = origin {
            let text = origin.lines().join("\n") + "\n";
            resource.set_annotation("config.kubernetes.io/origin", &text, at);
        }
        let done = std::mem::take(&mut resource.transformations);
        if transformations && !done.is_empty() {
            let item = |origin: &Origin| {
                let lines = origin.lines();
                let lines = lines.iter().enumerate();
                lines
                    .map(|(index, line)| {
                        format!("{}{line}\n", if index == 0 { "- " } else { "  " })
                    })
                    .collect::<String>()
            };
            let text: String = done.iter().map(item).collect();
            resource.set_annotation("alpha.config.kubernetes.io/transformations", &text, at);
        }
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
