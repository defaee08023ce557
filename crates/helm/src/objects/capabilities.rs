//! `.Capabilities`: what the cluster and Helm are said to be.

use gotemplate::{Context, Failure, Host, List, Map, Shape, Signature, Type, Value};

use super::object;
use crate::error::{ErrorKind, Result};

/// The version of Helm that charts see.
const HELM_VERSION: &str = "v4.2";

/// The versions of Go and of Kubernetes' client that this Helm is built with.
const GO_VERSION: &str = "go1.26.8";
const CLIENT_VERSION: &str = "v1.36";

/// The API versions that Helm knows without a cluster, in its order.
const API_VERSIONS: &str = include_str!("api_versions.txt");

static NONE: Signature = Signature::new(&[]);
static TEXT: Signature = Signature::new(&[Type::String]);

/// A `*common.Capabilities`.
pub(crate) struct Capabilities {
    kubernetes: KubernetesVersion,
    api_versions: Value,
}

impl Capabilities {
    /// A cluster of a version that has the built-in APIs and some more.
    pub(crate) fn value(kubernetes: KubernetesVersion, more: &[String]) -> Value {
        let known = API_VERSIONS.lines().chain(more.iter().map(String::as_str));
        let versions = known.map(Value::from).collect();
        object(Capabilities {
            kubernetes,
            api_versions: object(VersionSet(List::of(&Shape::STRINGS, versions))),
        })
    }
}

impl Host for Capabilities {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        (name == "Copy").then_some(&NONE)
    }

    fn call(&self, _: &str, _: &mut dyn Context, _: &mut [Value]) -> Result<Value, Failure> {
        Ok(object(Capabilities {
            kubernetes: self.kubernetes.clone(),
            api_versions: self.api_versions.clone(),
        }))
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![
            ("KubeVersion", object(self.kubernetes.clone())),
            ("APIVersions", self.api_versions.clone()),
            ("HelmVersion", object(BuildInfo)),
        ]
    }
}

/// A `common.KubeVersion`.
#[derive(Clone)]
pub(crate) struct KubernetesVersion {
    /// As it was given, with a `v`.
    full: String,
    /// With numbers only.
    normalized: String,
    major: String,
    minor: String,
}

impl KubernetesVersion {
    /// Reads `[v]MAJOR.MINOR[.PATCH…][suffix]`.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            let message = format!("'{text}' is no version of Kubernetes, such as 1.34");
            ErrorKind::KubernetesVersion(message)
        };
        let trimmed = text.trim();
        let numbers = trimmed.strip_prefix('v').unwrap_or(trimmed);
        let is_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        let end = numbers.bytes().position(|byte| !is_number(byte));
        let numbers = &numbers[..end.unwrap_or(numbers.len())];
        // A dot belongs to a number that follows it.
        let numbers = numbers.trim_end_matches('.');
        let has_zero = numbers.starts_with('0') && !numbers.starts_with("0.");
        let parts = numbers.split('.').map(str::parse::<u64>);
        let parts: Vec<u64> = parts.collect::<Result<_, _>>().map_err(|_| wrong())?;
        let [major, minor, ..] = parts[..] else {
            return Err(wrong().into());
        };
        if has_zero {
            return Err(wrong().into());
        }
        let shown: Vec<String> = parts.iter().map(u64::to_string).collect();
        let has_v = text.starts_with('v');
        Ok(KubernetesVersion {
            full: if has_v {
                text.to_owned()
            } else {
                format!("v{text}")
            },
            normalized: format!("v{}", shown.join(".")),
            major: major.to_string(),
            minor: minor.to_string(),
        })
    }

    /// What constraints are held against.
    pub(crate) fn normalized(&self) -> &str {
        &self.normalized
    }

    /// As it was given.
    pub(crate) fn full(&self) -> &str {
        &self.full
    }
}

impl Host for KubernetesVersion {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        matches!(name, "String" | "GitVersion").then_some(&NONE)
    }

    fn call(&self, name: &str, _: &mut dyn Context, _: &mut [Value]) -> Result<Value, Failure> {
        let text = if name == "String" {
            &self.normalized
        } else {
            &self.full
        };
        Ok(Value::from(text.as_str()))
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        vec![
            ("Version", Value::from(self.full.as_str())),
            ("normalizedVersion", Value::from(self.normalized.as_str())),
            ("Major", Value::from(self.major.as_str())),
            ("Minor", Value::from(self.minor.as_str())),
        ]
    }

    fn text_of_pointer(&self) -> Option<String> {
        Some(self.normalized.clone())
    }

    fn field(&self, name: &str) -> Option<Value> {
        let text = match name {
            "Version" => &self.full,
            "Major" => &self.major,
            "Minor" => &self.minor,
            _ => return None,
        };
        Some(Value::from(text.as_str()))
    }

    fn encoded(&self) -> Option<Value> {
        let fields = ["Version", "Major", "Minor"];
        let map: Map = fields
            .into_iter()
            .filter_map(|name| Some((name, self.field(name)?)))
            .collect();
        Some(map.into())
    }
}

/// A `common.VersionSet`.
struct VersionSet(List);

impl Host for VersionSet {
    fn type_name(&self) -> &'static str {
        "common.VersionSet"
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        (name == "Has").then_some(&TEXT)
    }

    fn call(
        &self,
        _: &str,
        _: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        let wanted = arguments.first().and_then(Value::as_str);
        let mut known = self.0.items().iter();
        Ok(Value::from(known.any(|version| version.as_str() == wanted)))
    }

    fn underlying(&self) -> Option<Value> {
        Some(self.0.clone().into())
    }
}

/// A `version.BuildInfo`.
struct BuildInfo;

impl BuildInfo {
    const FIELDS: [(&'static str, &'static str, &'static str); 5] = [
        ("Version", "version", HELM_VERSION),
        ("GitCommit", "git_commit", ""),
        ("GitTreeState", "git_tree_state", ""),
        ("GoVersion", "go_version", GO_VERSION),
        ("KubeClientVersion", "kube_client_version", CLIENT_VERSION),
    ];
}

impl Host for BuildInfo {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn fields(&self) -> Vec<(&str, Value)> {
        let fields = BuildInfo::FIELDS.iter();
        fields
            .map(|(name, _, text)| (*name, Value::from(*text)))
            .collect()
    }

    fn encoded(&self) -> Option<Value> {
        let fields = BuildInfo::FIELDS
            .iter()
            .filter(|(_, _, text)| !text.is_empty());
        let map: Map = fields
            .map(|(_, key, text)| (*key, Value::from(*text)))
            .collect();
        Some(map.into())
    }
}

#[cfg(test)]
mod tests {
    use super::KubernetesVersion;

    #[test]
    fn versions_are_read_as_helm_reads_them() {
        for (text, expected) in [
            ("1.34", Some(("v1.34", "v1.34", "1", "34"))),
            ("1.05.2", Some(("v1.05.2", "v1.5.2", "1", "5"))),
            (
                "v1.33.4-gke.1245000",
                Some(("v1.33.4-gke.1245000", "v1.33.4", "1", "33")),
            ),
            ("1.20+", Some(("v1.20+", "v1.20", "1", "20"))),
            ("1.2.3.4", Some(("v1.2.3.4", "v1.2.3.4", "1", "2"))),
            (" 1.3", Some(("v 1.3", "v1.3", "1", "3"))),
            ("1.3.", Some(("v1.3.", "v1.3", "1", "3"))),
            ("0.1", Some(("v0.1", "v0.1", "0", "1"))),
            ("01.2", None),
            ("1", None),
            ("", None),
            ("abc", None),
            ("1.x", None),
        ] {
            let version = KubernetesVersion::parse(text).ok();
            let read = version.as_ref().map(|version| {
                let KubernetesVersion {
                    full,
                    normalized,
                    major,
                    minor,
                } = version;
                (&**full, &**normalized, &**major, &**minor)
            });
            assert_eq!(read, expected, "{text}");
        }
    }
}
