//! What there is to say beside `seawall.yaml`: lines for people on standard error, or all of it as JSON.

use migrate::{Item, Level, Migration, Peer};
use model::Location;
use serde_json::{Value, json};

/// In this order, with these headings.
const LEVELS: [(Level, &str); 4] = [
    (Level::Lost, "could not be read"),
    (Level::Refused, "no counterpart"),
    (Level::Note, "to know"),
    (Level::Unneeded, "not needed"),
];

/// Prints the lines.
pub(super) fn items(done: &Migration, edited: bool) {
    for (level, heading) in LEVELS {
        let items: Vec<&Item> = done
            .items
            .iter()
            .filter(|item| item.level == level)
            .collect();
        if items.is_empty() {
            continue;
        }
        anstream::eprintln!("{heading} ({}):", items.len());
        for item in items {
            anstream::eprintln!("{}", line(item));
        }
    }
    if !done.comments.is_empty() {
        let heading = if edited {
            "comments written"
        } else {
            "comments to write, which --edit does"
        };
        anstream::eprintln!("{heading} ({}):", done.comments.len());
        for comment in &done.comments {
            anstream::eprintln!("{}: {}", place(&comment.at), comment.text);
        }
    }
    anstream::eprintln!(
        "{} entries of seawall.yaml; {} constructs without a counterpart",
        done.entries,
        count(done, Level::Refused)
    );
}

fn count(done: &Migration, level: Level) -> usize {
    done.items.iter().filter(|item| item.level == level).count()
}

fn line(item: &Item) -> String {
    let mut line = format!("{}: {}: {}", place(&item.at), item.what, item.why);
    if let Some(instead) = &item.instead {
        line += "; ";
        line += instead;
    }
    line
}

fn place(at: &Location) -> String {
    let start = at.start();
    format!("{}:{}:{}", at.file(), start.line, start.column)
}

/// All of it.
pub(super) fn json(peer: Peer, done: &Migration) -> Value {
    let items: Vec<Value> = done.items.iter().map(item).collect();
    let comments: Vec<Value> = done
        .comments
        .iter()
        .map(|comment| json!({ "location": location(&comment.at), "text": comment.text }))
        .collect();
    json!({
        "schema": "seawall.dev/migration/v1",
        "from": peer.as_str(),
        "entries": done.entries,
        "config": done.config,
        "items": items,
        "comments": comments,
    })
}

fn item(item: &Item) -> Value {
    let mut value = json!({
        "level": item.level.as_str(),
        "location": location(&item.at),
        "what": item.what,
        "why": item.why,
    });
    if let Some(instead) = &item.instead {
        value["instead"] = instead.as_str().into();
    }
    value
}

fn location(at: &Location) -> Value {
    let start = at.start();
    json!({ "file": at.file(), "line": start.line, "column": start.column })
}
