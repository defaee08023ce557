//! `images`: names, tags and digests of the images of all containers.

use regex::Regex;

use crate::error::Result;
use crate::field_spec::FieldSpec;
use crate::field_walk::{Create, visit};
use crate::origin::{At, Origins};
use crate::resources::Resources;
use crate::transform::not_a_scalar;
use crate::tree::{Node, Value};

/// One entry of `images`.
pub(crate) struct Image {
    pattern: Option<Regex>,
    new_name: String,
    new_tag: String,
    tag_suffix: String,
    digest: String,
    at: At,
}

impl Image {
    pub(crate) fn parse(entry: &Node) -> Self {
        let text = |key: &str| entry.text_at(&[key]).unwrap_or_default().to_owned();
        // The name is a regular expression for Kustomize, and one that is none fits nothing.
        let pattern = format!(
            "^{}(:[a-zA-Z0-9_.{{}}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{{}}-]*)?$",
            text("name")
        );
        let pattern = regex::RegexBuilder::new(&pattern);
        let places = ["newTag", "digest", "newName", "tagSuffix"];
        let place = places.into_iter().find_map(|key| entry.get(key));
        Image {
            pattern: { pattern }.size_limit(1 << 20).build().ok(),
            new_name: text("newName"),
            new_tag: text("newTag"),
            tag_suffix: text("tagSuffix"),
            digest: text("digest"),
            at: place.map_or(entry.at, |place| place.at),
        }
    }

    /// Sets the image where it is the one meant.
    pub(crate) fn apply(
        &self,
        resources: &mut Resources,
        specs: &[FieldSpec],
        origins: &mut Origins,
    ) -> Result<()> {
        let Some(pattern) = &self.pattern else {
            return Ok(());
        };
        for resource in &mut resources.list {
            if resource.kind() == "CustomResourceDefinition" {
                continue;
            }
            let mut set = |node: &mut Node| {
                let text = node.scalar_text().ok_or_else(not_a_scalar)?;
                if !node.is_null() && pattern.is_match(text) {
                    let new = self.changed(text);
                    if new == text {
                        return Ok(());
                    }
                    let at = origins.derived(self.at, document::Role::Base, node.at);
                    *node = Node::text(&new, at);
                }
                Ok(())
            };
            in_containers(&mut resource.node, &mut set)?;
            for spec in specs {
                visit(resource, spec, Create::Nothing, self.at, &mut set)?;
            }
        }
        Ok(())
    }

    fn changed(&self, text: &str) -> String {
        let (name, mut tag, mut digest) = split_image(text);
        if !self.new_tag.is_empty() {
            (tag, digest) = (self.new_tag.clone(), self.digest.clone());
        } else if !self.digest.is_empty() {
            (tag, digest) = (String::new(), self.digest.clone());
        } else if !self.tag_suffix.is_empty() {
            tag.push_str(&self.tag_suffix);
            digest.clear();
        }
        let mut new = if self.new_name.is_empty() {
            name
        } else {
            self.new_name.clone()
        };
        if !tag.is_empty() {
            new = format!("{new}:{tag}");
        }
        if !digest.is_empty() {
            new = format!("{new}@{digest}");
        }
        new
    }
}

/// Calls `set` with the image of every item of every list of containers, wherever it stands.
fn in_containers(node: &mut Node, set: &mut dyn FnMut(&mut Node) -> Result<()>) -> Result<()> {
    match &mut node.value {
        Value::List(items) => items
            .iter_mut()
            .try_for_each(|item| in_containers(item, set)),
        Value::Map(entries) => entries.iter_mut().try_for_each(|entry| {
            in_containers(&mut entry.value, set)?;
            let is_list = matches!(&*entry.key, "containers" | "initContainers");
            let Value::List(items) = &mut entry.value.value else {
                return Ok(());
            };
            let mut images = items.iter_mut().filter_map(|item| item.get_mut("image"));
            if is_list {
                images.try_for_each(&mut *set)
            } else {
                Ok(())
            }
        }),
        _ => Ok(()),
    }
}

/// Name, tag and digest of an image.
fn split_image(text: &str) -> (String, String, String) {
    let start = text.find('/').unwrap_or(0);
    let (head, digest) = match text[start..].find('@') {
        Some(at) => (&text[..start + at], &text[start + at + 1..]),
        None => (text, ""),
    };
    let (name, tag) = match head[start..].find(':') {
        Some(at) => (&head[..start + at], &head[start + at + 1..]),
        None => (head, ""),
    };
    (name.to_owned(), tag.to_owned(), digest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::split_image;

    #[test]
    fn images_are_split() {
        let check = |text: &str, name: &str, tag: &str, digest: &str| {
            let expected = (name.to_owned(), tag.to_owned(), digest.to_owned());
            assert_eq!(split_image(text), expected, "{text}");
        };
        check("nginx", "nginx", "", "");
        check("nginx:1", "nginx", "1", "");
        check(
            "r:5000/a/nginx:1@sha256:aa",
            "r:5000/a/nginx",
            "1",
            "sha256:aa",
        );
        check("r:5000/nginx", "r:5000/nginx", "", "");
        check("nginx@sha256:aa", "nginx", "", "sha256:aa");
    }
}
