//! Which kinds carry pods, and where: one table, which users extend.

mod builtin;

use std::collections::HashMap;
use std::fmt;

use document::{KeyId, Keys, Kind, NodeRef};
use foldhash::fast::FixedState;

/// What lies at the path of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A pod template: `metadata` and `spec`. The object itself for a Pod.
    PodTemplate,
    /// A pod spec without metadata.
    PodSpec,
    /// Tekton: `steps`, `sidecars` and `stepTemplate`.
    Steps,
    /// Argo Workflows: `container`, `script`, `containerSet`, `initContainers`, `sidecars`.
    WorkflowTemplate,
    /// `containers` and `initContainers` that are put into pods which stand elsewhere.
    InjectedContainers,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    group: &'static str,
    kind: &'static str,
    path: &'static str,
    shape: Shape,
    /// Where the object keeps settings for all its pods.
    defaults: Option<&'static str>,
}

/// Where one kind carries a pod. Made from the built-in rows, or by users.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkloadRow {
    /// API group, any version; empty for the core group.
    pub group: Box<str>,
    /// Kind.
    pub kind: Box<str>,
    /// From the object to the pod template or spec.
    pub path: TemplatePath,
    /// What lies there.
    pub shape: Shape,
    /// From the object to the settings that hold for all its pods.
    pub defaults: Option<TemplatePath>,
}

impl WorkloadRow {
    /// A row for a pod template at a path such as `spec.tasks[*].template`.
    pub fn pod_template(group: &str, kind: &str, path: &str) -> Result<Self, InvalidPath> {
        Ok(WorkloadRow {
            group: group.into(),
            kind: kind.into(),
            path: TemplatePath::parse(path)?,
            shape: Shape::PodTemplate,
            defaults: None,
        })
    }

    /// A row for a pod spec without metadata.
    pub fn pod_spec(group: &str, kind: &str, path: &str) -> Result<Self, InvalidPath> {
        let row = WorkloadRow::pod_template(group, kind, path)?;
        Ok(WorkloadRow {
            shape: Shape::PodSpec,
            ..row
        })
    }
}

/// The kinds that carry pods: the built-in rows, and those of the user.
#[derive(Clone, Debug)]
pub struct WorkloadTable {
    rows: Vec<WorkloadRow>,
}

impl Default for WorkloadTable {
    /// The built-in rows.
    fn default() -> Self {
        let path = |text: &str| TemplatePath::parse(text).unwrap_or_default();
        let rows = builtin::ROWS.iter().map(|row| WorkloadRow {
            group: row.group.into(),
            kind: row.kind.into(),
            path: path(row.path),
            shape: row.shape,
            defaults: row.defaults.map(path),
        });
        WorkloadTable {
            rows: rows.collect(),
        }
    }
}

impl WorkloadTable {
    /// Adds a row unless the table has it.
    pub fn add(&mut self, row: WorkloadRow) {
        if !self.rows.contains(&row) {
            self.rows.push(row);
        }
    }

    /// All rows: the built-in ones, then the user's.
    pub fn rows(&self) -> &[WorkloadRow] {
        &self.rows
    }

    /// Whether objects of a kind carry pods.
    pub fn contains(&self, group: &str, kind: &str) -> bool {
        self.rows
            .iter()
            .any(|row| *row.group == *group && *row.kind == *kind)
    }

    /// The names on the paths: whoever makes the [`Keys`] of a scan puts them in.
    pub fn key_names(&self) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .flat_map(|row| std::iter::once(&row.path).chain(&row.defaults))
            .flat_map(|path| &path.0)
            .filter_map(|step| match step {
                TemplateStep::Key(name) => Some(&**name),
                TemplateStep::Items | TemplateStep::Values => None,
            })
    }
}

/// One step of a [`TemplatePath`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TemplateStep {
    /// Into a mapping.
    Key(Box<str>),
    /// Into every item of a sequence: `[*]`.
    Items,
    /// Into every value of a mapping: `.*`.
    Values,
}

/// A path to pod templates: `spec.template`, `spec.tasks[*].template`, `spec.replicaSpecs.*.template`;
/// empty for the object itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TemplatePath(pub Vec<TemplateStep>);

impl TemplatePath {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, InvalidPath> {
        let invalid = || InvalidPath(text.to_owned());
        let mut steps = Vec::new();
        if text.is_empty() {
            return Ok(TemplatePath(steps));
        }
        for part in text.split('.') {
            let name = part.trim_end_matches("[*]");
            match name {
                "*" => steps.push(TemplateStep::Values),
                "" => return Err(invalid()),
                name if name.contains(['[', ']', '*', ' ']) => return Err(invalid()),
                name => steps.push(TemplateStep::Key(name.into())),
            }
            let lists = (part.len() - name.len()) / "[*]".len();
            steps.extend(std::iter::repeat_n(TemplateStep::Items, lists));
        }
        Ok(TemplatePath(steps))
    }
}

impl fmt::Display for TemplatePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match step {
                TemplateStep::Key(name) => write!(f, "{dot}{name}")?,
                TemplateStep::Values => write!(f, "{dot}*")?,
                TemplateStep::Items => write!(f, "[*]")?,
            }
        }
        Ok(())
    }
}

/// A text that is no path to a pod template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidPath(pub String);

impl fmt::Display for InvalidPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no path such as spec.template or spec.tasks[*].template",
            self.0
        )
    }
}

impl std::error::Error for InvalidPath {}

/// The table with its names as key ids, found by kind.
#[derive(Clone, Debug)]
pub(crate) struct CompiledTable {
    by_kind: HashMap<Box<str>, Vec<CompiledRow>, FixedState>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledRow {
    group: Box<str>,
    path: CompiledPath,
    pub(crate) shape: Shape,
    defaults: Option<CompiledPath>,
}

#[derive(Clone, Debug)]
enum CompiledStep {
    Id(KeyId),
    Name(Box<str>),
    Items,
    Values,
}

type CompiledPath = Box<[CompiledStep]>;

impl CompiledTable {
    pub(crate) fn new(table: &WorkloadTable, keys: &Keys) -> Self {
        let mut by_kind: HashMap<Box<str>, Vec<CompiledRow>, FixedState> = HashMap::default();
        for row in &table.rows {
            by_kind
                .entry(row.kind.clone())
                .or_default()
                .push(CompiledRow {
                    group: row.group.clone(),
                    path: compile(&row.path, keys),
                    shape: row.shape,
                    defaults: row.defaults.as_ref().map(|path| compile(path, keys)),
                });
        }
        CompiledTable { by_kind }
    }

    pub(crate) fn rows(&self, group: &str, kind: &str) -> impl Iterator<Item = &CompiledRow> {
        let rows = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        rows.iter().filter(move |row| *row.group == *group)
    }
}

impl CompiledRow {
    /// The nodes at the row's path, in the order of the text.
    pub(crate) fn places<'a>(&self, object: NodeRef<'a>, found: &mut impl FnMut(NodeRef<'a>)) {
        resolve(object, &self.path, found);
    }

    pub(crate) fn defaults<'a>(&self, object: NodeRef<'a>) -> Option<NodeRef<'a>> {
        let mut first = None;
        resolve(object, self.defaults.as_deref()?, &mut |node| {
            first = first.or(Some(node));
        });
        first
    }
}

fn compile(path: &TemplatePath, keys: &Keys) -> CompiledPath {
    let steps = path.0.iter().map(|step| match step {
        TemplateStep::Key(name) => match keys.get(name) {
            Some(id) => CompiledStep::Id(id),
            None => CompiledStep::Name(name.clone()),
        },
        TemplateStep::Items => CompiledStep::Items,
        TemplateStep::Values => CompiledStep::Values,
    });
    steps.collect()
}

fn resolve<'a>(node: NodeRef<'a>, path: &[CompiledStep], found: &mut impl FnMut(NodeRef<'a>)) {
    let Some((step, rest)) = path.split_first() else {
        if node.kind() == Kind::Mapping {
            found(node);
        }
        return;
    };
    match step {
        CompiledStep::Id(id) => node
            .get(*id)
            .into_iter()
            .for_each(|next| resolve(next, rest, found)),
        CompiledStep::Name(name) => {
            node.get_str(name)
                .into_iter()
                .for_each(|next| resolve(next, rest, found));
        }
        CompiledStep::Items => node.items().for_each(|next| resolve(next, rest, found)),
        CompiledStep::Values => node
            .entries()
            .for_each(|entry| resolve(entry.value, rest, found)),
    }
}
