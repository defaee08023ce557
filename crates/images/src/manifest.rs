//! The JSON of images: OCI's and Docker's indexes, manifests and configurations, and the list in a `docker save` archive.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::digest::Digest;
use crate::platform::Platform;

/// Points to content.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: String,
    /// Bytes of the content.
    pub(crate) size: Option<u64>,
    pub(crate) platform: Option<Platform>,
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

impl Descriptor {
    pub(crate) fn digest(&self) -> Result<Digest, String> {
        Digest::parse(&self.digest).ok_or_else(|| format!("'{}' is no digest", self.digest))
    }

    /// The name that was given to it: `latest`, `docker.io/library/alpine:3.20`.
    pub(crate) fn name(&self) -> Option<&str> {
        let annotations = self.annotations.as_ref()?;
        let keys = [
            "io.containerd.image.name",
            "org.opencontainers.image.ref.name",
        ];
        keys.iter()
            .find_map(|key| annotations.get(*key))
            .map(String::as_str)
    }

    /// Why a layer cannot be had from where the image is, if its kind says so.
    pub(crate) fn is_out_of_reach(&self) -> Option<&'static str> {
        let kind = &self.media_type;
        if kind.contains(".foreign.") || kind.contains(".nondistributable.") {
            Some("registries do not keep layers of its kind (foreign), so it was not scanned")
        } else if kind.ends_with("+encrypted") {
            Some("it is encrypted, so it was not scanned")
        } else {
            None
        }
    }

    /// Whether it holds statements on another image, and is none itself.
    pub(crate) fn is_attestation(&self) -> bool {
        let kind = "vnd.docker.reference.type";
        self.annotations
            .as_ref()
            .is_some_and(|annotations| annotations.contains_key(kind))
    }
}

/// An index, or a manifest: what it is, is told by what it has.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u32,
    pub(crate) manifests: Option<Vec<Descriptor>>,
    pub(crate) config: Option<Descriptor>,
    pub(crate) layers: Option<Vec<Descriptor>>,
    pub(crate) artifact_type: Option<String>,
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

/// The configuration of an image, as far as it is about what is in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) os: String,
    pub(crate) architecture: String,
    pub(crate) variant: Option<String>,
    pub(crate) rootfs: Option<RootFs>,
    pub(crate) history: Option<Vec<History>>,
    pub(crate) created: Option<String>,
    #[serde(rename = "config")]
    pub(crate) runtime: Option<Runtime>,
}

/// How an image is run.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Runtime {
    pub(crate) user: Option<String>,
    pub(crate) env: Option<Vec<String>>,
    pub(crate) exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    pub(crate) healthcheck: Option<Healthcheck>,
}

/// How to tell whether the program works.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Healthcheck {
    /// `["CMD", …]`; `["NONE"]` switches it off.
    pub(crate) test: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RootFs {
    pub(crate) diff_ids: Vec<String>,
}

/// A step of a build.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct History {
    pub(crate) created_by: String,
    pub(crate) empty_layer: bool,
}

impl Manifest {
    /// The configuration of an image; none if it is an artifact of another kind.
    pub(crate) fn image_config(&self) -> Result<Option<&Descriptor>, &'static str> {
        if self.layers.is_none() || self.config.is_none() {
            return Err(if self.schema_version == 1 {
                "it is a manifest of version 1, which registries no longer take"
            } else {
                "it is neither an index nor a manifest of an image"
            });
        }
        let is_image = self.artifact_type.as_deref().is_none_or(str::is_empty);
        Ok(self.config.as_ref().filter(|_| is_image))
    }
}

impl Config {
    /// Takes from an index what the image is built for.
    pub(crate) fn set_platform(&mut self, platform: Option<&Platform>) {
        if let Some(platform) = platform.filter(|platform| platform.is_known()) {
            self.os.clone_from(&platform.os);
            self.architecture.clone_from(&platform.architecture);
            self.variant = Some(platform.variant.clone());
        }
    }

    pub(crate) fn platform(&self) -> Platform {
        Platform {
            os: self.os.clone(),
            architecture: self.architecture.clone(),
            variant: self.variant.clone().unwrap_or_default(),
        }
    }

    pub(crate) fn diff_ids(&self) -> &[String] {
        self.rootfs.as_ref().map_or(&[], |rootfs| &rootfs.diff_ids)
    }
}

/// An image in a `docker save` archive.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Saved {
    pub(crate) config: String,
    #[serde(default)]
    pub(crate) repo_tags: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) layers: Option<Vec<String>>,
}

/// Reads JSON; the error says where it is wrong.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// How many of the layers come from the image that this one was built on, as far as its history tells: a build ends with what
/// the image runs, so that layers before a `CMD` or `ENTRYPOINT` that others follow are somebody else's.
pub(crate) fn base_layers(history: &[History]) -> usize {
    let is_command = |step: &History| {
        let words = step.created_by.trim_start_matches("/bin/sh -c #(nop)");
        let word = words.split_whitespace().next().unwrap_or_default();
        step.empty_layer && matches!(word, "CMD" | "ENTRYPOINT")
    };
    // Its own settings come after its last layer.
    let own = history
        .iter()
        .rposition(|step| !step.empty_layer)
        .unwrap_or(0);
    let end = history[..own.min(history.len())]
        .iter()
        .rposition(is_command);
    let before = end.map_or(&[][..], |end| &history[..end]);
    before.iter().filter(|step| !step.empty_layer).count()
}

#[cfg(test)]
mod tests {
    use super::{History, base_layers};

    fn history(steps: &[&str]) -> Vec<History> {
        let step = |text: &&str| History {
            created_by: (*text).to_owned(),
            empty_layer: !text.starts_with("RUN")
                && !text.starts_with("ADD")
                && !text.starts_with("COPY"),
        };
        steps.iter().map(step).collect()
    }

    #[test]
    fn layers_before_a_command_that_others_follow_are_of_the_base() {
        for (steps, expected) in [
            (
                &["ADD base", "CMD [\"sh\"]", "RUN a", "COPY b", "CMD [\"b\"]"][..],
                1,
            ),
            (
                &[
                    "ADD base",
                    "/bin/sh -c #(nop)  CMD [\"sh\"]",
                    "RUN a",
                    "ENV x",
                    "ENTRYPOINT b",
                    "RUN c",
                    "USER 1",
                ],
                2,
            ),
            (&["ADD base", "CMD [\"sh\"]"], 0),
            (&["ADD base", "RUN a"], 0),
            (&[], 0),
        ] {
            assert_eq!(base_layers(&history(steps)), expected, "{steps:?}");
        }
    }
}
