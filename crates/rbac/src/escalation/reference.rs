//! The page on escalation, made from the tables.

use std::fmt::Write as _;

use super::{FAMILIES, Pattern, Scope, patterns};

/// `docs/rbac-escalation.md`.
pub fn escalation_reference() -> String {
    let mut page = format!(
        "# How permissions grow\n\n\
         <!-- Generated from the tables in crates/rbac/src/escalation by `cargo run -p rbac --example escalation_reference`. -->\n\n\
         {} patterns by which a subject gains more than its roles say. Each lists the requests that it needs (all of them), \
         and what must hold besides. `stronger` means: may do something that the subject may not.\n\n\
         A subject that may do everything has nothing to gain: no pattern is reported for it.\n",
        patterns().count()
    );
    for (family, patterns) in FAMILIES {
        let _ = write!(page, "\n## {family}\n");
        for pattern in *patterns {
            section(&mut page, pattern);
        }
    }
    page
}

fn section(page: &mut String, pattern: &Pattern) {
    let _ = write!(
        page,
        "\n### {}\n\n`{}` · {}\n\n",
        pattern.title, pattern.id, pattern.severity
    );
    let scope = match pattern.scope {
        Scope::Cluster => "in the whole cluster".to_owned(),
        Scope::Namespaced => "in a namespace".to_owned(),
        Scope::In(namespace) => format!("in the namespace {namespace}"),
    };
    let _ = writeln!(page, "Needs, {scope}:");
    for need in pattern.needs {
        let _ = writeln!(page, "- {need}");
    }
    if !pattern.precondition.is_empty() {
        let _ = write!(page, "\nProvided that {}.\n", pattern.precondition);
    }
    let _ = write!(
        page,
        "\nGains: {}.\n\nSource: <{}>\n",
        pattern.gain, pattern.reference
    );
}
