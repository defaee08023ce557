//! Components of the control plane and of nodes as controls see them: one view of the flags that are in
//! force, from command lines, configuration files and the defaults of the version.

mod command;
mod embedded;
mod kubeadm;
mod shell;
mod table;
mod text;

use std::borrow::Cow;

use document::NodeRef;

use self::command::{Variable, command_lines, plain, variable};
use self::table::{FlagDefinition, default_gate, default_plugins, definition, kubeadm_default};
pub use self::table::{FlagKind, is_known_flag};
use self::text::{items, minor_of_image, text_of};
pub use self::text::{parse_bool, parse_seconds};
use crate::inventory::Resource;
use crate::pod::PodView;

/// A program of Kubernetes or of its store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Component {
    /// `kube-apiserver`.
    ApiServer,
    /// `kube-controller-manager`.
    ControllerManager,
    /// `kube-scheduler`.
    Scheduler,
    /// `etcd`.
    Etcd,
    /// `kubelet`.
    Kubelet,
    /// `kube-proxy`.
    KubeProxy,
    /// `cloud-controller-manager`.
    CloudControllerManager,
}

impl Component {
    /// All components.
    pub const ALL: [Component; 7] = [
        Component::ApiServer,
        Component::ControllerManager,
        Component::Scheduler,
        Component::Etcd,
        Component::Kubelet,
        Component::KubeProxy,
        Component::CloudControllerManager,
    ];

    /// The name of its program.
    pub fn as_str(self) -> &'static str {
        match self {
            Component::ApiServer => "kube-apiserver",
            Component::ControllerManager => "kube-controller-manager",
            Component::Scheduler => "kube-scheduler",
            Component::Etcd => "etcd",
            Component::Kubelet => "kubelet",
            Component::KubeProxy => "kube-proxy",
            Component::CloudControllerManager => "cloud-controller-manager",
        }
    }

    fn of_program(name: &str) -> Option<Self> {
        Component::ALL
            .into_iter()
            .find(|component| component.as_str() == name)
    }

    /// The kind of its configuration file.
    fn configuration(self) -> Option<(&'static str, &'static str)> {
        match self {
            Component::Kubelet => Some(("kubelet.config.k8s.io", "KubeletConfiguration")),
            Component::KubeProxy => Some(("kubeproxy.config.k8s.io", "KubeProxyConfiguration")),
            Component::Scheduler => {
                Some(("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration"))
            }
            _ => None,
        }
    }
}

/// Where a process was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProcessSource {
    /// On the command line of a container.
    Container,
    /// In its configuration file.
    Configuration,
    /// In a configuration of kubeadm, which starts it.
    Kubeadm,
}

impl ProcessSource {
    /// The word that controls use.
    pub fn as_str(self) -> &'static str {
        match self {
            ProcessSource::Container => "container",
            ProcessSource::Configuration => "configuration",
            ProcessSource::Kubeadm => "kubeadm",
        }
    }
}

/// A flag as written.
#[derive(Clone, Debug)]
struct Flag<'a> {
    name: Box<str>,
    text: FlagText,
    node: NodeRef<'a>,
}

#[derive(Clone, Debug)]
enum FlagText {
    Known(Box<str>),
    Unknown(Box<str>),
}

/// What a setting is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Setting<'a> {
    /// As a command line would say it; lists with commas between their items.
    Known(Cow<'a, str>),
    /// Not decidable, and why.
    Unknown(String),
}

/// The objects of a kind of configuration in an inventory.
#[derive(Clone, Copy, Debug)]
pub enum Configuration<'a> {
    /// None was scanned.
    Missing,
    /// There is one.
    One(ConfigurationFile<'a>),
    /// There are several, and which one is meant is open.
    Several,
}

/// A configuration file.
#[derive(Clone, Copy, Debug)]
pub enum ConfigurationFile<'a> {
    /// An object.
    Object(NodeRef<'a>),
    /// A text in a `ConfigMap`.
    Text(&'a ProcessView<'a>),
}

impl ConfigurationFile<'_> {
    /// What it says about a flag.
    fn text(self, flag: &FlagDefinition) -> Option<String> {
        match self {
            ConfigurationFile::Object(file) => field(file, flag.path()?).map(text_of),
            ConfigurationFile::Text(view) => match &view.written(flag.name).last()?.text {
                FlagText::Known(text) => Some(text.to_string()),
                FlagText::Unknown(_) => None,
            },
        }
    }
}

/// What a process depends on beyond its own text.
pub trait Surroundings<'a> {
    /// The minor version that is assumed.
    fn minor(&self) -> u32;

    /// The scanned configuration of a group and kind.
    fn configuration(&self, group: &str, kind: &str) -> Configuration<'a>;
}

/// A component with its flags. Borrowed from the inventory.
#[derive(Debug)]
pub struct ProcessView<'a> {
    component: Component,
    source: ProcessSource,
    node: NodeRef<'a>,
    /// Where flags that nobody wrote would stand.
    list: NodeRef<'a>,
    flags: Vec<Flag<'a>>,
    /// Why there may be flags that are not seen.
    open: Option<String>,
    /// The minor version that its image or configuration names.
    minor: Option<u32>,
    container: &'a str,
}

impl<'a> ProcessView<'a> {
    /// The components that a resource runs or configures, in the order of its text.
    pub fn of_resource(resource: &'a Resource, pods: &[PodView<'a>]) -> Vec<Self> {
        let mut found = Vec::new();
        for container in pods.iter().flat_map(PodView::containers) {
            for line in command_lines(container.node()) {
                let is_question = |flag: &Flag<'_>| matches!(&*flag.name, "version" | "help");
                if !line.flags.iter().any(is_question) {
                    found.push(ProcessView::of_line(
                        line,
                        container.node(),
                        container.name(),
                    ));
                }
            }
        }
        if pods.is_empty() {
            let object = resource.object();
            let (group, kind) = (resource.group(), &*resource.kind);
            let own = Component::ALL
                .into_iter()
                .find(|component| component.configuration() == Some((group, kind)));
            found.extend(own.map(|component| ProcessView::of_file(component, object)));
            if kind == "ConfigMap" && group.is_empty() {
                found.extend(embedded::processes(object));
            }
            if group == "kubeadm.k8s.io" {
                found.extend(kubeadm::processes(kind, object));
            }
        }
        found
    }

    fn of_line(line: command::CommandLine<'a>, container: NodeRef<'a>, name: &'a str) -> Self {
        let lists = ["args", "command"].into_iter();
        let lists = lists.filter_map(|field| container.get_str(field));
        let mut lists = lists.filter(|list| !list.is_empty()).peekable();
        let first = lists.peek().copied().unwrap_or(container);
        let last = line.flags.last().map(|flag| flag.node.id());
        let holds = |list: &NodeRef<'a>| list.items().any(|item| Some(item.id()) == last);
        ProcessView {
            component: line.component,
            source: ProcessSource::Container,
            node: container,
            list: lists.find(holds).unwrap_or(first),
            flags: line.flags,
            open: line.open,
            minor: minor_of_image(line.component, container),
            container: name,
        }
    }

    fn of_file(component: Component, object: NodeRef<'a>) -> Self {
        ProcessView {
            component,
            source: ProcessSource::Configuration,
            node: object,
            list: object,
            flags: Vec::new(),
            open: None,
            minor: None,
            container: "",
        }
    }

    /// Whether it is a configuration file of a kind.
    pub fn is_file(&self, group: &str, kind: &str) -> bool {
        self.source == ProcessSource::Configuration
            && self.component.configuration() == Some((group, kind))
    }

    /// Which component it is.
    pub fn component(&self) -> Component {
        self.component
    }

    /// Where it was seen.
    pub fn source(&self) -> ProcessSource {
        self.source
    }

    /// The container, or the configuration's mapping that is about it.
    pub fn node(&self) -> NodeRef<'a> {
        self.node
    }

    /// The name of its container; empty without one.
    pub fn container(&self) -> &'a str {
        self.container
    }

    /// The minor version that it runs: what its image or configuration says, else what is assumed.
    pub fn minor(&self, around: &dyn Surroundings<'a>) -> u32 {
        self.minor.unwrap_or_else(|| around.minor())
    }

    /// Whether a flag is written where the process was seen.
    pub fn is_written(&self, name: &str) -> bool {
        let path = definition(self.component, name).and_then(FlagDefinition::path);
        let in_file = || {
            self.source == ProcessSource::Configuration
                && path.is_some_and(|path| field(self.node, path).is_some())
        };
        self.written(name).next().is_some() || in_file()
    }

    /// Where a flag is written; else what comes nearest.
    pub fn place_of(&self, name: &str) -> NodeRef<'a> {
        if let Some(flag) = self.written(name).last() {
            return flag.node;
        }
        let path = definition(self.component, name).and_then(FlagDefinition::path);
        match (self.source, path) {
            (ProcessSource::Configuration, Some(path)) => {
                let mut node = self.node;
                for field in path.split('.') {
                    match node.get_str(field) {
                        Some(below) => node = below,
                        None => break,
                    }
                }
                node
            }
            (ProcessSource::Container, Some(_)) => {
                let named = self.written("config").last();
                named.map_or(self.list, |flag| flag.node)
            }
            _ => self.list,
        }
    }

    /// Whether the command line or the configuration says something about a flag.
    pub fn is_set(&self, name: &str, around: &dyn Surroundings<'a>) -> Result<bool, String> {
        if self.written(name).next().is_some() {
            return Ok(true);
        }
        if let Some(reason) = &self.open {
            return Err(reason.clone());
        }
        if let Some(variable) = self.environment(name) {
            return variable.map(|_| true);
        }
        if self.source == ProcessSource::Kubeadm && kubeadm_default(self.component, name).is_some()
        {
            return Ok(true);
        }
        let file = self.file(name, around).transpose()?;
        let definition = definition(self.component, name);
        Ok(file
            .zip(definition)
            .is_some_and(|(file, definition)| file.text(definition).is_some()))
    }

    /// The texts of a flag as written, lists split at their commas.
    pub fn texts(&self, name: &str) -> Result<Vec<&str>, String> {
        let mut texts = Vec::new();
        for flag in self.written(name) {
            match &flag.text {
                FlagText::Known(text) => texts.extend(items(text)),
                FlagText::Unknown(reason) => return Err(reason.to_string()),
            }
        }
        Ok(texts)
    }

    /// What a flag is in force as.
    pub fn value(&self, name: &str, around: &dyn Surroundings<'a>) -> Setting<'_> {
        self.resolve(name, around)
            .map_or_else(Setting::Unknown, Setting::Known)
    }

    /// The admission plugins that an API server runs.
    pub fn plugins(&self, around: &dyn Surroundings<'a>) -> Result<Vec<String>, String> {
        let list = |name: &str| {
            let text = self.resolve(name, around)?;
            Ok::<_, String>(items(&text).map(str::to_owned).collect::<Vec<_>>())
        };
        let exact = list("admission-control")?;
        if !exact.is_empty() {
            return Ok(exact);
        }
        let mut plugins = list("enable-admission-plugins")?;
        let disabled = list("disable-admission-plugins")?;
        for plugin in default_plugins(self.minor(around)) {
            if !plugins.iter().any(|name| name == plugin) {
                plugins.push(plugin.to_owned());
            }
        }
        // An API server does not start with a plugin in both lists: who wrote them wants it off.
        plugins.retain(|plugin| !disabled.contains(plugin));
        Ok(plugins)
    }

    /// Whether a feature gate is on.
    pub fn gate(&self, name: &str, around: &dyn Surroundings<'a>) -> Result<bool, String> {
        let gates = self.resolve("feature-gates", around)?;
        let pairs = items(&gates).filter_map(|pair| pair.split_once('='));
        let set = pairs
            .filter(|(gate, _)| gate.trim() == name)
            .map(|(_, value)| parse_bool(value.trim()))
            .last();
        match set {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(format!(
                "the feature gate `{name}` is neither true nor false"
            )),
            None => default_gate(name, self.minor(around))
                .ok_or_else(|| format!("the default of the feature gate `{name}` is not known")),
        }
    }

    fn written<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s Flag<'a>> {
        // With a file, etcd reads nothing else.
        let is_ignored = self.component == Component::Etcd
            && name != "config-file"
            && self.flags.iter().any(|flag| &*flag.name == "config-file");
        self.flags
            .iter()
            .filter(move |flag| !is_ignored && *flag.name == *name)
    }

    fn resolve(&self, name: &str, around: &dyn Surroundings<'a>) -> Result<Cow<'_, str>, String> {
        let definition = definition(self.component, name);
        let adds =
            definition.is_some_and(|flag| matches!(flag.kind, FlagKind::List | FlagKind::Map));
        if self.written(name).next().is_some() {
            return self.on_command_line(name, adds);
        }
        if let Some(reason) = &self.open {
            return Err(reason.clone());
        }
        if let Some(value) = self.environment(name) {
            return value.map(Cow::Borrowed);
        }
        if let Some(value) = self.delegated(name, around) {
            return value.map(Cow::Owned);
        }
        let Some(definition) = definition else {
            return Err(format!("the default of `--{name}` is not known"));
        };
        let minor = self.minor(around);
        match (self.file(name, around), definition.path()) {
            (Some(file), Some(_)) => {
                let default = || definition.default_in_file(minor).into();
                Ok(file?.text(definition).map_or_else(default, Cow::Owned))
            }
            (Some(Err(reason)), None) if self.component == Component::Etcd => Err(reason),
            (_, None) if self.source == ProcessSource::Configuration => Err(format!(
                "`--{name}` is set on the command line, which was not scanned"
            )),
            _ => {
                let own = match self.source {
                    ProcessSource::Kubeadm => kubeadm_default(self.component, name),
                    _ => None,
                };
                Ok(own.unwrap_or_else(|| definition.default(minor)).into())
            }
        }
    }

    fn on_command_line(&self, name: &str, adds: bool) -> Result<Cow<'_, str>, String> {
        let mut texts: Vec<&str> = Vec::new();
        for flag in self.written(name) {
            match &flag.text {
                FlagText::Known(text) if adds => texts.push(text),
                FlagText::Known(text) => texts = vec![text],
                FlagText::Unknown(reason) => return Err(reason.to_string()),
            }
        }
        Ok(match texts[..] {
            [only] => Cow::Borrowed(only),
            _ => Cow::Owned(texts.join(",")),
        })
    }

    /// What etcd takes from its environment.
    fn environment(&self, name: &str) -> Option<Result<&'a str, String>> {
        if self.component != Component::Etcd || self.source != ProcessSource::Container {
            return None;
        }
        let own = format!("ETCD_{}", name.replace('-', "_").to_ascii_uppercase());
        match variable(self.node, &own) {
            Variable::Known(value) => Some(Ok(value)),
            Variable::Unset => None,
            Variable::Unknown => Some(Err(format!("the value of `{own}` was not scanned"))),
        }
    }

    /// What a flag is where another flag hands the question over to a file.
    fn delegated(
        &self,
        name: &str,
        around: &dyn Surroundings<'a>,
    ) -> Option<Result<String, String>> {
        let (by, kind) = match (self.component, name) {
            (Component::ApiServer, "authorization-mode") => {
                ("authorization-config", "AuthorizationConfiguration")
            }
            (Component::ApiServer, "anonymous-auth") => {
                ("authentication-config", "AuthenticationConfiguration")
            }
            _ => return None,
        };
        self.written(by).next()?;
        match around.configuration("apiserver.config.k8s.io", kind) {
            Configuration::One(ConfigurationFile::Object(file)) if name == "anonymous-auth" => {
                let has_conditions = field(file, "anonymous.conditions")
                    .is_some_and(|conditions| !conditions.is_empty());
                field(file, "anonymous.enabled").map(|node| match node.as_bool() {
                    Some(true) if has_conditions => Ok("limited".to_owned()),
                    _ => Ok(text_of(node)),
                })
            }
            Configuration::One(ConfigurationFile::Object(file)) => {
                let authorizers = file.get_str("authorizers").into_iter();
                let types = authorizers
                    .flat_map(NodeRef::items)
                    .filter_map(|item| item.get_str("type")?.as_str());
                Some(Ok(types.collect::<Vec<_>>().join(",")))
            }
            Configuration::Missing | Configuration::One(ConfigurationFile::Text(_)) => {
                Some(Err(not_scanned(by)))
            }
            Configuration::Several => Some(Err(several(kind))),
        }
    }

    /// The configuration file that a process reads, where it reads one.
    fn file(
        &self,
        name: &str,
        around: &dyn Surroundings<'a>,
    ) -> Option<Result<ConfigurationFile<'a>, String>> {
        if self.source == ProcessSource::Configuration {
            return Some(Ok(ConfigurationFile::Object(self.node)));
        }
        if self.component == Component::Etcd {
            let is_set = self.flags.iter().any(|flag| &*flag.name == "config-file");
            return (is_set && name != "config-file").then(|| Err(not_scanned("config-file")));
        }
        let (group, kind) = self.component.configuration()?;
        definition(self.component, name)?.path()?;
        // Kubeadm starts the kubelet with a file.
        let is_given = |name: &str| self.flags.iter().any(|flag| &*flag.name == name);
        if self.source != ProcessSource::Kubeadm && !is_given("config") {
            return None;
        }
        if is_given("config-dir") {
            return Some(Err(not_scanned("config-dir")));
        }
        Some(match around.configuration(group, kind) {
            Configuration::One(file) => Ok(file),
            Configuration::Missing => Err(not_scanned("config")),
            Configuration::Several => Err(several(kind)),
        })
    }
}

fn not_scanned(flag: &str) -> String {
    format!("what `--{flag}` names was not scanned")
}

fn several(kind: &str) -> String {
    format!("several objects of kind {kind} were scanned, and which one is meant is not known")
}

/// A field by its path; `None` when it is absent or null.
fn field<'a>(file: NodeRef<'a>, path: &str) -> Option<NodeRef<'a>> {
    let node = path.split('.').try_fold(file, NodeRef::get_str)?;
    (!node.is_null()).then_some(node)
}

#[cfg(test)]
mod tests;
