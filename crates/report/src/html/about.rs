//! How to read the report, and how to show that another folder holds the same files.

use maud::{Markup, html};
use model::{InputDigest, Report, hexadecimal};

use super::counted;
use super::foreign::Foreign;
use crate::Options;

/// Longer lists of files are not printed unless the reader opens them.
const LONG: usize = 200;

/// The section.
pub(super) fn section(report: &Report, options: &Options) -> Markup {
    html! {
        section #about aria-labelledby="about-title" {
            h2 #about-title { "About this report" }
            dl.words {
                dt { "Finding" } dd { "One place where a control fails. " b { "New" } " ones count; " b { "baselined" } " ones were known before; " b { "excepted" } " ones somebody accepted, with a reason." }
                dt { "Passed" } dd { "Everything in scope was evaluated and nothing failed that is not excepted. What could not be evaluated never counts as passed." }
                dt { "Score" } dd { "Of a control: things passed / things evaluated. Of a framework: the mean over its requirements that have one." }
                dt { "Evaluated" } dd { "Requirements that passed or failed; the others are manual, met nothing in the scan, or could not be decided." }
                dt { "Date" } dd { (Foreign(&report.date)) ": the day that expiry and end-of-life dates were compared with." }
            }
            @if let Some(input) = &report.target.input { (digest(input)) }
            p.colophon { "Seawall " (options.tool_version) ". This page is one file; it loads nothing and sends nothing." }
        }
    }
}

fn digest(input: &InputDigest) -> Markup {
    html! {
        h3 #about-input { "Input" }
        p {
            (counted(input.files.len(), "file")) " were read as Kubernetes. The list below has the form of " code { "sha256sum" }
            ": saved to a file, " code { "sha256sum --check" } " holds it against a folder. Its own SHA-256 is the digest of the input:"
        }
        p { code.digest { (hexadecimal(&input.sha256)) } }
        details.quiet[input.files.len() > LONG] {
            summary { "Files and their digests" }
            pre.listing tabindex="0" aria-label="Files and their digests" { (Foreign(&input.listing())) }
        }
    }
}
