//! What each template sees: the scopes of a chart and its dependencies.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use document::Role;
use gotemplate::{Map, Value};

use crate::chart::{File, Reader};
use crate::error::Result;
use crate::node::Node;
use crate::objects::{
    self, Capabilities, Content, Contents, Files, KubernetesVersion, ValuesObject,
};
use crate::options::Options;
use crate::values::{Sources, table_at};

/// What all charts of a rendering share.
pub(crate) struct Environment {
    release: Value,
    capabilities: Value,
    sources: Rc<Sources>,
    /// Set when a template looks at files that were not read.
    files_wanted: Rc<Cell<bool>>,
    reads_files: bool,
}

impl Environment {
    pub(crate) fn new(
        options: &Options<'_>,
        kubernetes: KubernetesVersion,
        sources: &Rc<Sources>,
        reads_files: bool,
    ) -> Self {
        let release = Map::from_iter([
            ("Name", Value::from(options.release_name.as_str())),
            ("Namespace", Value::from(options.namespace.as_str())),
            ("IsUpgrade", Value::from(options.is_upgrade)),
            ("IsInstall", Value::from(!options.is_upgrade)),
            ("Revision", Value::int(1)),
            ("Service", Value::from("Helm")),
        ]);
        Environment {
            release: release.into(),
            capabilities: Capabilities::value(kubernetes, &options.api_versions),
            sources: Rc::clone(sources),
            files_wanted: Rc::default(),
            reads_files,
        }
    }

    /// Whether files were wanted that were not read.
    pub(crate) fn lacked_files(&self) -> bool {
        self.files_wanted.get()
    }
}

/// All templates of a rendering with their scopes.
pub(crate) struct Scopes<'c> {
    /// By the names that Helm gives them.
    pub(crate) templates: BTreeMap<Rc<str>, Template<'c>>,
    scopes: Vec<Scope>,
}

pub(crate) struct Template<'c> {
    pub(crate) file: &'c File,
    /// Whether it belongs to a library: what it prints is what its callers want.
    pub(crate) is_of_library: bool,
    scope: usize,
}

/// What the templates of one chart see.
struct Scope {
    /// `.`
    dot: Value,
    map: Map,
    /// `.Template.BasePath`
    base_path: Value,
}

impl<'c> Scopes<'c> {
    /// The scopes of a chart and its dependencies with their values.
    pub(crate) fn new(
        root: &Node<'c>,
        values: &Map,
        environment: &Environment,
        reader: &Reader<'_>,
    ) -> Result<Self> {
        let mut scopes = Scopes {
            templates: BTreeMap::new(),
            scopes: Vec::new(),
        };
        scopes.chart(root, &root.name, values, environment, reader)?;
        Ok(scopes)
    }

    /// Adds a chart, and gives back what its parent sees of it.
    fn chart(
        &mut self,
        node: &Node<'c>,
        path: &str,
        values: &Map,
        environment: &Environment,
        reader: &Reader<'_>,
    ) -> Result<Map> {
        let is_root = self.scopes.is_empty();
        let subcharts = Map::new();
        let map = Map::from_iter([
            (
                "Chart",
                objects::chart(node, is_root, &environment.sources).into(),
            ),
            ("Files", files(node, environment, reader)?),
            ("Release", environment.release.clone()),
            ("Capabilities", environment.capabilities.clone()),
            ("Values", ValuesObject::value(values.clone())),
            ("Subcharts", subcharts.clone().into()),
        ]);
        let scope = self.scopes.len();
        self.scopes.push(Scope {
            dot: ValuesObject::value(map.clone()),
            map: map.clone(),
            base_path: Value::from(format!("{path}/templates")),
        });
        for child in &node.children {
            let below = table_at(values, &child.name).unwrap_or_default();
            let path = format!("{path}/charts/{}", child.name);
            let seen = self.chart(child, &path, &below, environment, reader)?;
            subcharts.insert(Rc::clone(&child.name), seen.into());
        }
        let is_library = node.metadata().is_library();
        for file in &node.parts.templates {
            let is_partial = crate::folder::base_name(&file.name).starts_with('_');
            if is_partial || !is_library {
                let name = format!("{path}/{}", file.name).into();
                let template = Template {
                    file,
                    is_of_library: is_library,
                    scope,
                };
                self.templates.insert(name, template);
            }
        }
        Ok(map)
    }

    /// All templates by their names, those that lie deepest first, as Helm parses and executes them.
    pub(crate) fn in_order(&self) -> Vec<(&Rc<str>, &Template<'c>)> {
        let depth = |name: &str| name.bytes().filter(|&byte| byte == b'/').count();
        let mut templates: Vec<_> = self.templates.iter().rev().collect();
        templates.sort_by_cached_key(|(name, _)| std::cmp::Reverse(depth(name)));
        templates
    }

    /// Makes a scope ready for one of its templates.
    pub(crate) fn enter(&self, name: &Rc<str>, template: &Template<'_>) -> Value {
        let scope = &self.scopes[template.scope];
        let template = Map::from_iter([
            ("Name", Value::from(Rc::clone(name))),
            ("BasePath", scope.base_path.clone()),
        ]);
        scope.map.insert("Template", ValuesObject::value(template));
        scope.dot.clone()
    }
}

/// `.Files` of a chart.
fn files(node: &Node<'_>, environment: &Environment, reader: &Reader<'_>) -> Result<Value> {
    if !environment.reads_files {
        return Ok(Files::unread(&environment.files_wanted));
    }
    let mut contents = Contents::new();
    for file in &node.parts.files {
        let bytes = Rc::clone(file.bytes(reader)?);
        let source = file.source(reader)?;
        let span = 0..source.text().len() as u32;
        let origin = environment.sources.place(source, span, Role::Value, "");
        contents.insert(Rc::clone(&file.name), Content { bytes, origin });
    }
    Ok(Files::value(Rc::new(contents)))
}
