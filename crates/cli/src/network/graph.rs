//! `seawall network graph`: all of the network, or what is around an end.

use std::process::ExitCode;

use network::{Endpoint, PodId};

use super::Traffic;
use super::ends::find;
use crate::answers::{self, OVERVIEW};
use crate::args::NetworkGraphArgs;
use crate::errors::Hinted;

pub(super) fn run(args: &NetworkGraphArgs) -> anyhow::Result<ExitCode> {
    let read = Traffic::read(&args.paths, &args.reading)?;
    let inventory = &read.scanned.inventory;
    let graph = match &args.around {
        None => read.network.picture(inventory)?,
        Some(word) => {
            let named = find(word, read.view())?;
            let pods: Vec<PodId> = named.ends.iter().filter_map(pod).collect();
            if pods.is_empty() {
                let hint = "`seawall network reach --to ADDRESS` tells who reaches an address";
                return Err(Hinted::new("an address has no place in the picture", hint).into());
            }
            let title = format!("Around {}", named.word);
            read.network
                .picture_around(inventory, &title, &pods, args.depth)?
        }
    };
    answers::write(
        &args.printing,
        &answers::picture(&graph, OVERVIEW, args.format)?,
    )?;
    Ok(read.finish(0))
}

fn pod(end: &Endpoint) -> Option<PodId> {
    match *end {
        Endpoint::Pod(pod) => Some(pod),
        Endpoint::Address(_) => None,
    }
}
