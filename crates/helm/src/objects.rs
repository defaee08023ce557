//! What templates see besides values: `.Chart`, `.Files`, `.Capabilities`, `.Release`, with the Go types that Helm
//! gives them, because templates can tell.

mod capabilities;
mod chart;
mod files;
mod glob;
mod values;

pub(crate) use capabilities::{Capabilities, KubernetesVersion};
pub(crate) use chart::chart;
pub(crate) use files::{Content, Contents, Files};
pub(crate) use values::ValuesObject;

use std::rc::Rc;

use gotemplate::{Host, Value};

/// A host object as a value.
fn object(host: impl Host + 'static) -> Value {
    let host: Rc<dyn Host> = Rc::new(host);
    Value::from(host)
}

/// A value as Helm's `toYaml` writes it; nothing where that is not possible.
fn to_yaml(value: &Value) -> String {
    sprig::yaml::encode(
        value,
        sprig::yaml::Style::default(),
        sprig::yaml::Budget::default(),
    )
    .unwrap_or_default()
}
