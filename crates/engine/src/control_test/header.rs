//! The first line of a test file: `# test: kubernetes-version=1.24, complete=true, params.x=[a, b]`.

use catalog::{Header, ParamType, ParamValue};
use model::KubernetesVersion;

use crate::funnel::Selector;
use crate::params::ParamOverride;

/// What a test file sets.
#[derive(Debug)]
pub(super) struct TestHeader {
    pub(super) kubernetes_version: KubernetesVersion,
    /// Whether the file holds all that a cluster has.
    pub(super) is_complete: bool,
    pub(super) params: Vec<ParamOverride>,
}

impl TestHeader {
    /// Reads the first line; an ordinary comment sets nothing.
    pub(super) fn parse(text: &str, control: &Header) -> Result<Self, String> {
        let mut header = TestHeader {
            kubernetes_version: KubernetesVersion::NEWEST,
            is_complete: false,
            params: Vec::new(),
        };
        let line = text.lines().next().unwrap_or("");
        let Some(settings) = line.strip_prefix('#').map(str::trim_start) else {
            return Ok(header);
        };
        let Some(settings) = settings.strip_prefix("test:") else {
            return Ok(header);
        };
        for setting in split(settings) {
            let (key, value) = setting
                .split_once('=')
                .ok_or_else(|| format!("`{setting}` is no key=value"))?;
            let (key, value) = (key.trim(), value.trim());
            if key == "kubernetes-version" {
                header.kubernetes_version = value.parse().map_err(|error| format!("{error}"))?;
            } else if key == "complete" {
                header.is_complete = value.parse().map_err(|error| format!("{error}"))?;
            } else if let Some(name) = key.strip_prefix("params.") {
                header.params.push(param(name, value, control)?);
            } else {
                return Err(format!("unknown setting `{key}` in the `# test:` line"));
            }
        }
        Ok(header)
    }
}

/// The parts between commas that stand in no brackets.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let outside = |character: char| {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    };
    text.split(outside)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn param(name: &str, value: &str, control: &Header) -> Result<ParamOverride, String> {
    let known = control.params.iter().find(|param| param.name == name);
    let kind = known
        .ok_or_else(|| format!("the control has no parameter `{name}`"))?
        .kind;
    let invalid = || format!("`{value}` is no {}", kind.as_str());
    let value = match kind {
        ParamType::String | ParamType::Quantity => ParamValue::String(unquote(value).to_owned()),
        ParamType::Int => ParamValue::Int(value.parse().map_err(|_| invalid())?),
        ParamType::Bool => ParamValue::Bool(value.parse().map_err(|_| invalid())?),
        ParamType::Strings => {
            let list = value
                .trim_start_matches('[')
                .trim_end_matches(']')
                .split(',');
            let items = list.map(|item| unquote(item.trim()).to_owned());
            ParamValue::Strings(items.filter(|item| !item.is_empty()).collect())
        }
    };
    Ok(ParamOverride {
        control: control.id.clone(),
        name: name.to_owned(),
        value,
        resources: Selector::default(),
    })
}

fn unquote(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn commas_inside_brackets_do_not_split() {
        assert_eq!(split(" a=1, b=[x, y],c=2 "), ["a=1", "b=[x, y]", "c=2"]);
    }
}
