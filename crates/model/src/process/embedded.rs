//! Configuration files that lie as texts in `ConfigMap`s: kubeadm keeps those of kubelets and of kube-proxy so.

use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Source};

use super::table::flags_in_file;
use super::text::text_of;
use super::{Component, Flag, FlagText, ProcessSource, ProcessView, field};

/// The configuration files in a `ConfigMap`. What they say is located at the key that holds the text.
pub(super) fn processes(config_map: NodeRef<'_>) -> Vec<ProcessView<'_>> {
    let data = config_map.get_str("data").into_iter();
    let values = data.flat_map(NodeRef::entries);
    values
        .filter_map(|entry| process(entry.value, entry.value.as_str()?))
        .collect()
}

fn process<'a>(value: NodeRef<'a>, text: &str) -> Option<ProcessView<'a>> {
    let has_files = |component: &Component| {
        component
            .configuration()
            .is_some_and(|(group, _)| text.contains(group))
    };
    Component::ALL.into_iter().find(has_files)?;
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Source::new("", text), &keys, &Limits::default());
    let roots = parsed.document.roots();
    let mut found = roots.filter_map(|root| {
        let (group, _) = root.get_str("apiVersion")?.as_str()?.split_once('/')?;
        let kind = root.get_str("kind")?.as_str()?;
        let mut all = Component::ALL.into_iter();
        let component = all.find(|own| own.configuration() == Some((group, kind)))?;
        Some((component, root))
    });
    let (component, root) = found.next()?;
    let flags = flags_in_file(component).filter_map(|(name, path)| {
        Some(Flag {
            name: name.into(),
            text: FlagText::Known(text_of(field(root, path)?).into()),
            node: value,
        })
    });
    Some(ProcessView {
        component,
        source: ProcessSource::Configuration,
        node: value,
        list: value,
        flags: flags.collect(),
        open: None,
        minor: None,
        container: "",
    })
}
