//! Values as command lines, files and images write them.

use document::NodeRef;

use super::Component;
use super::command::image_name;

/// A node as a command line would say it.
pub(super) fn text_of(node: NodeRef<'_>) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    if let Some(value) = node.as_bool() {
        return value.to_string();
    }
    if let Some(value) = node.as_i64() {
        return value.to_string();
    }
    let pairs = node
        .entries()
        .map(|entry| format!("{}={}", entry.name(), text_of(entry.value)));
    let texts = node.items().map(text_of).chain(pairs);
    texts.collect::<Vec<_>>().join(",")
}

/// The items of a list on a command line.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// What Go's flags take for true and false.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The seconds of a span of time as Go writes it: `1h2m3.5s`.
pub fn parse_seconds(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at(digits);
        let unit = behind.find(|c: char| c.is_ascii_digit() || c == '.');
        let (unit, behind) = behind.split_at(unit.unwrap_or(behind.len()));
        let factor = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * factor;
        rest = behind;
    }
    (!text.is_empty()).then_some(sign * seconds)
}

/// The minor version that the image of a Kubernetes component names.
pub(super) fn minor_of_image(component: Component, container: NodeRef<'_>) -> Option<u32> {
    if component == Component::Etcd {
        return None;
    }
    let image = container.get_str("image")?.as_str()?;
    if !image_name(image).contains("kube") {
        return None;
    }
    let name = image.split('@').next()?;
    minor_of_version(name.rsplit('/').next()?.split_once(':')?.1)
}

/// The minor of a version of Kubernetes such as `v1.33.1`.
pub(super) fn minor_of_version(version: &str) -> Option<u32> {
    let minor = version.trim_start_matches('v').strip_prefix("1.")?;
    minor.split('.').next()?.parse().ok()
}
