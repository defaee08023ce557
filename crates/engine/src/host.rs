//! What expressions see beyond the fields of the manifest: pods, containers, images, effective values.
//!
//! Host objects live in the arena of a chunk of resources; the views that they look through live a
//! little longer (`'r`).

mod effective;
mod image;
mod network;
mod pod;
mod process;
mod rbac;
mod references;
mod resource;

use catalog::{MEMBERS, method_number};
use expr::{MemberId, MethodId};

pub(crate) use self::image::ImageHost;
pub(crate) use self::pod::{ContainerHost, KubernetesHost, PodHost};
pub(crate) use self::process::{ClusterHost, ProcessHost};
pub(crate) use self::rbac::{SUBJECT_PARTS, SubjectHost};
pub(crate) use self::resource::ResourceHost;

/// The id of a method, by its name.
const fn method(name: &str) -> MethodId {
    MethodId(method_number(name))
}

/// The id of a member, by its name.
const fn member(name: &str) -> MemberId {
    let mut index = 0;
    while index < MEMBERS.len() {
        if equal(MEMBERS[index].as_bytes(), name.as_bytes()) {
            return MemberId(index as u16);
        }
        index += 1;
    }
    panic!("the member is not declared in catalog::MEMBERS")
}

const fn equal(left: &[u8], right: &[u8]) -> bool {
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    index == left.len() && index == right.len()
}
