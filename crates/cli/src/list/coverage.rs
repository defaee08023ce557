//! How much of each framework controls decide.

use std::fmt::Write as _;

use catalog::FrameworkDefinition;
use serde_json::{Value, json};

use super::{pretty, table_csv};
use crate::args::ListFormat;

/// The table of all frameworks.
pub(super) fn table(all: &[FrameworkDefinition], format: ListFormat) -> anyhow::Result<String> {
    Ok(match format {
        ListFormat::Json => pretty(&all.iter().map(object).collect())?,
        ListFormat::Csv => table_csv(
            &[
                "id",
                "title",
                "version",
                "requirements",
                "automated",
                "partly",
                "manual",
                "controls",
            ],
            all.iter().map(row).collect(),
        ),
        ListFormat::Text => text(all),
    })
}

fn object(framework: &FrameworkDefinition) -> Value {
    let coverage = framework.coverage();
    json!({
        "id": framework.id,
        "title": framework.title,
        "version": framework.version,
        "requirements": coverage.requirements,
        "automated": coverage.automated,
        "partly": coverage.partly,
        "manual": coverage.manual,
        "controls": framework.control_ids(),
    })
}

fn row(framework: &FrameworkDefinition) -> Vec<String> {
    let coverage = framework.coverage();
    let texts = [&framework.id, &framework.title, &framework.version].map(Clone::clone);
    let numbers = [
        coverage.requirements,
        coverage.automated,
        coverage.partly,
        coverage.manual,
        coverage.controls,
    ];
    let numbers = numbers.map(|number| number.to_string());
    texts.into_iter().chain(numbers).collect()
}

fn text(all: &[FrameworkDefinition]) -> String {
    let ids = all.iter().map(|framework| framework.id.len());
    let width = ids.max().unwrap_or_default().max("framework".len());
    let mut text = format!(
        "{:width$}  requirements  automated  partly  manual  controls\n",
        "framework"
    );
    for framework in all {
        let coverage = framework.coverage();
        let _ = writeln!(
            text,
            "{:width$}  {:12}  {:9}  {:6}  {:6}  {:8}",
            framework.id,
            coverage.requirements,
            coverage.automated,
            coverage.partly,
            coverage.manual,
            coverage.controls
        );
    }
    text
}
