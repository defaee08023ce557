//! Drawing graphs as they are, and summaries of large ones. On one core of the machine that this was made on, 1,000 nodes
//! with 3,000 edges have to take at most 300 ms, and 10,000 nodes that are summarised 1 s.

use divan::Bencher;
use layout::summary::{Budget, fit};
use model::Graph;

#[path = "../tests/it/graphs.rs"]
mod graphs;
#[path = "../tests/it/samples.rs"]
mod samples;

fn main() {
    divan::main();
}

fn sample(name: &str, size: usize) -> Graph {
    match name {
        "network" => samples::network::network(size),
        "paths" => samples::paths::paths(size),
        _ => samples::rbac::rbac(size),
    }
}

const SAMPLES: [&str; 3] = ["rbac", "network", "paths"];

/// Everything, however much it is.
#[divan::bench(args = SAMPLES, consts = [10, 100, 1_000])]
fn whole<const SIZE: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let graph = sample(name, SIZE);
    bencher.bench(|| layout::svg(&graph));
}

/// The worst: no structure at all.
#[divan::bench(args = [(1_000, 3_000)])]
fn random(bencher: Bencher<'_, '_>, (nodes, edges): (usize, usize)) {
    let graph = graphs::graph(graphs::Shape {
        seed: 1,
        nodes,
        edges,
        groups: 0,
        layers: 0,
    });
    bencher.bench(|| layout::svg(&graph));
}

/// What commands print.
#[divan::bench(args = SAMPLES, consts = [1_000, 10_000])]
fn summarised<const SIZE: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let graph = sample(name, SIZE);
    bencher.bench(|| layout::svg(&fit(&graph, Budget::default())));
}
