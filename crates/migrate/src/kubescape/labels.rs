//! Label selectors of Kubernetes as labels that must all be there.

use std::collections::BTreeMap;

use document::NodeRef;

use super::NOT_IN;
use crate::input::location;
use crate::patterns;
use crate::reader::Reader;

/// The labels that a selector asks for, with globs over their values; what cannot be asked for is said.
pub(super) fn of_selector(
    reader: &mut Reader<'_>,
    selector: NodeRef<'_>,
) -> Option<BTreeMap<String, String>> {
    let mut labels = BTreeMap::new();
    let equal = selector.get_str("matchLabels");
    for entry in equal.into_iter().flat_map(NodeRef::entries) {
        let glob = entry.value.as_str().and_then(patterns::literal);
        let Some(glob) = glob else {
            reader.leave(&NOT_IN, location(entry.value), entry.name());
            return None;
        };
        labels.insert(entry.name().to_owned(), glob);
    }
    let expressions = selector.get_str("matchExpressions");
    for expression in expressions.into_iter().flat_map(NodeRef::items) {
        let name = expression.get_str("key").and_then(NodeRef::as_str);
        let glob = of_expression(expression);
        match (name, glob) {
            (Some(name), Some(glob)) if !labels.contains_key(name) => {
                labels.insert(name.to_owned(), glob);
            }
            _ => {
                let what = name.unwrap_or("matchExpressions");
                reader.leave(&NOT_IN, location(expression), what);
                return None;
            }
        }
    }
    Some(labels)
}

fn of_expression(expression: NodeRef<'_>) -> Option<String> {
    match expression.get_str("operator")?.as_str()? {
        "Exists" => Some("*".to_owned()),
        "In" => {
            let values = expression.get_str("values")?;
            let globs: Vec<String> = values
                .items()
                .map(|value| patterns::literal(value.as_str()?))
                .collect::<Option<_>>()?;
            one_of(&globs)
        }
        _ => None,
    }
}

/// The glob that matches what one of some globs matches.
pub(super) fn one_of(globs: &[String]) -> Option<String> {
    match globs {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(format!("{{{}}}", several.join(","))),
    }
}
