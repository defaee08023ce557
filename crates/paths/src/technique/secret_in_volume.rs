//! Secrets in the volumes of a container.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};
use crate::world::secrets_of;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read a Secret in a volume",
    severity: Some(Severity::Medium),
    from: &[Kind::Container],
    to: &[Kind::Secret],
    effect: "the files of the Secret",
    fix: "mount the Secret only into the container that needs it",
    references: &["https://kubernetes.io/docs/concepts/configuration/secret/"],
    attack: &["T1552.001"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    for mount in &container.facts.mounts {
        let volume = &container.class.facts.volumes[mount.volume];
        let secrets: Vec<_> = secrets_of(volume).collect();
        for secret in secrets {
            let facts = [
                Fact {
                    place: container.place(secret.node),
                    edit: container.place(volume.node.node),
                    cause: &cause::SECRET_VOLUME,
                },
                Fact::new(container.place(mount.node.node), &cause::MOUNTED),
            ];
            let evidence = finder.all_of(&facts);
            let to = finder.secret(container.class.namespace, secret.value);
            finder.edge(container.asset, to, evidence);
        }
    }
}
