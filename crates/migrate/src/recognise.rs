//! What kind of file a text is, by its content and, where that says nothing, by its name.

use document::{Document, Kind, NodeRef};

use crate::format::Format;
use crate::input::Input;
use crate::{checkov, manifest, trivy};

/// The kind of a file.
pub fn recognise(input: &Input) -> Format {
    let name = input.file_name();
    let extension = std::path::Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    let text = input.source.text();
    if extension == "rego" {
        return Format::Rego;
    }
    if name == ".trivyignore" {
        return Format::TrivyIgnore;
    }
    if name.starts_with("Dockerfile") || extension == "dockerfile" {
        return Format::Dockerfile;
    }
    let is_structured = matches!(extension, "yaml" | "yml" | "json" | "baseline" | "tpl");
    if is_structured && text.contains("{{") && input.parse().is_err() {
        return Format::Template;
    }
    match input.parse() {
        Ok(document) => {
            let format = of_document(&document);
            // A list of ids without a colon is one YAML text.
            match format {
                Format::Unknown if !is_structured && trivy::looks_like_ignore(input) => {
                    Format::TrivyIgnore
                }
                Format::Unknown => by_name(name),
                _ => format,
            }
        }
        Err(_) if !is_structured && trivy::looks_like_ignore(input) => Format::TrivyIgnore,
        Err(_) => match by_name(name) {
            Format::Unknown => Format::Broken,
            format => format,
        },
    }
}

/// Empty files are what their name says.
fn by_name(name: &str) -> Format {
    match name {
        ".trivyignore.yaml" | ".trivyignore.yml" => Format::TrivyIgnoreYaml,
        "trivy.yaml" | "trivy.yml" => Format::TrivyConfig,
        ".checkov.yaml" | ".checkov.yml" => Format::CheckovConfig,
        ".checkov.baseline" => Format::CheckovBaseline,
        ".kube-linter.yaml" | ".kube-linter.yml" => Format::KubeLinterConfig,
        _ => Format::Unknown,
    }
}

fn of_document(document: &Document) -> Format {
    let objects = manifest::objects(document);
    if !objects.is_empty() {
        let is_theirs = |object: &manifest::Object<'_>| {
            let group = object.node.get_str("apiVersion").and_then(NodeRef::as_str);
            group.is_some_and(|group| group.starts_with("kubescape.io/"))
        };
        return if objects.iter().any(is_theirs) {
            Format::KubescapeObjects
        } else {
            Format::Manifest
        };
    }
    let Some(root) = document.roots().next() else {
        return Format::Unknown;
    };
    match root.kind() {
        Kind::Sequence => of_list(root),
        Kind::Mapping => of_mapping(root),
        _ => Format::Unknown,
    }
}

fn of_list(root: NodeRef<'_>) -> Format {
    let is_exception = |node: NodeRef<'_>| is_exception(node);
    if root.items().any(is_exception) {
        Format::KubescapeExceptions
    } else {
        Format::Unknown
    }
}

fn is_exception(node: NodeRef<'_>) -> bool {
    let text = |key| node.get_str(key).and_then(NodeRef::as_str);
    text("policyType").is_some_and(|kind| kind.ends_with("ExceptionPolicy"))
        || node.get_str("posturePolicies").is_some()
        || text("kind") == Some("VulnerabilitiesIgnorePolicy")
}

fn of_mapping(root: NodeRef<'_>) -> Format {
    let has = |key: &str| root.get_str(key).is_some();
    let has_any = |keys: &[&str]| keys.iter().any(|key| has(key));
    if is_exception(root) {
        return Format::KubescapeExceptions;
    }
    let settings = root.get_str("settings");
    if has("postureControlInputs")
        || settings.is_some_and(|settings| settings.get_str("postureControlInputs").is_some())
    {
        return Format::KubescapeInputs;
    }
    if has_any(&["accountID", "cloudAPIURL", "cloudReportURL"]) {
        return Format::KubescapeAccount;
    }
    if has("failed_checks") {
        return Format::CheckovBaseline;
    }
    if has("customChecks")
        || root
            .get_str("checks")
            .is_some_and(|n| n.kind() == Kind::Mapping)
    {
        return Format::KubeLinterConfig;
    }
    let is_ignore = |key: &str| {
        root.get_str(key)
            .is_some_and(|n| n.kind() == Kind::Sequence)
    };
    if [
        "misconfigurations",
        "vulnerabilities",
        "secrets",
        "licenses",
    ]
    .iter()
    .any(|key| is_ignore(key))
    {
        return Format::TrivyIgnoreYaml;
    }
    let share =
        |known: &dyn Fn(&str) -> bool| root.entries().filter(|entry| known(entry.name())).count();
    let trivys = share(&trivy::is_config_key);
    let checkovs = share(&checkov::is_config_key);
    match (trivys, checkovs) {
        (0, 0) => Format::Unknown,
        (trivys, checkovs) if trivys > checkovs => Format::TrivyConfig,
        (trivys, checkovs) if trivys < checkovs => Format::CheckovConfig,
        _ => Format::Unknown,
    }
}
