//! Paths with slashes, as Go's `path` takes them apart. Paths of files are the same here.

use gotemplate::Value;

use super::TEXT;
use crate::call::{Answer, Call};
use crate::entry::Entry;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("base", TEXT, base),
    Entry::new("dir", TEXT, dir),
    Entry::new("clean", TEXT, |call| Ok(Value::from(clean(&call.text(0))))),
    Entry::new("ext", TEXT, ext),
    Entry::new("isAbs", TEXT, is_absolute),
    Entry::new("osBase", TEXT, base),
    Entry::new("osDir", TEXT, dir),
    Entry::new("osClean", TEXT, |call| {
        Ok(Value::from(clean(&call.text(0))))
    }),
    Entry::new("osExt", TEXT, ext),
    Entry::new("osIsAbs", TEXT, is_absolute),
];

fn base(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let trimmed = text.trim_end_matches('/');
    if trimmed.is_empty() {
        return Ok(Value::from(if text.is_empty() { "." } else { "/" }));
    }
    let start = trimmed.rfind('/').map_or(0, |slash| slash + 1);
    Ok(call.cut(0, start..trimmed.len()))
}

fn dir(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let end = text.rfind('/').map_or(0, |slash| slash + 1);
    Ok(Value::from(clean(&text[..end])))
}

/// The shortest path that means the same.
fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&last) if last != ".." => {
                    kept.pop();
                }
                _ if !is_rooted => kept.push(".."),
                _ => {}
            },
            _ => kept.push(part),
        }
    }
    let root = if is_rooted { "/" } else { "" };
    let cleaned = format!("{root}{}", kept.join("/"));
    if cleaned.is_empty() {
        ".".to_owned()
    } else {
        cleaned
    }
}

fn ext(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let start = text.rfind('/').map_or(0, |slash| slash + 1);
    let start = text[start..]
        .rfind('.')
        .map_or(text.len(), |dot| start + dot);
    Ok(call.cut(0, start..text.len()))
}

fn is_absolute(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(call.text(0).starts_with('/')))
}
