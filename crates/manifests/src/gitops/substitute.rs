//! `postBuild` of Flux: variables in what was built. <https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution>

use std::collections::BTreeMap;
use std::sync::Arc;

use document::{Builder, Document, Keys, LimitExceeded, Limits, NodeRef, Replaced};

use super::node::text;

/// What objects are not touched for.
const SWITCH: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// Variables and their values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Substitution(pub(super) BTreeMap<String, String>);

impl Substitution {
    /// The document with values instead of `${name}`.
    pub(crate) fn apply(
        &self,
        document: &Document,
        keys: &Arc<Keys>,
        limits: &Limits,
    ) -> Result<Document, LimitExceeded> {
        let mut builder = Builder::new(keys, limits);
        for root in document.roots() {
            if is_switched_off(root) {
                builder.copy(root)?;
                continue;
            }
            builder.copy_replacing(root, &mut |node| {
                let text = node.as_str().filter(|text| text.contains('$'))?;
                Some(Replaced::Plain(self.text(text)))
            })?;
        }
        Ok(builder.finish())
    }

    /// A text with values instead of `${name}`, `${name:-default}` and `${name:=default}`; `$$` is a dollar.
    fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                // `$${name}` stays `${name}`.
                if let Some(end) = rest.strip_prefix('{').and_then(|inner| inner.find('}')) {
                    out.push_str(&rest[..end + 2]);
                    rest = &rest[end + 2..];
                }
                continue;
            }
            match rest
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'))
            {
                Some((inner, after)) if self.value(inner).is_some() => {
                    out.push_str(&self.value(inner).unwrap_or_default());
                    rest = after;
                }
                _ => out.push('$'),
            }
        }
        out.push_str(rest);
        out
    }

    /// What stands for the inside of the braces; `None` for what is no variable.
    fn value(&self, inner: &str) -> Option<String> {
        let end = inner.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
        let (name, operation) = inner.split_at(end.unwrap_or(inner.len()));
        let is_name = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        let value = self.0.get(name).filter(|value| !value.is_empty());
        if !is_name {
            return None;
        }
        match operation.get(..2) {
            None if operation.is_empty() => Some(value.cloned().unwrap_or_default()),
            Some(":-" | ":=") => Some(value.cloned().unwrap_or_else(|| operation[2..].to_owned())),
            _ if operation.starts_with(['-', '=']) => {
                let known = self.0.get(name).cloned();
                Some(known.unwrap_or_else(|| operation[1..].to_owned()))
            }
            _ => None,
        }
    }
}

fn is_switched_off(root: NodeRef<'_>) -> bool {
    ["labels", "annotations"]
        .iter()
        .any(|map| text(root, &["metadata", map, SWITCH]) == "disabled")
}

#[cfg(test)]
mod tests {
    use super::Substitution;

    #[test]
    fn variables_are_replaced_as_flux_does() {
        let pairs = [("a", "1"), ("empty", "")].map(|(key, value)| (key.into(), value.into()));
        let substitution = Substitution(pairs.into());
        let check =
            |text: &str, expected: &str| assert_eq!(substitution.text(text), expected, "{text}");
        check("x${a}y", "x1y");
        check("${b}", "");
        check("${b:-2}${b:=3}${a:-4}", "231");
        check("${empty:-5}${empty-6}", "5");
        check("$a $$ $${a} ${1}", "$a $ ${a} ${1}");
        check("${a", "${a");
    }
}
