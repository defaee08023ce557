//! The files of `crds/`.

use std::rc::Rc;
use std::sync::Arc;

use document::Source;

use crate::chart::{Chart, File};
use crate::error::Result;
use crate::node::Node;
use crate::options::Options;

/// The files of `crds/` of a chart and its dependencies, if they are asked for.
pub(super) fn resources(
    root: &Node<'_>,
    chart: &Chart<'_>,
    options: &Options<'_>,
) -> Result<Vec<(Rc<str>, Arc<Source>)>> {
    fn collect(
        node: &Node<'_>,
        path: &str,
        chart: &Chart<'_>,
        found: &mut Vec<(Rc<str>, Arc<Source>)>,
    ) -> Result<()> {
        for file in node.parts.files.iter().filter(|file| is_resource(file)) {
            let name = format!("{path}/{}", file.name).into();
            found.push((name, Arc::clone(file.source(&chart.reader)?)));
        }
        for child in &node.children {
            let path = format!("{path}/charts/{}", child.name);
            collect(child, &path, chart, found)?;
        }
        Ok(())
    }
    let mut found = Vec::new();
    if options.include_crds {
        collect(root, &root.name, chart, &mut found)?;
    }
    Ok(found)
}

fn is_resource(file: &File) -> bool {
    let extension = file.name.rsplit_once('.').map(|(_, extension)| extension);
    let is_manifest = extension.is_some_and(|extension| {
        let known = ["yaml", "yml", "json"];
        known
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    file.name.starts_with("crds/") && is_manifest
}
