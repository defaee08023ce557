//! What Seawall's crates talk about: resources, pods and containers, findings, problems, reports, and neutral [`graph`]s for
//! people.
//!
//! Plain data and views on it. No I/O, no rendering, no serde.

mod api_resources;
mod build;
mod cluster_facts;
mod comparison;
mod digest;
mod effective;
mod entry;
mod fields;
pub mod graph;
mod image;
mod inventory;
mod pod;
mod problem;
mod problem_kind;
mod process;
mod provenance;
mod recognition;
mod record;
pub mod redact;
mod report;
mod severity;
#[cfg(test)]
mod testing;
mod vulnerability;
mod workload;

pub use api_resources::{ApiResource, ApiResources, plural_of_kind};
pub use build::{BUILD_GROUP, DOCKERFILE, IMAGE, is_build};
pub use cluster_facts::{Admission, ClusterFacts, ComponentVulnerability, FeatureGates};
pub use comparison::{Change, ComparedFinding, Comparison, Side};
pub use digest::{InputDigest, ReadFile, hexadecimal};
pub use effective::{ContainerMember, Effective, PodMember};
pub use entry::{Entry, Rendered};
pub use fields::{FieldKeys, key_names};
pub use graph::Graph;
pub use image::{ImageRef, InvalidImage};
pub use inventory::{Inventory, Resource};
pub use pod::{ContainerRole, ContainerView, PodView, Views};
pub use problem::{Location, Problem, ProblemLevel};
pub use problem_kind::ProblemKind;
pub use process::{
    Component, Configuration, ConfigurationFile, FlagKind, ProcessSource, ProcessView, Setting,
    Surroundings, is_known_flag, parse_bool, parse_seconds,
};
pub use provenance::{Origin, OriginRecord, Provenance};
pub use recognition::{Incomplete, Recognised, recognise};
pub use record::{
    ControlRecord, Excerpt, FindingRecord, InstanceRecord, Place, ProblemRecord, RelatedName,
    RenderedRecord, ReportRecord, ResourceName,
};
pub use report::{
    AppliedException, ControlInfo, ControlResult, Detail, Finding, Fix, FixOperation,
    FrameworkResult, Instance, LeftOpen, Related, RelatedObject, RenderedPlace, Report,
    RequirementResult, State, Status, Tally, Target, in_groups,
};
pub use severity::{InvalidVersion, KubernetesVersion, Profile, Severity, UnknownWord};
pub use vulnerability::{
    BuildFinding, DatabaseUsed, ExposedSecret, ImageLayer, ImageTarget, ListedPackage,
    PackageReport, Risk, System, VexNote, VexStatus, Vulnerability, VulnerablePackage,
};
pub use workload::{InvalidPath, Shape, TemplatePath, TemplateStep, WorkloadRow, WorkloadTable};
