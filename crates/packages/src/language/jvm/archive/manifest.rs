//! `META-INF/MANIFEST.MF`.

use super::license;
use crate::text;

/// What a manifest says of its archive; none of it need be what a repository knows it by.
#[derive(Default)]
pub(super) struct Manifest {
    pub(super) group: Option<String>,
    pub(super) title: Option<String>,
    pub(super) version: Option<String>,
    pub(super) licenses: Vec<String>,
}

impl Manifest {
    pub(super) fn read(text: &str) -> Self {
        let headers = text::headers(text);
        let value = |name: &str| {
            let mut named = headers.iter();
            let (_, value) = named.find(|(key, _)| *key == name)?;
            // Lines are broken anywhere; a value with `%` is the name of one elsewhere.
            let value = value.replace('\n', "");
            let value = value.trim();
            (!value.is_empty() && !value.starts_with('%')).then(|| value.to_owned())
        };
        let symbolic = value("Bundle-SymbolicName").map(|name| {
            let name = name.split(';').next().unwrap_or_default().trim();
            let group = name.rsplit_once('.').map_or(name, |(group, _)| group);
            group.to_owned()
        });
        Manifest {
            group: value("Implementation-Vendor-Id")
                .or(symbolic)
                .or_else(|| value("Implementation-Vendor"))
                .or_else(|| value("Specification-Vendor")),
            title: value("Implementation-Title")
                .or_else(|| value("Specification-Title"))
                .or_else(|| value("Bundle-Name")),
            version: value("Implementation-Version")
                .or_else(|| value("Specification-Version"))
                .or_else(|| value("Bundle-Version")),
            licenses: licenses(&headers, value("Bundle-License").as_deref()),
        }
    }
}

/// Those of a plugin of Jenkins, each in a header, or of a bundle, parted by commas.
fn licenses(headers: &[(&str, String)], bundle: Option<&str>) -> Vec<String> {
    let plugin: Vec<String> = headers
        .iter()
        .filter(|(key, _)| {
            let rest = key.strip_prefix("Plugin-License-Name");
            rest.is_some_and(|rest| {
                rest.trim_start_matches('-')
                    .chars()
                    .all(|c| c.is_ascii_digit())
            })
        })
        .map(|(_, value)| value.replace('\n', ""))
        .collect();
    if !plugin.is_empty() {
        return plugin;
    }
    let parts = bundle.unwrap_or_default().split(',');
    let names = parts.map(|part| {
        part.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches('"')
    });
    names
        .filter(|name| !name.is_empty())
        .map(|name| license::by_address(name).unwrap_or(name).to_owned())
        .collect()
}
