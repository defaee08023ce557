//! Objects that contradict the API, every value of every example in turn: nothing panics, and answers still come.

use std::path::Path;

use model::Severity;
use paths::Cut;

use crate::support::World;

/// Values that no field of that kind has.
const WRONG: [&str; 5] = ["[]", "{}", "7", "~", "'*'"];

#[test]
fn no_value_makes_it_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("techniques");
    let mut tried = 0;
    for entry in fs_err::read_dir(folder).unwrap() {
        let file = entry.unwrap().path().join("edge.yaml");
        let yaml = fs_err::read_to_string(&file).unwrap();
        let lines: Vec<&str> = yaml.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            let Some((key, value)) = line.split_once(": ") else {
                continue;
            };
            if value.starts_with(['|', '>']) {
                continue;
            }
            let wrong = WRONG[tried % WRONG.len()];
            tried += 1;
            let changed = format!("{key}: {wrong}");
            let mut lines = lines.clone();
            lines[number] = &changed;
            let Some(world) = World::try_new("wrong.yaml", &lines.join("\n"), tried % 2 == 0)
            else {
                continue;
            };
            let graph = world.graph();
            let question = graph.usual_question();
            let paths = graph.answer(&question, &Cut::none());
            for path in &paths {
                assert!(!path.edges.is_empty());
            }
            let found = graph.choke_points(&question, &Cut::none(), Severity::Low);
            for point in &found.points {
                // An edit is made or refused.
                let _ = graph.repair(&point.remedy);
            }
        }
    }
    assert!(tried > 500, "{tried}");
}
