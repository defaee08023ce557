//! `buildMetadata`: where an object came from and what transformed it, as annotations.

use crate::origin::At;
use crate::provenance::Origin;
use crate::resource::Resource;
use crate::resources::Resources;

/// What the configuration of a generator or transformer makes.
pub(crate) fn origin_of_plugin(config: &Resource) -> Option<Origin> {
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
