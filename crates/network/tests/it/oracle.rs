//! Random clusters against the answers of cyclonus, the simulator that network plugins are tested with. The
//! program that printed them stands beside the data.

use network::{Outcome, Port, Protocol};

use crate::world::World;

const DATA: &str = include_str!("../data/cyclonus.txt");
const ENDS: [&str; 5] = ["p0", "p1", "p2", "p3", "192.0.2.200"];

/// Pods by their names, whatever their namespace, then the address outside.
fn end(world: &World, name: &str) -> network::Endpoint {
    let is_it = |pod: &network::PodId| {
        let place = world.network.place(*pod);
        *world.inventory.resources[place.resource as usize].name == *name
    };
    match world.network.pods().find(is_it) {
        Some(pod) => network::Endpoint::Pod(pod),
        None => world.end(name),
    }
}

/// Every question in the order of the program.
fn questions() -> impl Iterator<Item = (&'static str, &'static str, Port)> {
    let pairs = ENDS
        .iter()
        .flat_map(|from| ENDS.iter().map(move |to| (from, to)));
    pairs
        .filter(|(from, to)| from != to)
        .flat_map(|(from, to)| {
            (79..84).flat_map(move |number| {
                [Protocol::Tcp, Protocol::Udp]
                    .map(|protocol| (*from, *to, Port { protocol, number }))
            })
        })
}

#[test]
fn answers_are_those_of_cyclonus() {
    let mut count = 0;
    for case in DATA.split("case ").filter(|case| !case.is_empty()) {
        let (answers, objects) = case.split_once('\n').unwrap();
        let world = World::new(&objects.trim_end().replace('\n', "\n---\n"));
        assert_eq!(answers.len(), questions().count());
        for ((from, to, port), answer) in questions().zip(answers.chars()) {
            let expected = if answer == '1' {
                Outcome::Allowed
            } else {
                Outcome::Denied
            };
            let verdict = world
                .network
                .reach(end(&world, from), end(&world, to), port);
            assert_eq!(
                verdict.outcome, expected,
                "{from} -> {to} {port}\n{objects}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 60 * 200);
}
