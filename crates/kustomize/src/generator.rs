//! `configMapGenerator` and `secretGenerator`: their data from files, env files and literals.
//!
//! See <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/>.

use std::collections::BTreeMap;

use crate::error::{ErrorKind, Result, field};
use crate::folder::Loader;
use crate::origin::{At, Origins};
use crate::read::Reader;
use crate::resource::{Behavior, Resource};
use crate::tree::{Node, Value};

/// What a generator makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Made {
    ConfigMap,
    Secret,
}

impl Made {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Made::ConfigMap => "ConfigMap",
            Made::Secret => "Secret",
        }
    }
}

/// Data with the place that each value comes from.
type Data = BTreeMap<String, (Vec<u8>, At)>;

/// Where a generator's data comes from.
pub(crate) struct Files<'f, 'l> {
    pub(crate) reader: &'f mut Reader,
    pub(crate) loader: &'f Loader<'l>,
    pub(crate) origins: &'f mut Origins,
}

impl Files<'_, '_> {
    /// The name and the bytes of a file.
    fn read(&mut self, path: &str) -> Result<(String, Vec<u8>)> {
        let (path, bytes) = self.reader.bytes(self.loader, path)?;
        Ok((self.loader.name(&path), bytes))
    }
}

/// Makes the object of one entry; `global` are the `generatorOptions`.
pub(crate) fn generate(
    made: Made,
    entry: &Node,
    global: Option<&Node>,
    files: &mut Files<'_, '_>,
) -> Result<Resource> {
    let at = entry.at;
    let text = |key: &str| entry.text_at(&[key]).unwrap_or_default();
    let name = text("name");
    if name.is_empty() {
        return Err(field(format!("a {} generator has no name", made.kind())));
    }
    let mut metadata = Node::map(at);
    let name_at = entry.get("name").map_or(at, |name| name.at);
    metadata.set("name", Node::text(name, name_at));
    if let Some(namespace) = entry.get("namespace").filter(|it| !it.is_null()) {
        metadata.set("namespace", namespace.clone());
    }
    let options = Options::new(entry.get("options"), global);
    for key in ["labels", "annotations"] {
        let map = options.map(key, at);
        if !map.entries().is_empty() {
            metadata.set(key, map);
        }
    }
    let mut node = Node::map(at);
    node.set("apiVersion", Node::text("v1", at));
    node.set("kind", Node::text(made.kind(), at));
    node.set("metadata", metadata);
    let data = load(entry, name, files)?;
    put_data(made, &mut node, &data, entry);
    if options.is_set("immutable") {
        node.set("immutable", Node::new(Value::Bool(true), at));
    }
    let mut resource = Resource::new(node);
    resource.needs_hash = !options.is_set("disableNameSuffixHash");
    resource.behavior = match text("behavior") {
        "merge" => Behavior::Merge,
        "replace" => Behavior::Replace,
        _ => Behavior::Create,
    };
    Ok(resource)
}

/// Options of one generator over those of the kustomization.
struct Options<'n> {
    own: Option<&'n Node>,
    global: Option<&'n Node>,
}

impl<'n> Options<'n> {
    fn new(own: Option<&'n Node>, global: Option<&'n Node>) -> Self {
        Options { own, global }
    }

    fn is_set(&self, key: &str) -> bool {
        let all = [self.own, self.global].into_iter().flatten();
        all.filter_map(|options| options.get(key)?.as_bool())
            .any(|value| value)
    }

    fn map(&self, key: &str, at: At) -> Node {
        let mut map = Node::map(at);
        for options in [self.own, self.global].into_iter().flatten() {
            let entries = options.get(key).map(Node::entries).unwrap_or_default();
            for entry in entries {
                if map.get(&entry.key).is_none() {
                    let text = entry.value.scalar_text().unwrap_or_default();
                    map.set(&entry.key, Node::text(text, entry.value.at));
                }
            }
        }
        map
    }
}

fn put_data(made: Made, node: &mut Node, data: &Data, entry: &Node) {
    let at = entry.at;
    if made == Made::Secret {
        let kind = entry.text_at(&["type"]).unwrap_or_default();
        let kind = if kind.is_empty() { "Opaque" } else { kind };
        node.set("type", Node::text(kind, at));
        node.set("data", Node::map(at));
    }
    for (key, (bytes, at)) in data {
        let (field, text) = match (made, std::str::from_utf8(bytes)) {
            (Made::ConfigMap, Ok(text)) => ("data", text.to_owned()),
            (Made::ConfigMap, Err(_)) => ("binaryData", encode_base64(bytes)),
            (Made::Secret, _) => ("data", encode_base64(bytes)),
        };
        if let Some(map) = node.map_mut(field, *at) {
            map.set(key, Node::text(&text, *at));
        }
    }
}

fn load(entry: &Node, name: &str, files: &mut Files<'_, '_>) -> Result<Data> {
    let mut all = Vec::new();
    let list = |key: &str| entry.get(key).map(Node::items).unwrap_or_default();
    let env = entry.get("env").into_iter().filter(|env| !env.is_null());
    for path in list("envs").iter().chain(env) {
        let (_, bytes) = files.read(path.scalar_text().unwrap_or_default())?;
        read_env(&bytes, path.at, &mut all)?;
    }
    for literal in list("literals") {
        let text = literal.scalar_text().unwrap_or_default();
        let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
        let Some((key, value)) = pair else {
            return Err(field(format!(
                "'{text}' is no literal: KEY=VALUE is expected"
            )));
        };
        all.push((
            key.to_owned(),
            unquoted(value).as_bytes().to_vec(),
            literal.at,
        ));
    }
    for file in list("files") {
        let text = file.scalar_text().unwrap_or_default();
        let (key, path) = file_source(text)?;
        let (name, bytes) = files.read(path)?;
        let at = file_origin(&name, &bytes, file.at, files.origins);
        all.push((key.to_owned(), bytes, at));
    }
    let mut data = Data::new();
    for (key, value, at) in all {
        if data.insert(key.clone(), (value, at)).is_some() {
            return Err(field(format!("'{name}' sets '{key}' twice")));
        }
    }
    Ok(data)
}

/// The origin of a value that is a whole file: the file, when it is text.
fn file_origin(name: &str, bytes: &[u8], at: At, origins: &mut Origins) -> At {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return at;
    };
    let source = origins.source(&document::Source::new(name, text));
    let span = 0..text.len() as u32;
    origins.add(source, &span, Some((document::Role::Value, at)))
}

fn file_source(text: &str) -> Result<(&str, &str)> {
    let bad = || {
        field(format!(
            "'{text}' is no file of a generator: [KEY=]PATH is expected"
        ))
    };
    match text.matches('=').count() {
        0 => Ok((text.rsplit('/').next().unwrap_or(text), text)),
        1 => {
            let (key, path) = text.split_once('=').ok_or_else(bad)?;
            let is_whole = !key.is_empty() && !path.is_empty();
            if is_whole {
                Ok((key, path))
            } else {
                Err(bad())
            }
        }
        _ => Err(bad()),
    }
}

fn read_env(bytes: &[u8], at: At, all: &mut Vec<(String, Vec<u8>, At)>) -> Result<()> {
    let utf8 = || ErrorKind::Field("an env file is no UTF-8".to_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| utf8())?;
    for line in text.trim_start_matches('\u{FEFF}').lines() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        // Kustomize takes any name; it is Kubernetes that refuses some.
        if key.is_empty() {
            continue;
        }
        all.push((key.to_owned(), value.as_bytes().to_vec(), at));
    }
    Ok(())
}

fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Base64 with padding, in lines of 70 characters when it is longer than that, as Kustomize writes it.
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const LINE: usize = 70;
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 8);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            if index <= chunk.len() {
                let letter = bits >> (18 - 6 * index) & 63;
                out.push(char::from(LETTERS[letter as usize]));
            } else {
                out.push('=');
            }
        }
    }
    if out.len() < LINE {
        return out;
    }
    let mut lines = String::with_capacity(out.len() + out.len() / LINE + 1);
    for start in (0..out.len()).step_by(LINE) {
        lines.push_str(&out[start..(start + LINE).min(out.len())]);
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_padding_and_lines() {
        for (bytes, expected) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")] {
            assert_eq!(encode_base64(bytes.as_bytes()), expected);
        }
        let long = encode_base64(&[0; 60]);
        assert_eq!(long, format!("{}\n{}\n", "A".repeat(70), "A".repeat(10)));
    }

    #[test]
    fn quotes_are_taken_off_in_pairs() {
        for (text, expected) in [
            ("'a'", "a"),
            ("\"a\"", "a"),
            ("'a\"", "'a\""),
            ("'", "'"),
            ("a", "a"),
        ] {
            assert_eq!(unquoted(text), expected);
        }
    }
}
