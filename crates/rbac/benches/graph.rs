//! Building the graph of 10,000 subjects and 5,000 roles, and asking it. The allocation profiler counts what each
//! of them allocates; the first lines give the size of the graph.

#[path = "graph/cluster.rs"]
mod cluster;

use std::io::Write as _;

use divan::{AllocProfiler, Bencher, black_box};
use rbac::{EscalationMemory, Escalator, Goal, Graph, Options, Request, Subject};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    let graph = graph();
    let mut out = std::io::stdout();
    let _ = writeln!(
        out,
        "{} subjects, {} bytes of tables",
        graph.subjects().len(),
        graph.memory()
    );
    divan::main();
}

fn graph() -> Graph {
    Graph::build(&cluster::inventory(), &Options::default())
}

const ACCOUNT: Subject<'_> = Subject::ServiceAccount {
    namespace: "team-16",
    name: "app-8",
};

#[divan::bench(sample_count = 20)]
fn build(bencher: Bencher<'_, '_>) {
    let inventory = cluster::inventory();
    bencher.bench(|| Graph::build(black_box(&inventory), &Options::default()));
}

#[divan::bench]
fn can(bencher: Bencher<'_, '_>) {
    let graph = graph();
    let request = Request::resource("get", "", "secrets").in_namespace("team-16");
    bencher.bench(|| graph.can(black_box(ACCOUNT), black_box(&request)));
}

#[divan::bench]
fn who_can_in_a_namespace(bencher: Bencher<'_, '_>) {
    let graph = graph();
    let request = Request::resource("get", "", "secrets").in_namespace("team-16");
    bencher.bench(|| graph.who_can(black_box(&request)));
}

#[divan::bench]
fn who_can_in_the_cluster(bencher: Bencher<'_, '_>) {
    let graph = graph();
    let request = Request::resource("create", "", "pods/exec");
    bencher.bench(|| graph.who_can(black_box(&request)));
}

#[divan::bench]
fn permissions(bencher: Bencher<'_, '_>) {
    let graph = graph();
    bencher.bench(|| graph.permissions(black_box(ACCOUNT)));
}

#[divan::bench]
fn escalations(bencher: Bencher<'_, '_>) {
    let graph = graph();
    let memory = EscalationMemory::new(&graph);
    let escalator = Escalator::new(&graph, &memory);
    bencher.bench(|| escalator.escalations(black_box(ACCOUNT)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn escalations_of_everyone(bencher: Bencher<'_, '_>) {
    let graph = graph();
    bencher.bench(|| {
        let memory = EscalationMemory::new(&graph);
        let escalator = Escalator::new(&graph, &memory);
        let all = graph.subjects();
        all.map(|id| escalator.escalations(graph.subject(id)).len())
            .sum::<usize>()
    });
}

#[divan::bench(sample_count = 20)]
fn can_become(bencher: Bencher<'_, '_>) {
    let graph = graph();
    let memory = EscalationMemory::new(&graph);
    let escalator = Escalator::new(&graph, &memory);
    bencher.bench(|| escalator.can_become(black_box(ACCOUNT)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn distances(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(graph).bench_values(|graph| {
        let memory = EscalationMemory::new(&graph);
        Escalator::new(&graph, &memory).distances(Goal::ClusterAdmin)
    });
}
