//! Go programs: the version of Go, and the modules that they are made of.

mod build_info;
mod version;

use crate::language::go_module as module;
use crate::list::List;
use crate::package::Relationship;
use crate::reader::{File, ReadError, Reader, Told};
use build_info::BuildInfo;

use super::may_be_program;

pub(super) const READER: Reader = Reader {
    id: "go-binary",
    version: 1,
    wants: may_be_program,
    read,
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "the contract of readers: programs of other languages are no errors"
)]
fn read(file: &File<'_>) -> Result<Told, ReadError> {
    Ok(build_info::find(file.bytes).map_or_else(Told::default, |info| told(&info)))
}

fn told(info: &BuildInfo) -> Told {
    let mut list = List::default();
    let mut root = None;
    if let Some((path, version)) = info.main() {
        let version = version::of_main(path, version, info);
        if let Some(mut package) = module(path, &version) {
            package.relationship = Some(Relationship::Root);
            root = Some(list.add("", package));
        }
    }
    let mut add = |package: Option<crate::package::Package>| {
        let Some(package) = package else { return };
        let id = package.purl.clone();
        list.add(id.as_str(), package);
        if let Some(root) = root {
            list.need(root, id);
        }
    };
    if let Some(version) = version::of_go(&info.go) {
        let mut package = module("stdlib", &version);
        if let Some(package) = &mut package {
            package.relationship = Some(Relationship::Direct);
        }
        add(package);
    }
    for (path, version) in info.modules() {
        add(module(path, version));
    }
    list.told()
}

#[cfg(test)]
mod tests;
