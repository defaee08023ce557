//! What must hold for any bytes read as a chart: a rendering or an error, the same with origins, and the same twice.

use helm::{Chart, Entry, EntryKind, Flag, FlagKind, Folder, Limits, Options, Resolved, render};

/// Files of a chart, cut from the input at lines of `=====`. What follows the last of them is a flag.
struct Files<'d>(Vec<&'d [u8]>);

const NAMES: [&str; 6] = [
    "Chart.yaml",
    "values.yaml",
    "templates/a.yaml",
    "templates/_b.tpl",
    "values.schema.json",
    "charts/d/templates/c.yaml",
];

const PLAIN: &[u8] = b"apiVersion: v2\nname: c\nversion: 1.0.0\n";

impl Folder for Files<'_> {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let path = path.trim_end_matches('/');
        (path == "chart" || self.read(path).is_ok()).then(|| Resolved {
            path: path.to_owned(),
            is_folder: path == "chart",
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let name = path.strip_prefix("chart/").unwrap_or(path);
        let index = NAMES.iter().position(|known| *known == name);
        let file = index.and_then(|index| self.0.get(index));
        match file {
            // Most inputs are about templates: they need a chart around them.
            Some(file) if name == "Chart.yaml" && file.is_empty() => Ok(PLAIN.to_vec()),
            Some(file) => Ok(file.to_vec()),
            None if name == "charts/d/Chart.yaml" => Ok(PLAIN.to_vec()),
            None => Err("not there".to_owned()),
        }
    }

    fn entries(&self, path: &str) -> Result<Vec<Entry>, String> {
        let below = path.strip_prefix("chart").unwrap_or(path);
        let below = below.trim_start_matches('/');
        let names = NAMES.iter().take(self.0.len()).copied();
        let names = names.chain(["charts/d/Chart.yaml"]);
        let mut entries: Vec<Entry> = names
            .filter_map(|name| {
                let rest = match below {
                    "" => name,
                    _ => name.strip_prefix(below)?.strip_prefix('/')?,
                };
                let (name, kind) = match rest.split_once('/') {
                    Some((folder, _)) => (folder, EntryKind::Folder),
                    None => (rest, EntryKind::File),
                };
                Some(Entry {
                    name: name.to_owned(),
                    kind,
                })
            })
            .collect();
        entries.sort();
        entries.dedup();
        Ok(entries)
    }
}

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let mut parts = Vec::new();
    let mut rest = data;
    let mark = b"\n=====\n";
    while let Some(end) = rest.windows(mark.len()).position(|window| window == mark) {
        parts.push(&rest[..=end]);
        rest = &rest[end + mark.len()..];
    }
    parts.push(rest);
    let flag = (parts.len() > NAMES.len()).then(|| parts.pop()).flatten();
    parts.truncate(NAMES.len());
    let flag = flag.and_then(|flag| std::str::from_utf8(flag).ok());
    let files = Files(parts);
    let print = |origins: bool| {
        let options = Options {
            flags: flag
                .into_iter()
                .map(|text| Flag::new(FlagKind::Set, text))
                .collect(),
            origins,
            limits: limits(),
            ..Options::default()
        };
        let chart = Chart::load(&files, "chart", &options.limits);
        let rendering = chart.and_then(|chart| render(&chart, &options));
        let rendering = rendering.map_err(|error| {
            if let Some((source, span)) = &error.place {
                assert!(
                    source
                        .text()
                        .get(span.start as usize..span.end as usize)
                        .is_some(),
                    "{error}"
                );
            }
            error.to_string()
        })?;
        if let Some(document) = &rendering.document {
            for index in 0..document.size() {
                let node = document.nth(index);
                let place = node.place();
                let written = place
                    .source
                    .text()
                    .get(place.span.start as usize..place.span.end as usize);
                assert!(written.is_some(), "{:?}", place.span);
                document.causes(node.origin()).for_each(drop);
            }
        }
        Ok::<_, String>(rendering.text.text().to_owned())
    };
    let plain = print(false);
    assert_eq!(plain, print(false));
    assert_eq!(plain, print(true));
}

fn limits() -> Limits {
    let mut limits = Limits {
        bytes: 1 << 20,
        files: 50,
        charts: 20,
        effort: 1,
        ..Limits::default()
    };
    limits.templates.steps = 10_000;
    limits.templates.bytes = 100_000;
    limits
}
