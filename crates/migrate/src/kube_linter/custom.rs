//! `customChecks`: a template with parameters, which a control of ours may have, too.

use catalog::ParamValue;
use document::{Kind, NodeRef};
use model::Location;

use super::{NO_CONTROL, NO_TEMPLATE, PARAMETERS, SCOPE, TEMPLATE, TEXTS, templates};
use crate::draft::From;
use crate::input::{location, text_of};
use crate::reader::Reader;

/// A parameter of ours that a check sets.
struct Setting {
    control: &'static str,
    name: &'static str,
    value: ParamValue,
    /// Whether several checks add to one list.
    grows: bool,
}

/// Reads one check.
pub(super) fn read(reader: &mut Reader<'_>, check: NodeRef<'_>) {
    let at = location(check);
    let text = |key| check.get_str(key).and_then(NodeRef::as_str);
    let name = text("name").unwrap_or("a check without a name").to_owned();
    let template = text("template").unwrap_or_default();
    let Some(built_in) = templates::of(template) else {
        return reader.leave(&NO_TEMPLATE, at, &format!("{name}: {template}"));
    };
    for key in ["description", "remediation"] {
        if let Some(node) = check.get_str(key) {
            reader.leave(&TEXTS, location(node), &format!("{name}: {key}"));
        }
    }
    let params = check.get_str("params").filter(|node| !node.is_empty());
    let Some((controls, settings)) = counterpart(reader, template, built_in, params, &at, &name)
    else {
        return;
    };
    if let Some(scope) = check.get_str("scope").filter(|node| !node.is_empty()) {
        reader.meet(&SCOPE);
        let why = "the control looks at all the kinds that it is for, perhaps at more than these";
        reader.note(location(scope), &name, why);
    }
    let from = From {
        at,
        what: name.clone(),
    };
    for setting in settings {
        let Setting {
            control,
            name,
            value,
            grows,
        } = setting;
        if let Some(default) = default_of(reader, control, name) {
            reader.set_param(control, name, default, grows, &from);
        }
        reader.set_param(control, name, value, grows, &from);
    }
    reader.select(&controls, &from);
    reader.custom.insert(name, controls);
}

/// The controls that stand for a check, and the parameters that they need; what there is none for is said.
fn counterpart(
    reader: &mut Reader<'_>,
    template: &str,
    built_in: &[templates::BuiltIn],
    params: Option<NodeRef<'_>>,
    at: &Location,
    name: &str,
) -> Option<(Vec<String>, Vec<Setting>)> {
    if let Some(params) = params
        && let Some(settings) = settings(template, params)
    {
        reader.meet(&PARAMETERS);
        let mut controls: Vec<String> = settings
            .iter()
            .map(|setting| setting.control.to_owned())
            .collect();
        controls.dedup();
        let has = |setting: &Setting| {
            let control = reader.catalog.control(setting.control);
            control.is_some_and(|control| {
                let mut params = control.header.params.iter();
                params.any(|param| param.name == setting.name)
            })
        };
        if settings.iter().all(has) {
            return Some((controls, settings));
        }
    }
    let same = built_in
        .iter()
        .find(|check| templates::same_params(check.params, params));
    let controls = same.map(|check| reader.aliases.all_of([check.name]));
    match controls {
        Some(controls) if !controls.is_empty() => {
            reader.meet(&TEMPLATE);
            Some((controls, Vec::new()))
        }
        _ => {
            reader.leave(&NO_CONTROL, at.clone(), &format!("{name}: {template}"));
            None
        }
    }
}

/// The parameters of ours that say the same as some of theirs, all of them or none.
fn settings(template: &str, params: NodeRef<'_>) -> Option<Vec<Setting>> {
    let one = |control, name, value, grows| {
        Some(vec![Setting {
            control,
            name,
            value,
            grows,
        }])
    };
    let number = |key: &str| only(params, key)?.as_i64().map(ParamValue::Int);
    match template {
        "minimum-replicas" => one("too-few-replicas", "minimum", number("minReplicas")?, false),
        "hpa-minimum-replicas" => one("hpa-min-too-low", "minimum", number("minReplicas")?, false),
        "required-label" => {
            let key = plain(only(params, "key")?)?;
            let keys = ParamValue::Strings(vec![key]);
            one("required-label-missing", "labels", keys, true)
        }
        "required-annotation" => {
            let key = plain(only(params, "key")?)?;
            let keys = ParamValue::Strings(vec![key]);
            one("required-annotation-missing", "annotations", keys, true)
        }
        "priority-class-name" => {
            let node = only(params, "acceptedPriorityClassNames")?;
            let names: Vec<String> = node.items().filter_map(text_of).collect();
            let is_empty = names.is_empty() || names.iter().any(String::is_empty);
            let names = ParamValue::Strings(names);
            (!is_empty).then_some(())?;
            one("priority-class-missing", "allowedClasses", names, false)
        }
        "host-mounts" => {
            let dirs: Option<Vec<String>> = only(params, "dirs")?.items().map(folder).collect();
            let dirs = ParamValue::Strings(dirs?);
            one("host-path-sensitive", "exact", dirs, true)
        }
        _ => None,
    }
}

/// Parameters in which a built-in check differs from what a control of ours does by itself.
pub(super) fn parameters_of_built_in(reader: &mut Reader<'_>, name: &str, from: &From) {
    let texts = |text: &str| ParamValue::Strings(vec![text.to_owned()]);
    let (control, param, value) = match name {
        "minimum-three-replicas" => ("too-few-replicas", "minimum", ParamValue::Int(3)),
        "hpa-minimum-three-replicas" => ("hpa-min-too-low", "minimum", ParamValue::Int(3)),
        "required-label-owner" => ("required-label-missing", "labels", texts("owner")),
        "required-annotation-email" => {
            ("required-annotation-missing", "annotations", texts("email"))
        }
        _ => return,
    };
    // A check of the user's own that asks for more has said so already.
    let key = (control.to_owned(), param.to_owned());
    let grows = matches!(value, ParamValue::Strings(_));
    if grows || !reader.draft.params.contains_key(&key) {
        reader.set_param(control, param, value, grows, from);
    }
}

/// What a list of ours holds by itself, where a check adds to it.
fn default_of(reader: &Reader<'_>, control: &str, name: &str) -> Option<ParamValue> {
    if control != "host-path-sensitive" {
        return None;
    }
    let params = &reader.catalog.control(control)?.header.params;
    let param = params.iter().find(|param| param.name == name)?;
    Some(param.default.clone())
}

/// The value of a key, when it is the only one.
fn only<'n>(params: NodeRef<'n>, key: &str) -> Option<NodeRef<'n>> {
    if params.kind() != Kind::Mapping || params.len() != 1 {
        return None;
    }
    let entry = params.entries().next()?;
    entry
        .name()
        .eq_ignore_ascii_case(key)
        .then_some(entry.value)
}

/// A text that is no expression. KubeLinter's expressions need not match a whole text, and `!` negates.
fn plain(node: NodeRef<'_>) -> Option<String> {
    let text = node.as_str()?;
    let is_plain = !text.is_empty()
        && !text.starts_with('!')
        && !text.contains([
            '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '\\',
        ]);
    is_plain.then(|| text.to_owned())
}

/// `^/usr$` as `/usr`.
fn folder(node: NodeRef<'_>) -> Option<String> {
    let text = node.as_str()?.strip_prefix('^')?.strip_suffix('$')?;
    let is_plain = text.starts_with('/')
        && !text.contains([
            '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '\\', '.',
        ]);
    is_plain.then(|| text.to_owned())
}
