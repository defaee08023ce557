//! Reads a JSON report, version 1, of this or a later version of the tool: fields that it does not know are skipped.

use model::{
    AppliedException, ControlRecord, FindingRecord, Fix, FixOperation, InstanceRecord,
    OriginRecord, Place, ProblemLevel, ProblemRecord, RelatedName, RenderedRecord, ReportRecord,
    ResourceName, Severity, State,
};
use serde::Deserialize;
use serde_json::Value;

/// What the first field of a report says.
const SCHEMA: &str = "seawall.dev/report/v1";

/// Bytes that are no report.
#[derive(Debug)]
pub enum ReadError {
    /// They are not JSON, or a field is not what it must be.
    Json(serde_json::Error),
    /// They are JSON of something else.
    Schema(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::Json(_) => f.write_str("it is no JSON report"),
            ReadError::Schema(schema) if schema.is_empty() => {
                write!(f, "it has no `schema`, which is `{SCHEMA}` in a report")
            }
            ReadError::Schema(schema) => write!(f, "its `schema` is `{schema}`, not `{SCHEMA}`"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Json(error) => Some(error),
            ReadError::Schema(_) => None,
        }
    }
}

/// Reads a report.
pub fn read(bytes: &[u8]) -> Result<ReportRecord, ReadError> {
    let head: Head = serde_json::from_slice(bytes).map_err(ReadError::Json)?;
    if head.schema != SCHEMA {
        return Err(ReadError::Schema(head.schema));
    }
    let report: Report = serde_json::from_slice(bytes).map_err(ReadError::Json)?;
    Ok(report.into_record())
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: String,
}

#[derive(Deserialize)]
struct Report {
    tool: Tool,
    date: String,
    target: Target,
    summary: Summary,
    controls: Vec<Control>,
    findings: Vec<Finding>,
    #[serde(default)]
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Tool {
    version: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    #[serde(default)]
    kubernetes_version: String,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(default)]
    resources: usize,
}

#[derive(Deserialize)]
struct Control {
    id: String,
    title: String,
    severity: Word<Severity>,
    #[serde(default)]
    aliases: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    /// Findings of other kinds have an advisory or a rule of their own instead.
    #[serde(alias = "advisory")]
    control: String,
    severity: Word<Severity>,
    state: Word<State>,
    fingerprint: String,
    #[serde(default)]
    resource: Resource,
    container: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    location: Location,
    #[serde(default)]
    related: Vec<Related>,
    evidence: Option<String>,
    #[serde(default)]
    origins: Vec<Origin>,
    rendered: Option<Rendered>,
    #[serde(default)]
    instances: Vec<Instance>,
    #[serde(default)]
    fix: Vec<Edit>,
    exception: Option<Exception>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Resource {
    api_version: String,
    kind: String,
    namespace: Option<String>,
    name: String,
    generate_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Location {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Deserialize)]
struct Origin {
    #[serde(default)]
    role: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    line: u32,
    #[serde(default)]
    column: u32,
    path: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Rendered {
    document: u32,
    line: u32,
    entry: String,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default)]
    entry: String,
    #[serde(default)]
    resource: Resource,
    #[serde(default)]
    fingerprint: String,
}

#[derive(Deserialize)]
struct Related {
    #[serde(default)]
    role: String,
    #[serde(flatten)]
    resource: Resource,
}

#[derive(Deserialize)]
struct Edit {
    op: Word<FixOperation>,
    path: String,
    value: Option<Value>,
    #[serde(default)]
    safe: bool,
}

#[derive(Deserialize)]
struct Exception {
    reason: String,
    owner: Option<String>,
    expires: Option<String>,
    #[serde(default)]
    at: String,
}

#[derive(Deserialize)]
struct Problem {
    level: Word<ProblemLevel>,
    kind: String,
    message: String,
    hint: Option<String>,
    #[serde(default)]
    location: Option<ProblemPlace>,
}

#[derive(Deserialize)]
struct ProblemPlace {
    file: String,
    line: Option<u32>,
}

impl Report {
    fn into_record(self) -> ReportRecord {
        let mut controls: Vec<ControlRecord> = self
            .controls
            .into_iter()
            .map(Control::into_record)
            .collect();
        controls.sort_by(|left, right| left.id.cmp(&right.id));
        ReportRecord {
            tool_version: self.tool.version,
            date: self.date,
            kubernetes_version: self.target.kubernetes_version,
            root: String::new(),
            resources: self.summary.resources,
            controls,
            findings: self
                .findings
                .into_iter()
                .map(Finding::into_record)
                .collect(),
            problems: self
                .problems
                .into_iter()
                .map(Problem::into_record)
                .collect(),
        }
    }
}

impl Control {
    fn into_record(self) -> ControlRecord {
        ControlRecord {
            id: self.id,
            title: self.title,
            severity: self.severity.0,
            why: String::new(),
            remediation: String::new(),
            references: Vec::new(),
            aliases: self.aliases.into_iter().collect(),
        }
    }
}

impl Finding {
    fn into_record(self) -> FindingRecord {
        let location = self.location;
        FindingRecord {
            control: self.control,
            severity: self.severity.0,
            state: self.state.0,
            fingerprint: self.fingerprint,
            resource: self.resource.into_name(),
            container: self.container,
            message: self.message,
            path: self.path,
            place: Place {
                file: location.file,
                line: location.line,
                column: location.column,
                end_line: location.end_line.max(location.line),
                end_column: location.end_column,
            },
            evidence: self.evidence,
            rendered: self.rendered.map(|rendered| {
                Box::new(RenderedRecord {
                    entry: rendered.entry,
                    document: rendered.document,
                    line: rendered.line,
                    origins: self.origins.into_iter().map(Origin::into_record).collect(),
                    instances: self
                        .instances
                        .into_iter()
                        .map(Instance::into_record)
                        .collect(),
                })
            }),
            fixes: self.fix.into_iter().map(Edit::into_fix).collect(),
            related: self.related.into_iter().map(Related::into_name).collect(),
            exception: self.exception.map(|exception| AppliedException {
                reason: exception.reason,
                owner: exception.owner,
                expires: exception.expires,
                at: exception.at,
            }),
            superseded_by: None,
            excerpt: None,
        }
    }
}

impl Origin {
    fn into_record(self) -> OriginRecord {
        OriginRecord {
            role: self.role,
            file: self.file,
            line: self.line,
            column: self.column,
            path: self.path,
        }
    }
}

impl Instance {
    fn into_record(self) -> InstanceRecord {
        InstanceRecord {
            entry: self.entry,
            resource: self.resource.into_name(),
            fingerprint: self.fingerprint,
        }
    }
}

impl Resource {
    fn into_name(self) -> ResourceName {
        ResourceName {
            api_version: self.api_version,
            kind: self.kind,
            namespace: self.namespace,
            name: self.name,
            generate_name: self.generate_name,
        }
    }
}

impl Related {
    fn into_name(self) -> RelatedName {
        RelatedName {
            role: self.role,
            resource: self.resource.into_name(),
        }
    }
}

impl Edit {
    fn into_fix(self) -> Fix {
        Fix {
            operation: self.op.0,
            path: self.path,
            value: self.value.map(|value| value.to_string()),
            safe: self.safe,
        }
    }
}

impl Problem {
    fn into_record(self) -> ProblemRecord {
        let (file, line) = self
            .location
            .map_or((String::new(), None), |place| (place.file, place.line));
        ProblemRecord {
            level: self.level.0,
            kind: self.kind,
            file,
            line,
            message: self.message,
            hint: self.hint,
        }
    }
}

/// A value of the model by the word that stands in reports.
struct Word<T>(T);

impl<'de, T: FromWord> Deserialize<'de> for Word<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        T::from_word(&word)
            .map(Word)
            .ok_or_else(|| serde::de::Error::custom(format!("`{word}` is no word for it")))
    }
}

trait FromWord: Sized {
    fn from_word(word: &str) -> Option<Self>;
}

impl FromWord for Severity {
    fn from_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

impl FromWord for State {
    fn from_word(word: &str) -> Option<Self> {
        let all = [State::New, State::Baselined, State::Excepted];
        all.into_iter().find(|state| state.as_str() == word)
    }
}

impl FromWord for FixOperation {
    fn from_word(word: &str) -> Option<Self> {
        let all = [
            FixOperation::Set,
            FixOperation::Remove,
            FixOperation::Append,
        ];
        all.into_iter().find(|operation| operation.as_str() == word)
    }
}

impl FromWord for ProblemLevel {
    fn from_word(word: &str) -> Option<Self> {
        let all = [ProblemLevel::Error, ProblemLevel::Unknown];
        all.into_iter().find(|level| level.as_str() == word)
    }
}
