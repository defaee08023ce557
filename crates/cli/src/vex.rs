//! `--vex FILE`: what others state of flaws in products.

use std::path::PathBuf;

use anyhow::Context as _;
use engine::funnel::{Product, Statement};
use model::VexNote;

/// The statements of some files, in their order.
pub(crate) fn read(files: &[PathBuf]) -> anyhow::Result<Vec<Statement>> {
    let mut all = Vec::new();
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let bytes = fs_err::read(file)?;
        let found = images::vex::statements(&bytes);
        let found = found.with_context(|| format!("reading {name}"))?;
        all.extend(found.into_iter().map(|one| {
            Statement {
                ids: one.ids,
                products: one
                    .products
                    .into_iter()
                    .map(|(id, parts)| Product { id, parts })
                    .collect(),
                note: VexNote {
                    status: one.status,
                    justification: one.justification,
                    text: one.text,
                    at: name.clone(),
                },
            }
        }));
    }
    Ok(all)
}
