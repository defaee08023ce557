//! What every page has: the head with its policy, the way to the sections, the data and the script.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::foreign::Foreign;
use super::{Findings, data, island, listing};

/// How the page looks, on screens and on paper.
const STYLE: &str = include_str!("report.css");

/// What the page does, in one scope: what can be tested without a page first.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("query.js"),
    include_str!("view.js"),
    "})();\n"
);

/// A wave, as the page's icon.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Cpath fill='none' stroke='%230b6a8a' stroke-width='4' stroke-linecap='round' \
    d='M3 13c4-5 9-5 13 0s9 5 13 0M3 23c4-5 9-5 13 0s9 5 13 0'/%3E%3C/svg%3E";

/// A page in parts.
pub(super) struct Page<'p> {
    pub(super) title: String,
    pub(super) tool_version: &'p str,
    /// Sections: the id, what the bar above calls it, and what is in it.
    pub(super) sections: Vec<(&'static str, &'static str, Markup)>,
    pub(super) findings: &'p Findings<'p>,
}

/// Writes a page.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(head(page).into_string().as_bytes())?;
    out.write_all(b"<body>\n")?;
    out.write_all(top(page).into_string().as_bytes())?;
    out.write_all(b"\n<main>\n")?;
    for (.., section) in &page.sections {
        out.write_all(section.0.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.write_all(b"</main>\n<script type=\"application/json\" id=\"data\">")?;
    data::write(page.findings, &mut island::Island(out))?;
    out.write_all(b"</script>\n<script>")?;
    out.write_all(SCRIPT.as_bytes())?;
    out.write_all(b"</script>\n</body>\n</html>\n")
}

fn head(page: &Page<'_>) -> Markup {
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
            meta name="generator" content={ "Seawall " (page.tool_version) };
            title { (Foreign(&page.title)) }
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

/// The bar above everything: the way to each section.
fn top(page: &Page<'_>) -> Markup {
    html! {
        a.skip href="#findings" { "Skip to the findings" }
        header.top {
            a.brand href="#summary" { "Seawall" }
            nav aria-label="Sections" {
                @for (id, name, _) in &page.sections { a href={ "#" (id) } { (name) } }
            }
            button #theme type="button" hidden { "Dark" }
        }
    }
}

/// The place of the list that the script makes, and the list for readers without it.
pub(super) fn findings(findings: &Findings<'_>) -> Markup {
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if findings.rows.is_empty() {
                p { "None." }
            } @else {
                div #explorer hidden {}
                noscript { (listing::list(findings)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::base64;

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
}
