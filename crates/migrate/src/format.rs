//! Kinds of files.

use crate::Peer;

/// A kind of file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Kubescape: exceptions, of findings or of vulnerabilities.
    KubescapeExceptions,
    /// Kubescape: inputs of controls.
    KubescapeInputs,
    /// Kubescape: its cached account.
    KubescapeAccount,
    /// Kubescape: objects of the API group `kubescape.io`.
    KubescapeObjects,
    /// Trivy: `.trivyignore`.
    TrivyIgnore,
    /// Trivy: `.trivyignore.yaml`.
    TrivyIgnoreYaml,
    /// Trivy: `trivy.yaml`.
    TrivyConfig,
    /// Trivy: an ignore policy or a check in Rego.
    Rego,
    /// Checkov: `.checkov.yaml`.
    CheckovConfig,
    /// Checkov: `.checkov.baseline`.
    CheckovBaseline,
    /// KubeLinter: `.kube-linter.yaml`.
    KubeLinterConfig,
    /// Objects of Kubernetes.
    Manifest,
    /// A Dockerfile.
    Dockerfile,
    /// A text with Go's template actions, such as the template of a chart.
    Template,
    /// It is not YAML or JSON where it should be.
    Broken,
    /// None of these.
    Unknown,
}

impl Format {
    /// Whose it is, where it is one scanner's only.
    pub fn peer(self) -> Option<Peer> {
        match self {
            Format::KubescapeExceptions
            | Format::KubescapeInputs
            | Format::KubescapeAccount
            | Format::KubescapeObjects => Some(Peer::Kubescape),
            Format::TrivyIgnore | Format::TrivyIgnoreYaml | Format::TrivyConfig => {
                Some(Peer::Trivy)
            }
            Format::CheckovConfig | Format::CheckovBaseline => Some(Peer::Checkov),
            Format::KubeLinterConfig => Some(Peer::KubeLinter),
            Format::Rego
            | Format::Manifest
            | Format::Dockerfile
            | Format::Template
            | Format::Broken
            | Format::Unknown => None,
        }
    }
}
