//! Prints `docs/rbac-escalation.md`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(rbac::escalation_reference().as_bytes())
}
