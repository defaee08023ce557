//! `replacements`: the value of a field of one object goes into fields of others.
//!
//! See <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/>.

use document::Role;

use crate::error::{ErrorKind, Result, transform};
use crate::field_path::{each, lookup, split_field_path};
use crate::field_spec::parse_gvk;
use crate::origin::{At, Origins};
use crate::resource::{Gvk, Resource};
use crate::resources::Resources;
use crate::selector::Selector;
use crate::tree::{Node, Value};

/// Reads a text that stands in a field, as YAML.
pub(crate) type ReadText<'r> = &'r mut dyn FnMut(&str, At, &mut Origins) -> Option<Node>;

/// Applies one replacement.
pub(crate) fn apply(
    resources: &mut Resources,
    replacement: &Node,
    origins: &mut Origins,
    read: ReadText<'_>,
) -> Result<()> {
    let targets = replacement
        .get("targets")
        .map(Node::items)
        .unwrap_or_default();
    let source = replacement.get("source").filter(|it| !it.is_null());
    let fixed = replacement.get("sourceValue").filter(|it| !it.is_null());
    let value = match (source, fixed) {
        (Some(source), None) => source_value(resources, source)?,
        (None, Some(fixed)) => Node::plain(fixed.scalar_text().unwrap_or_default(), fixed.at),
        (Some(_), Some(_)) => {
            return Err(transform("a replacement has both source and sourceValue"));
        }
        (None, None) => return Err(transform("a replacement has no source")),
    };
    if targets.is_empty() {
        return Err(transform("a replacement has no target"));
    }
    for target in targets {
        apply_to(resources, target, &value, origins, read)?;
    }
    Ok(())
}

/// `delimiter`, `index` and `create`.
struct Options {
    delimiter: String,
    index: i64,
    create: bool,
}

impl Options {
    fn parse(node: &Node) -> Self {
        let options = node.get("options");
        let get = |key: &str| options.and_then(|it| it.get(key));
        let text = get("delimiter").and_then(Node::scalar_text);
        Options {
            delimiter: text.unwrap_or_default().to_owned(),
            index: match get("index").map(|it| &it.value) {
                Some(Value::Int(index, _)) => *index,
                _ => 0,
            },
            create: get("create").and_then(Node::as_bool) == Some(true),
        }
    }
}

fn source_value(resources: &mut Resources, source: &Node) -> Result<Node> {
    let gvk = parse_gvk(source);
    let text = |key: &str| source.text_at(&[key]).unwrap_or_default();
    let (name, namespace) = (text("name"), text("namespace"));
    let wanted = if namespace.is_empty() {
        "default"
    } else {
        namespace
    };
    let matches = resources.positions(|id| {
        (name.is_empty() || id.name == name)
            && (namespace.is_empty() || id.effective_namespace() == wanted)
            && id.gvk.is_selected(&gvk)
    });
    let described = || describe(&gvk, name);
    let [at] = matches[..] else {
        return Err(if matches.is_empty() {
            ErrorKind::NoMatch(format!("the source of a replacement, {}", described())).into()
        } else {
            let what = described();
            transform(format!(
                "the source of a replacement, {what}, is several objects"
            ))
        });
    };
    let path = match text("fieldPath") {
        "" => "metadata.name",
        path => path,
    };
    let found = lookup(&mut resources.list[at].node, &split_field_path(path));
    let Some(found) = found.filter(|found| !found.is_null_or_empty()) else {
        let what = described();
        return Err(transform(format!(
            "field '{path}' is missing in the source of a replacement, {what}"
        )));
    };
    let options = Options::parse(source);
    if options.delimiter.is_empty() {
        return Ok(found.clone());
    }
    let text = found
        .scalar_text()
        .ok_or_else(|| transform("delimiter needs a scalar"))?;
    let parts: Vec<&str> = text.split(options.delimiter.as_str()).collect();
    let part = usize::try_from(options.index)
        .ok()
        .and_then(|index| parts.get(index));
    let part = part.ok_or_else(|| {
        let index = options.index;
        transform(format!("index {index} is out of bounds for '{text}'"))
    })?;
    Ok(Node::text(part, found.at))
}

fn describe(gvk: &Gvk, name: &str) -> String {
    format!(
        "{} '{name}'",
        if gvk.kind.is_empty() {
            "object"
        } else {
            &gvk.kind
        }
    )
}

fn apply_to(
    resources: &mut Resources,
    target: &Node,
    value: &Node,
    origins: &mut Origins,
    read: ReadText<'_>,
) -> Result<()> {
    let select = target.get("select").filter(|it| !it.is_null());
    let select = select.ok_or_else(|| transform("a target of a replacement selects nothing"))?;
    let select = Selector::parse(select)?;
    let reject = target.get("reject").map(Node::items).unwrap_or_default();
    let reject: Vec<Selector> = reject.iter().map(Selector::parse).collect::<Result<_>>()?;
    let options = Options::parse(target);
    let paths = target
        .get("fieldPaths")
        .map(Node::items)
        .unwrap_or_default();
    let mut paths: Vec<&str> = paths.iter().filter_map(Node::scalar_text).collect();
    if paths.is_empty() {
        paths.push("metadata.name");
    }
    for resource in &mut resources.list {
        if !is_target(resource, &select, &reject) {
            continue;
        }
        for path in &paths {
            put(&mut resource.node, value, path, &options, origins, read)?;
        }
    }
    Ok(())
}

fn is_target(resource: &Resource, select: &Selector, reject: &[Selector]) -> bool {
    if !select.fits_metadata(resource) {
        return false;
    }
    if reject
        .iter()
        .any(|it| it.asks_metadata() && it.fits_metadata(resource))
    {
        return false;
    }
    let ids = resource.all_ids();
    let fits = |selector: &Selector| {
        ids.iter().any(|id| {
            selector.fits_gvk(&id.gvk)
                && selector.fits_name(&id.name)
                && selector.fits_namespace(&id.namespace)
        })
    };
    !reject.iter().any(|it| !it.names_nothing() && fits(it)) && fits(select)
}

fn put(
    object: &mut Node,
    value: &Node,
    path: &str,
    options: &Options,
    origins: &mut Origins,
    read: ReadText<'_>,
) -> Result<()> {
    let parts = split_field_path(path);
    if put_into_text(object, value, &parts, options, origins, read) {
        return Ok(());
    }
    let mut count = 0;
    let create = options.create.then_some(value);
    each(object, &parts, create, &mut |node| {
        count += 1;
        set(node, value, options, origins)
    })?;
    if count == 0 {
        return Err(transform(format!(
            "no field '{path}' in the target of a replacement"
        )));
    }
    Ok(())
}

/// Sets a field of YAML or JSON that stands in a text; `false` when the path leads into no text.
fn put_into_text(
    object: &mut Node,
    value: &Node,
    parts: &[String],
    options: &Options,
    origins: &mut Origins,
    read: ReadText<'_>,
) -> bool {
    let split = (1..parts.len()).find(|&length| {
        lookup(object, &parts[..length]).is_some_and(|node| node.is_scalar() && !node.is_null())
    });
    let Some(split) = split else {
        return false;
    };
    let Some(holder) = lookup(object, &parts[..split]) else {
        return false;
    };
    let text = holder.scalar_text().unwrap_or_default().to_owned();
    let Some(mut inner) = read(&text, holder.at, origins) else {
        return false;
    };
    let mut count = 0;
    let create = options.create.then_some(value);
    let done = each(&mut inner, &parts[split..], create, &mut |node| {
        count += 1;
        set(node, value, options, origins)
    });
    if done.is_err() || count == 0 {
        return false;
    }
    let is_json = text.trim_start().starts_with(['{', '[']);
    let new = if is_json {
        let is_pretty = text.contains('\n') && text.contains("  ");
        crate::print::json(&inner, is_pretty)
    } else {
        crate::print::yaml(&inner).trim().to_owned()
    };
    let at = origins.derived(holder.at, Role::Value, value.at);
    *holder = Node::text(&new, at);
    true
}

fn set(node: &mut Node, value: &Node, options: &Options, origins: &mut Origins) -> Result<()> {
    let at = origins.derived(node.at, Role::Value, value.at);
    let mut new = value.clone();
    if !options.delimiter.is_empty() {
        let (Some(old), Some(text)) = (node.scalar_text(), value.scalar_text()) else {
            return Err(transform("delimiter needs scalars"));
        };
        let mut parts: Vec<&str> = old.split(options.delimiter.as_str()).collect();
        match usize::try_from(options.index) {
            Err(_) => parts.insert(0, text),
            Ok(index) if index >= parts.len() => parts.push(text),
            Ok(index) => parts[index] = text,
        }
        new = Node::text(&parts.join(&options.delimiter), at);
    }
    let text = new.scalar_text();
    *node = match (&node.value, text) {
        // A text stays a text, a number tries to stay one.
        (Value::Str(_), Some(text)) => Node::text(text, at),
        (Value::Null(_), Some(_)) => new,
        (_, Some(text)) if node.is_scalar() => Node::plain(text, at),
        _ => new,
    };
    node.at = at;
    Ok(())
}
