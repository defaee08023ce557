//! What an image is built for: `linux/arm64/v8`.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// An operating system and an architecture, as indexes name them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Platform {
    /// `linux`
    pub os: String,
    /// `amd64`, `arm64`, …
    pub architecture: String,
    /// `v7`; empty if there is only one.
    pub variant: String,
}

/// The text is no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a platform is written OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, as in `linux/arm64`")]
pub struct PlatformError;

impl FromStr for Platform {
    type Err = PlatformError;

    fn from_str(text: &str) -> Result<Self, PlatformError> {
        let parts: Vec<&str> = text.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(PlatformError);
        }
        match parts.as_slice() {
            [os, architecture] => Ok(Self::new(os, architecture, "")),
            [os, architecture, variant] => Ok(Self::new(os, architecture, variant)),
            _ => Err(PlatformError),
        }
    }
}

impl Platform {
    fn new(os: &str, architecture: &str, variant: &str) -> Self {
        let architecture = match architecture {
            "x86_64" | "x86-64" => "amd64",
            "aarch64" => "arm64",
            "i386" | "i686" | "x86" => "386",
            "armhf" => "arm",
            other => other,
        };
        Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.to_owned(),
        }
    }

    /// Linux on the architecture that this program runs on.
    pub fn own() -> Self {
        Self::new("linux", std::env::consts::ARCH, "")
    }

    /// Whether an image for this platform is what is asked for. `arm64` is always `v8`; who asks for no variant takes any.
    pub(crate) fn is_wanted(&self, wanted: &Platform) -> bool {
        let variant = |platform: &Platform| match platform.architecture.as_str() {
            "arm64" if platform.variant.is_empty() => "v8".to_owned(),
            _ => platform.variant.clone(),
        };
        self.os == wanted.os
            && self.architecture == wanted.architecture
            && (wanted.variant.is_empty() || variant(self) == variant(wanted))
    }

    /// Whether anything is known.
    pub(crate) fn is_known(&self) -> bool {
        let is_known = |part: &str| !part.is_empty() && part != "unknown";
        is_known(&self.os) || is_known(&self.architecture)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if !self.variant.is_empty() {
            write!(f, "/{}", self.variant)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn a_variant_is_asked_for_or_any() {
        let read = |text: &str| text.parse::<Platform>().unwrap();
        assert!(read("linux/arm/v7").is_wanted(&read("linux/arm")));
        assert!(!read("linux/arm/v6").is_wanted(&read("linux/arm/v7")));
        assert!(read("linux/aarch64").is_wanted(&read("linux/arm64/v8")));
        assert!("linux".parse::<Platform>().is_err());
        assert!("linux//v7".parse::<Platform>().is_err());
        assert_eq!(read("linux/x86_64").to_string(), "linux/amd64");
    }
}
