//! `html`, `js` and `urlquery`.

use crate::format;
use crate::unicode;
use crate::value::Value;

/// The text that is escaped: all arguments as `print` writes them.
pub(super) fn printed(values: &[Value], limit: usize) -> Option<String> {
    if let [value] = values
        && let Some(text) = value.as_str()
    {
        return Some(text.to_owned());
    }
    let mut shown = values.to_vec();
    for value in &mut shown {
        if value.is_nil() {
            *value = Value::from("<no value>");
        } else if format::is_pointer(value) {
            *value = Value::from(format::pointed(value));
        }
    }
    format::sprint(&shown, limit)
}

pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for found in text.chars() {
        match found {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(found),
        }
    }
    out
}

pub(super) fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for found in text.chars() {
        match found {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => {
                out.push_str(&format!("\\u{:04X}", found as u32));
            }
            _ if found.is_ascii() || unicode::is_print(found) => out.push(found),
            _ => out.push_str(&format!("\\u{:04X}", found as u32)),
        }
    }
    out
}

pub(super) fn url_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
