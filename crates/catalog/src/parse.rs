//! The text of a control folder → a checked definition, or located diagnostics.

use std::sync::Arc;

use document::{Kind, NodeRef, Path, Source, Step};
use expr::Declarations;
use model::{FixOperation, Profile, Severity};

use crate::control::{
    Condition, ControlDefinition, FixDefinition, Header, KindPattern, ParamDefinition, ParamType,
    ParamValue, RelatedDefinition, Rendering, Scope, Texts, UnknownPolicy, VersionRange,
};
use crate::declarations::declarations_for;
use crate::diagnostic::Diagnostic;
use crate::expression::{check_node, message_parts, path_of};
use crate::fields::{Fields, Sink, span_of};

/// The native implementations that `native` can name.
pub const NATIVE_NAMES: &[&str] = &[
    "unknown-field",
    "wrong-type",
    "missing-required-field",
    "removed-api",
    "deprecated-api",
    "unserved-api",
    "duplicate-key",
];

/// The scanners whose ids controls can carry as aliases.
pub const PEERS: &[&str] = &[
    "kubescape",
    "trivy",
    "checkov",
    "kube-linter",
    "polaris",
    "kube-score",
    "kubesec",
    "kubeaudit",
    "popeye",
];

const FIELDS: &[&str] = &[
    "id",
    "title",
    "severity",
    "profile",
    "tags",
    "why",
    "remediation",
    "kubernetes",
    "for",
    "kinds",
    "when",
    "each",
    "fail",
    "native",
    "unknown",
    "at",
    "message",
    "related",
    "fix",
    "supersedes",
    "params",
    "aliases",
    "partial",
    "references",
];

/// The texts of a control folder.
#[derive(Clone, Debug)]
pub struct ControlTexts {
    /// `control.yaml`; its name is the path to print.
    pub control: Arc<Source>,
    /// `fail.yaml`, when there is one.
    pub fail_yaml: Option<String>,
    /// `pass.yaml`, when there is one.
    pub pass_yaml: Option<String>,
    /// `fail.Dockerfile`, when there is one.
    pub fail_dockerfile: Option<String>,
    /// `pass.Dockerfile`, when there is one.
    pub pass_dockerfile: Option<String>,
}

impl ControlTexts {
    /// The definition alone.
    pub fn new(control: Arc<Source>) -> Self {
        ControlTexts {
            control,
            fail_yaml: None,
            pass_yaml: None,
            fail_dockerfile: None,
            pass_dockerfile: None,
        }
    }

    /// The definition with the test files beside it, which `read` gives by name.
    pub fn read<E>(
        control: Arc<Source>,
        mut read: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Self, E> {
        Ok(ControlTexts {
            control,
            fail_yaml: read("fail.yaml")?,
            pass_yaml: read("pass.yaml")?,
            fail_dockerfile: read("fail.Dockerfile")?,
            pass_dockerfile: read("pass.Dockerfile")?,
        })
    }

    /// The folder, from the name of `control.yaml`.
    fn folder(&self) -> &str {
        let name = self.control.name();
        name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The folder's own name: the id that the control should have.
    pub(crate) fn folder_name(&self) -> &str {
        let folder = self.folder();
        folder.rsplit('/').next().unwrap_or(folder)
    }
}

/// Reads and checks a control.
pub fn parse_control(texts: &ControlTexts) -> Result<ControlDefinition, Vec<Diagnostic>> {
    let document = crate::fields::parse_yaml(&texts.control)?;
    let mut sink = Sink::new(&texts.control);
    let definition = sink
        .root(&document)
        .map(|fields| read_control(fields, texts, &mut sink));
    match definition {
        Some(definition) if sink.found.is_empty() => Ok(definition),
        _ => Err(sink.found),
    }
}

fn read_control(fields: Fields<'_>, texts: &ControlTexts, sink: &mut Sink) -> ControlDefinition {
    fields.expect_only(FIELDS, sink);
    let header = read_header(fields, texts, sink);
    let with_item = fields.get("each").is_some() || header.native.is_some();
    let declarations = declarations_for(header.scope, with_item);
    let condition = read_condition(fields, header.scope, sink);
    if condition.fail.is_none() == header.native.is_none() && fields.get("fail").is_none() {
        fields.missing("fail` or `native", sink);
    }
    if let (Some(fail), true) = (fields.get("fail"), header.native.is_some()) {
        sink.error(span_of(fail), "`fail` and `native` exclude each other");
    }
    ControlDefinition {
        rendering: read_rendering(fields, &declarations, sink),
        condition,
        texts: read_texts(fields, texts, sink),
        header,
    }
}

fn read_header(fields: Fields<'_>, texts: &ControlTexts, sink: &mut Sink) -> Header {
    let required_word = |key: &str, sink: &mut Sink| {
        if fields.get(key).is_none() {
            fields.missing(key, sink);
        }
    };
    for key in ["severity", "profile", "tags", "for"] {
        required_word(key, sink);
    }
    let scope = fields.word("for", &Scope::ALL, Scope::as_str, sink);
    let severity = fields.word("severity", &Severity::ALL, Severity::as_str, sink);
    let profile = fields.word("profile", &Profile::ALL, Profile::as_str, sink);
    let unknown = fields.word("unknown", &UnknownPolicy::ALL, UnknownPolicy::as_str, sink);
    let header = Header {
        id: read_id(fields, texts.folder_name(), sink),
        title: fields.required_text("title", sink).to_owned(),
        severity: severity.unwrap_or(Severity::Low),
        profile: profile.unwrap_or(Profile::All),
        scope: scope.unwrap_or(Scope::Resource),
        tags: fields.texts("tags", sink),
        kubernetes: read_versions(fields, sink),
        kinds: read_kinds(fields, sink),
        native: read_native(fields, sink),
        unknown: unknown.unwrap_or(UnknownPolicy::Report),
        supersedes: fields.texts("supersedes", sink),
        aliases: fields.text_lists("aliases", PEERS, sink),
        partial: fields.text_lists("partial", PEERS, sink),
        params: read_params(fields, sink),
    };
    if scope == Some(Scope::Resource) && fields.get("kinds").is_none() {
        fields.missing("kinds", sink);
    }
    header
}

fn read_id(fields: Fields<'_>, folder: &str, sink: &mut Sink) -> String {
    let id = fields.required_text("id", sink);
    let Some(node) = fields.get("id") else {
        return String::new();
    };
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !id.bytes().all(kebab) || id.split('-').any(str::is_empty) {
        sink.error(span_of(node), "`id` must be kebab-case");
    }
    if id.split('-').count() > 4 {
        sink.error(span_of(node), "`id` must have at most four words");
    }
    if !folder.is_empty() && folder != id {
        sink.error(
            span_of(node),
            format!("`id` must be the folder's name, `{folder}`"),
        );
    }
    id.to_owned()
}

pub(crate) fn read_versions(fields: Fields<'_>, sink: &mut Sink) -> VersionRange {
    let Some(map) = fields.mapping("kubernetes", sink) else {
        return VersionRange::default();
    };
    map.expect_only(&["since", "until"], sink);
    let mut version = |key| {
        let text = map.text(key, sink)?;
        let parsed = text.parse();
        if let (Err(_), Some(node)) = (&parsed, map.get(key)) {
            let message = format!("`{key}` must be a version such as \"1.25\"");
            sink.error(span_of(node), message);
        }
        parsed.ok()
    };
    VersionRange {
        since: version("since"),
        until: version("until"),
    }
}

fn read_kinds(fields: Fields<'_>, sink: &mut Sink) -> Vec<KindPattern> {
    let kinds = fields.texts("kinds", sink);
    kinds
        .iter()
        .map(|text| match text.rsplit_once('/') {
            _ if text == "*" => KindPattern::Any,
            None => KindPattern::BuiltIn(text.clone()),
            Some((group, kind)) => KindPattern::Grouped {
                group: if group == "core" { "" } else { group }.to_owned(),
                kind: kind.to_owned(),
            },
        })
        .collect()
}

fn read_native(fields: Fields<'_>, sink: &mut Sink) -> Option<String> {
    let name = fields.text("native", sink)?;
    if let (false, Some(node)) = (NATIVE_NAMES.contains(&name), fields.get("native")) {
        let hint = format!("one of {}", NATIVE_NAMES.join(", "));
        let message = format!("there is no native implementation `{name}`");
        sink.error_with_hint(span_of(node), message, Some(hint));
    }
    Some(name.to_owned())
}

fn read_params(fields: Fields<'_>, sink: &mut Sink) -> Vec<ParamDefinition> {
    let Some(map) = fields.mapping("params", sink) else {
        return Vec::new();
    };
    let mut params: Vec<ParamDefinition> = map
        .node
        .entries()
        .filter_map(|entry| {
            let param = map.mapping(entry.name(), sink)?;
            read_param(entry.name(), param, sink)
        })
        .collect();
    params.sort_by(|left, right| left.name.cmp(&right.name));
    params
}

fn read_param(name: &str, fields: Fields<'_>, sink: &mut Sink) -> Option<ParamDefinition> {
    fields.expect_only(&["type", "default", "doc", "kubescape"], sink);
    for key in ["type", "default", "doc"] {
        if fields.node.get_str(key).is_none() {
            fields.missing(key, sink);
        }
    }
    let kind = fields.word("type", &ParamType::ALL, ParamType::as_str, sink)?;
    let node = fields.get("default")?;
    let default = param_value(node).filter(|value| value.fits(kind));
    if default.is_none() {
        let message = format!("`default` is no value of type {}", kind.as_str());
        sink.error(span_of(node), message);
    }
    Some(ParamDefinition {
        name: name.to_owned(),
        kind,
        default: default?,
        doc: fields.text("doc", sink).unwrap_or("").trim().to_owned(),
        kubescape: fields.text("kubescape", sink).map(str::to_owned),
    })
}

/// The value that a node holds, whatever its type.
pub(crate) fn param_value(node: NodeRef<'_>) -> Option<ParamValue> {
    match node.kind() {
        Kind::String => node
            .as_str()
            .map(|text| ParamValue::String(text.to_owned())),
        Kind::Int => node.as_i64().map(ParamValue::Int),
        Kind::Bool => node.as_bool().map(ParamValue::Bool),
        Kind::Sequence => node
            .items()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(ParamValue::Strings),
        _ => None,
    }
}

fn read_condition(fields: Fields<'_>, scope: Scope, sink: &mut Sink) -> Condition {
    let outer = declarations_for(scope, false);
    let inner = declarations_for(scope, fields.get("each").is_some());
    let expression = |key: &str, declarations: &Declarations, sink: &mut Sink| {
        let node = fields.get(key)?;
        check_node(node, key, declarations, sink)
    };
    Condition {
        when: expression("when", &outer, sink),
        each: expression("each", &outer, sink),
        fail: expression("fail", &inner, sink),
        at: fields
            .list("at", sink)
            .into_iter()
            .filter_map(|node| {
                let path = path_of(node, sink)?;
                check_flag(&path, node, scope, sink);
                Some(path)
            })
            .collect(),
    }
}

/// In the scope of processes, and only there, a path is a flag with its dashes.
fn check_flag(path: &Path, node: NodeRef<'_>, scope: Scope, sink: &mut Sink) {
    let flag = match path.0.first() {
        Some(Step::Key(key)) => key.strip_prefix("--"),
        _ => None,
    };
    let is_process = scope == Scope::Process;
    match flag {
        Some(flag) if is_process && path.0.len() == 1 => {
            if !model::is_known_flag(flag) {
                sink.error(span_of(node), format!("no component has a flag `--{flag}`"));
            }
        }
        None if !is_process => {}
        _ if is_process => sink.error(
            span_of(node),
            "the path must be a flag such as `--profiling`",
        ),
        _ => sink.error(span_of(node), "only processes have flags"),
    }
}

fn read_rendering(fields: Fields<'_>, declarations: &Declarations, sink: &mut Sink) -> Rendering {
    fields.required_text("message", sink);
    let message = fields
        .get("message")
        .map(|node| message_parts(node, declarations, sink));
    Rendering {
        message: message.unwrap_or_default(),
        related: read_related(fields, declarations, sink),
        fixes: read_fixes(fields, declarations, sink),
    }
}

fn read_related(
    fields: Fields<'_>,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Vec<RelatedDefinition> {
    let items = fields.list("related", sink);
    let mut related = Vec::new();
    for item in items.into_iter().map(Fields::new) {
        item.expect_only(&["role", "of"], sink);
        let role = item.required_text("role", sink).to_owned();
        match item.get("of") {
            None => item.missing("of", sink),
            Some(node) => {
                let of = check_node(node, "of", declarations, sink);
                related.extend(of.map(|of| RelatedDefinition { role, of }));
            }
        }
    }
    related
}

fn read_fixes(
    fields: Fields<'_>,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Vec<FixDefinition> {
    let items = fields.list("fix", sink);
    items
        .into_iter()
        .filter_map(|item| read_fix(Fields::new(item), declarations, sink))
        .collect()
}

fn read_fix(
    fields: Fields<'_>,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Option<FixDefinition> {
    fields.expect_only(&["op", "path", "when", "value", "of", "safe"], sink);
    let operations = [
        FixOperation::Set,
        FixOperation::Remove,
        FixOperation::Append,
    ];
    for key in ["op", "path", "safe"] {
        if fields.get(key).is_none() {
            fields.missing(key, sink);
        }
    }
    let operation = fields.word("op", &operations, FixOperation::as_str, sink)?;
    let path = path_of(fields.get("path")?, sink)?;
    let value = fields.node.get_str("value").map(crate::json::to_json);
    let values = usize::from(value.is_some()) + usize::from(fields.get("of").is_some());
    if values != usize::from(operation != FixOperation::Remove) {
        let span = span_of(fields.node);
        sink.error(
            span,
            "`set` and `append` take a `value`, or `of` that gives it; `remove` takes neither",
        );
    }
    let mut expression = |key: &str| check_node(fields.get(key)?, key, declarations, sink);
    let (when, of) = (expression("when"), expression("of"));
    Some(FixDefinition {
        operation,
        path,
        when,
        value,
        of,
        safe: fields.bool("safe", sink)?,
    })
}

fn read_texts(fields: Fields<'_>, texts: &ControlTexts, sink: &mut Sink) -> Texts {
    let references = fields.texts("references", sink);
    if references.is_empty() {
        fields.missing("references", sink);
    }
    Texts {
        why: fields.required_text("why", sink).to_owned(),
        remediation: fields.required_text("remediation", sink).to_owned(),
        references,
        folder: texts.folder().to_owned(),
        fail_yaml: texts.fail_yaml.clone().unwrap_or_default(),
        pass_yaml: texts.pass_yaml.clone().unwrap_or_default(),
        fail_dockerfile: texts.fail_dockerfile.clone().unwrap_or_default(),
        pass_dockerfile: texts.pass_dockerfile.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
