//! One page for a browser and for paper: self-contained, readable without its script, and silent: its content
//! security policy lets nothing load and nothing run but the script and the style that are in it.

mod about;
mod accepted;
mod chart;
mod controls;
mod data;
mod foreign;
mod frameworks;
mod island;
mod listing;
mod open;
mod summary;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::{Report, Status};
use sha2::{Digest as _, Sha256};

use crate::Options;
use foreign::Foreign;

/// How the page looks, on screens and on paper.
const STYLE: &str = include_str!("html/report.css");

/// What the page does, in one scope: what can be tested without a page first.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("html/query.js"),
    include_str!("html/view.js"),
    "})();\n"
);

/// A wave, as the page's icon.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Cpath fill='none' stroke='%230b6a8a' stroke-width='4' stroke-linecap='round' \
    d='M3 13c4-5 9-5 13 0s9 5 13 0M3 23c4-5 9-5 13 0s9 5 13 0'/%3E%3C/svg%3E";

/// Writes the page.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let title = summary::title(report);
    out.write_all(head(&title, options).into_string().as_bytes())?;
    out.write_all(b"<body>\n")?;
    let sections = [
        top(report),
        html! { (PreEscaped("<main>")) },
        summary::section(report, options),
        frameworks::section(report),
        findings(report),
        accepted::section(report),
        open::section(report),
        controls::section(report),
        about::section(report, options),
        html! { (PreEscaped("</main>")) },
    ];
    for section in sections {
        out.write_all(section.into_string().as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.write_all(b"<script type=\"application/json\" id=\"data\">")?;
    data::write(report, &mut island::Island(out))?;
    out.write_all(b"</script>\n<script>")?;
    out.write_all(SCRIPT.as_bytes())?;
    out.write_all(b"</script>\n</body>\n</html>\n")
}

fn head(title: &str, options: &Options) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(content_security_policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            meta name="generator" content={ "Seawall " (options.tool_version) };
            title { (Foreign(title)) }
            link rel="icon" href=(ICON);
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Nothing loads, nothing is sent, no text becomes markup, and only what has these hashes runs or styles.
fn content_security_policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        source_hash(SCRIPT),
        source_hash(STYLE)
    )
}

/// A hash as content security policies write it.
fn source_hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for position in 0..3 {
            bits = bits << 8 | u32::from(group.get(position).copied().unwrap_or_default());
        }
        for position in 0..4 {
            let digit = (bits >> (18 - 6 * position) & 63) as usize;
            let is_there = position <= group.len();
            text.push(if is_there {
                char::from(DIGITS[digit])
            } else {
                '='
            });
        }
    }
    text
}

/// The bar above everything: where one is, and the way to each section.
fn top(report: &Report) -> Markup {
    html! {
        a.skip href="#findings" { "Skip to the findings" }
        header.top {
            a.brand href="#summary" { "Seawall" }
            nav aria-label="Sections" {
                a href="#summary" { "Summary" }
                @if !report.frameworks.is_empty() { a href="#frameworks" { "Frameworks" } }
                a href="#findings" { "Findings" }
                @if accepted::is_needed(report) { a href="#accepted" { "Accepted" } }
                @if open::is_needed(report) { a href="#open" { "Not evaluated" } }
                a href="#controls" { "Controls" }
                a href="#about" { "About" }
            }
            button #theme type="button" hidden { "Dark" }
        }
    }
}

/// The place of the list that the script makes, and the list for readers without it.
fn findings(report: &Report) -> Markup {
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if report.findings.is_empty() {
                p { "None." }
            } @else {
                div #explorer hidden {}
                noscript { (listing::list(report)) }
            }
        }
    }
}

/// A word with a mark of its own, so that colour is not all that tells one from another.
fn chip(class: &str, word: &str) -> Markup {
    html! { span class={ "chip " (class) } { (word) } }
}

/// The class for a status.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Failed => "failed",
        Status::NotEvaluated => "open",
        Status::Passed => "passed",
        Status::NotApplicable | Status::Manual => "none",
    }
}

/// `1 finding`, `10,000 findings`.
fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {word}{plural}", grouped(count))
}

/// A number with commas between groups of three digits.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A link out of the page, where the address is one of the web; else the text alone.
fn link(address: &str) -> Markup {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    html! {
        @if is_web {
            a href=(Foreign(address)) rel="noopener noreferrer" { (Foreign(address)) }
        } @else {
            (Foreign(address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{base64, grouped};

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let check = |text: &str, expected: &str| assert_eq!(base64(text.as_bytes()), expected);
        check("", "");
        check("f", "Zg==");
        check("fo", "Zm8=");
        check("foo", "Zm9v");
        check("foob", "Zm9vYg==");
        check("fooba", "Zm9vYmE=");
        check("foobar", "Zm9vYmFy");
    }

    #[test]
    fn large_numbers_are_grouped() {
        let check = |count, expected: &str| assert_eq!(grouped(count), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }
}
