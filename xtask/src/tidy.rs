//! Holds the tree against what ARCHITECTURE.md and the style say.

mod controls;
mod cycles;
mod dependencies;
mod files;
mod imports;
mod licence;

use anyhow::{Result, bail};

use crate::workspace::say;

/// Gives one line for each thing to tidy.
type Part = fn() -> Result<Vec<String>>;

/// Runs every part; fails with all the lines that they found.
pub(crate) fn run() -> Result<()> {
    let parts: [(&str, Part); 5] = [
        ("imports", imports::run),
        ("cycles", cycles::run),
        ("files", files::run),
        ("controls", controls::run),
        ("dependencies", dependencies::run),
    ];
    let mut complaints = Vec::new();
    for (name, part) in parts {
        let found = part()?;
        say(&format!(
            "tidy {name}: {}",
            if found.is_empty() { "ok" } else { "untidy" }
        ));
        complaints.extend(found);
    }
    for line in &complaints {
        say(&format!("  {line}"));
    }
    if !complaints.is_empty() {
        bail!("{} things to tidy", complaints.len());
    }
    Ok(())
}
