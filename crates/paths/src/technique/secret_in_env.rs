//! Secrets in the environment of a container.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Read a Secret in the environment",
    severity: Some(Severity::Medium),
    from: &[Kind::Container],
    to: &[Kind::Secret],
    effect: "the values of the Secret that variables hold: also in crash dumps, child processes and `/proc`",
    fix: "mount the Secret as a file, or let the program fetch it",
    references: &["https://kubernetes.io/docs/concepts/security/secrets-good-practices/"],
    attack: &["T1552.007"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let mut secrets = container.facts.env_secrets.clone();
    secrets.dedup_by_key(|secret| secret.value);
    for secret in secrets {
        let of_secret = container
            .facts
            .env_secrets
            .iter()
            .filter(|own| own.value == secret.value);
        let facts: Vec<Fact> = of_secret
            .map(|own| Fact::new(container.place(own.node), &cause::SECRET_IN_ENV))
            .collect();
        let evidence = finder.any_of(&facts);
        let to = finder.secret(container.class.namespace, secret.value);
        finder.edge(container.asset, to, evidence);
    }
}
