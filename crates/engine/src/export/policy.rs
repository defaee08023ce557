//! The YAML of a policy and of its binding.

use std::fmt::Write as _;

use catalog::Control;
use expr::PlainText;

use super::places::Place;
use super::resources::ResourceRule;
use super::{ExportSettings, OLDEST, Policy};

/// The end of all names.
const DOMAIN: &str = "seawall.dev";

/// A policy that is being made.
pub(super) struct Draft {
    place: Option<&'static Place>,
    rules: Vec<ResourceRule>,
    pub(super) validations: Vec<Validation>,
    pub(super) since: u32,
}

/// An expression that must hold, and of what it tells.
pub(super) struct Validation {
    expression: String,
    /// `a container`; empty: the object.
    of: &'static str,
}

impl Draft {
    pub(super) fn new(place: Option<&'static Place>, rules: Vec<ResourceRule>) -> Self {
        Draft {
            place,
            rules,
            validations: Vec::new(),
            since: OLDEST,
        }
    }

    /// Adds what must hold, for each element of a list where there is one; what always holds says nothing.
    pub(super) fn add(&mut self, passes: PlainText, list: Option<(&str, &str)>, of: &'static str) {
        let text = match passes {
            PlainText::Known(true) => return,
            PlainText::Known(false) => "false".to_owned(),
            PlainText::Text(text) => text,
        };
        self.validations.push(Validation {
            expression: Validation::over(text, list),
            of,
        });
    }

    /// The policy and its binding.
    pub(super) fn policy(
        &self,
        control: &Control,
        remediation: &str,
        settings: &ExportSettings,
    ) -> Policy {
        let id = &control.header.id;
        let name = match self.place {
            Some(place) => format!("{id}.{}.{DOMAIN}", place.name),
            None => format!("{id}.{DOMAIN}"),
        };
        let mut text = String::new();
        self.write_policy(control, remediation, &name, &mut text);
        write_binding(control, settings, &name, &mut text);
        Policy {
            name,
            control: id.clone(),
            since: self.since,
            text,
        }
    }

    fn write_policy(&self, control: &Control, remediation: &str, name: &str, out: &mut String) {
        let header = &control.header;
        head("ValidatingAdmissionPolicy", control, name, out);
        line(out, 1, "annotations:");
        line(
            out,
            2,
            &format!("seawall.dev/title: {}", quoted(&header.title)),
        );
        line(
            out,
            2,
            &format!("seawall.dev/severity: {}", header.severity),
        );
        line(
            out,
            2,
            &format!(
                "seawall.dev/kubernetes: {}",
                quoted(&format!(">= 1.{}", self.since))
            ),
        );
        line(out, 0, "spec:");
        line(out, 1, "failurePolicy: Fail");
        line(out, 1, "matchConstraints:");
        line(out, 2, "resourceRules:");
        for rule in &self.rules {
            line(out, 3, &format!("- apiGroups: [{}]", quoted(&rule.group)));
            line(
                out,
                3,
                &format!("  apiVersions: [{}]", quoted(&rule.version)),
            );
            line(out, 3, "  operations: [CREATE, UPDATE]");
            let resources: Vec<String> = rule.resources.iter().map(|it| quoted(it)).collect();
            line(out, 3, &format!("  resources: [{}]", resources.join(", ")));
        }
        self.write_variables(out);
        line(out, 1, "validations:");
        for validation in &self.validations {
            line(out, 2, "- expression: >-");
            for part in wrapped(&validation.expression) {
                line(out, 4, &part);
            }
            let of = if validation.of.is_empty() {
                String::new()
            } else {
                format!(" ({})", validation.of)
            };
            let message = format!("{}{of} [{}]: {remediation}", header.title, header.id);
            let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
            line(out, 3, &format!("message: {}", quoted(&message)));
        }
    }

    /// What the expressions call by a name. Dynamic, so that they mean the same for all versions of an API, whatever
    /// fields these have.
    fn write_variables(&self, out: &mut String) {
        let pod = self.place.map_or("", |place| place.spec);
        let metadata = self.place.map_or(String::new(), |place| {
            // Metadata of a template may be missing.
            match place.metadata.rsplit_once('.') {
                Some((before, last)) => format!("{before}.?{last}"),
                None => place.metadata.to_owned(),
            }
        });
        let all = [
            ("object", "dyn(object)".to_owned()),
            ("pod", format!("dyn({pod})")),
            (
                "metadata",
                format!("dyn({metadata}.hasValue() ? dyn({metadata}.value()) : dyn({{}}))"),
            ),
        ];
        let mut is_first = true;
        for (name, expression) in all {
            let is_used = |it: &Validation| it.expression.contains(&format!("variables.{name}"));
            if self.validations.iter().any(is_used) {
                if std::mem::take(&mut is_first) {
                    line(out, 1, "variables:");
                }
                line(out, 2, &format!("- name: {name}"));
                line(out, 2, &format!("  expression: {}", quoted(&expression)));
            }
        }
    }
}

fn write_binding(control: &Control, settings: &ExportSettings, name: &str, out: &mut String) {
    head("ValidatingAdmissionPolicyBinding", control, name, out);
    line(out, 0, "spec:");
    line(out, 1, &format!("policyName: {name}"));
    line(
        out,
        1,
        &format!("validationActions: [{}]", settings.actions.join(", ")),
    );
    if !settings.excluded_namespaces.is_empty() {
        let namespaces: Vec<String> = settings
            .excluded_namespaces
            .iter()
            .map(|it| quoted(it))
            .collect();
        line(out, 1, "matchResources:");
        line(out, 2, "namespaceSelector:");
        line(out, 3, "matchExpressions:");
        line(out, 3, "- key: kubernetes.io/metadata.name");
        line(out, 3, "  operator: NotIn");
        line(out, 3, &format!("  values: [{}]", namespaces.join(", ")));
    }
}

fn head(kind: &str, control: &Control, name: &str, out: &mut String) {
    line(out, 0, "---");
    line(out, 0, "apiVersion: admissionregistration.k8s.io/v1");
    line(out, 0, &format!("kind: {kind}"));
    line(out, 0, "metadata:");
    line(out, 1, &format!("name: {name}"));
    line(out, 1, "labels:");
    line(out, 2, "app.kubernetes.io/managed-by: seawall");
    line(
        out,
        2,
        &format!("seawall.dev/control: {}", control.header.id),
    );
}

fn line(out: &mut String, indent: usize, text: &str) {
    // Writing to memory does not fail.
    let _ = writeln!(out, "{:width$}{text}", "", width = 2 * indent);
}

/// A text as YAML and JSON write it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            other if other.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// Where lines are broken, in columns.
const WIDTH: usize = 110;

/// The lines of a folded scalar: broken at single spaces outside of literals, so that it reads back as it was.
fn wrapped(expression: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut last_space = None;
    let mut in_literal = false;
    let bytes = expression.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_literal => at += 1,
            b'"' => in_literal = !in_literal,
            b' ' if !in_literal => {
                let is_single = at > 0 && bytes[at - 1] != b' ' && bytes.get(at + 1) != Some(&b' ');
                if is_single {
                    last_space = Some(at);
                }
            }
            _ => {}
        }
        if at - start >= WIDTH
            && let Some(space) = last_space.take()
        {
            lines.push(expression[start..space].to_owned());
            start = space + 1;
        }
        at += 1;
    }
    lines.push(expression[start..].to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn folded_lines_read_back_as_they_were() {
        let literal = format!("\"{}\"", "a  b \\\" c ".repeat(30));
        let expression = format!(
            "{} && x == {literal} && {}",
            "abc || ".repeat(40),
            "y(1, 2) ".repeat(40).trim_end()
        );
        let lines = wrapped(&expression);
        assert!(lines.len() > 3);
        assert_eq!(lines.join(" "), expression);
        assert!(
            lines
                .iter()
                .all(|line| !line.starts_with(' ') && !line.ends_with(' '))
        );
    }
}
