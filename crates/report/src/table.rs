//! One line a finding, for pipes and `grep`.

use std::io::{self, Write};

use model::Report;

use crate::style::Paint;
use crate::view::shown;
use crate::{Options, frameworks, summary};

/// Writes `file:line:column: severity control: message (resource)`, then the closing lines.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    for view in shown(report) {
        writeln!(
            out,
            "{}: {} {}: {} ({})",
            view.detail.location.words(),
            paint.severity(view.finding.severity, view.finding.severity.as_str()),
            view.id(),
            view.detail.message,
            view.story()
        )?;
    }
    frameworks::render(report, options, out)?;
    summary::problems(report, paint, out)?;
    summary::closing(report, options, out)
}
