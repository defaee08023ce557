//! Draws a graph like those of a cluster, to look at what a change does to pictures:
//! `cargo run -p layout --example draw -- rbac 100 > rbac.svg`, with `network` or `paths` instead of `rbac`, and with `whole`
//! at the end to leave it as large as it is.

use std::io::Write;

use layout::summary::{Budget, fit};

#[path = "../tests/it/samples.rs"]
mod samples;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let size = arguments.get(2).and_then(|size| size.parse().ok());
    let size = size.unwrap_or(10);
    let graph = match arguments.get(1).map(String::as_str) {
        Some("network") => samples::network::network(size),
        Some("paths") => samples::paths::paths(size),
        _ => samples::rbac::rbac(size),
    };
    let graph = if arguments.get(3).is_some_and(|word| word == "whole") {
        graph
    } else {
        fit(&graph, Budget::default())
    };
    std::io::stdout().write_all(layout::svg(&graph).as_bytes())
}
