//! Any bytes as a feed, and as a database that is asked all that it can be asked.

#![no_main]

use advisories::{ChunkIndex, Database, Query, feed};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = feed::read(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = text.parse::<ChunkIndex>();
    }
    let Ok(database) = Database::open(data) else {
        return;
    };
    let _ = (database.is_intact(), database.signature(&[]), database.date(), database.sources().count());
    for (ecosystem, name) in [("PyPI", "foo-bar"), ("Debian:12", "foo"), ("Maven", "g:a")] {
        let query = Query { ecosystem: ecosystem.into(), name: name.into(), version: "1.0".into() };
        for found in database.matches(&query) {
            let _ = (found.advisory.id(), found.advisory.detail());
        }
    }
    if let Some(group) = database.group_of("CVE-2024-1") {
        let _ = group.advisories().take(100).count() + group.ids().take(100).count();
    }
    for advisory in database.advisories().take(100) {
        let _ = (advisory.id(), advisory.detail(), advisory.group().map(|group| group.name().len()));
    }
});
