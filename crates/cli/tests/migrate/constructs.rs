//! The fixtures hold every construct of the tables that the readers and the documentation go by.

use std::path::Path;

use document::Source;
use fs_err as fs;
use migrate::{Construct, Input, Peer, migrate};

fn inputs(peer: Peer) -> Vec<Input> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/migrate")
        .join(peer.as_str());
    let mut inputs = Vec::new();
    visit(&root, &root, &mut inputs);
    inputs
}

fn visit(folder: &Path, root: &Path, inputs: &mut Vec<Input>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, root, inputs);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy();
            let name = name.replace('\\', "/");
            inputs.push(Input {
                source: Source::new(name.clone(), fs::read_to_string(&path).unwrap()),
                path: Some(name),
                is_named: false,
            });
        }
    }
}

#[test]
fn fixtures_hold_every_construct() {
    let catalog = engine::embedded_catalog().unwrap();
    for peer in Peer::ALL {
        let done = migrate(peer, &inputs(peer), &catalog);
        let is_met = |construct: &&'static Construct| {
            done.met.iter().any(|met| std::ptr::eq(*met, *construct))
        };
        // What stands on the command line is in no file.
        let missing: Vec<String> = peer
            .constructs()
            .into_iter()
            .filter(|construct| construct.file != "command line")
            .filter(|construct| !is_met(construct))
            .map(|construct| format!("{}: {}", construct.file, construct.name))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", peer.name());
    }
}
