//! `urlParse` and `urlJoin`.

use gotemplate::{Failure, Map, Signature, Value};

use super::{MAP_TYPE, TEXT};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::kind::kind_of;
use crate::url::{self, Url};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("urlParse", TEXT, parse),
    Entry::new("urlJoin", Signature::new(&[MAP_TYPE]), join),
];

fn parse(call: &mut Call<'_>) -> Answer {
    let url = Url::parse(&call.text(0))
        .map_err(|error| Failure::new(format!("unable to parse url: {error}")))?;
    let hostname = url.hostname().to_owned();
    let userinfo = url.user.as_deref().map(url::escaped_user);
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo.unwrap_or_default()),
    ];
    let origin = call.context.mixed(call.arguments[0].origin());
    let map: Map = parts
        .into_iter()
        .map(|(name, part)| (name, Value::from(part).with_origin(origin)))
        .collect();
    Ok(map.into())
}

/// A part of a URL, or nothing.
fn part(map: &Map, key: &str) -> Result<String, Failure> {
    match map.get(key) {
        None => Ok(String::new()),
        Some(value) => match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None if value.is_nil() => Err(Failure::new(crate::call::NIL_POINTER)),
            None => Err(Failure::new(format!(
                "unable to parse {key} key, must be of type string, but {} found",
                kind_of(&value)
            ))),
        },
    }
}

fn join(call: &mut Call<'_>) -> Answer {
    let map = call.map(0);
    let mut url = Url {
        scheme: part(&map, "scheme")?,
        host: part(&map, "host")?,
        path: part(&map, "path")?,
        query: part(&map, "query")?,
        opaque: part(&map, "opaque")?,
        fragment: part(&map, "fragment")?,
        user: None,
    };
    let userinfo = part(&map, "userinfo")?;
    if !userinfo.is_empty() {
        let parsed = Url::parse(&format!("proto://{userinfo}@host"))
            .map_err(|error| Failure::new(format!("unable to parse userinfo in dict: {error}")))?;
        url.user = parsed.user;
    }
    Ok(Value::from(url.text()))
}
