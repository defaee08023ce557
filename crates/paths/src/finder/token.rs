//! Tokens of service accounts in pods.

use super::Finder;
use crate::asset::{Asset, AssetId, Kind};
use crate::cause;
use crate::evidence::{EvidenceId, Fact, Place};
use crate::read::field;
use crate::world::{PodClass, Source};

/// A volume that holds a token which the API server takes.
pub(crate) struct Token {
    /// The volume.
    pub(crate) asset: AssetId,
    pub(crate) evidence: EvidenceId,
    /// The position of the volume in the pod; `None` when the kubelet adds it to every container.
    volume: Option<usize>,
}

impl Token {
    /// Whether the pod names the volume itself.
    pub(crate) fn is_written(&self) -> bool {
        self.volume.is_some()
    }

    /// Whether a container of the class mounts it.
    pub(crate) fn is_in(&self, container: &crate::world::ContainerFacts<'_>) -> bool {
        self.volume
            .is_none_or(|volume| container.mounts.iter().any(|mount| mount.volume == volume))
    }
}

impl<'a> Finder<'_, 'a> {
    /// The tokens in the pods of a class.
    pub(crate) fn tokens(&mut self, class: &PodClass<'a>, pod: AssetId) -> Vec<Token> {
        let mut tokens = Vec::new();
        let account = class.facts.account;
        let runs_as = (account.node != class.facts.spec.node)
            .then(|| Fact::new(class.place(account.node), &cause::ACCOUNT));
        if let Some(facts) = self.automount(class) {
            let all: Vec<Fact> = facts.into_iter().chain(runs_as).collect();
            tokens.push(Token {
                asset: self.token_volume(pod, "kube-api-access"),
                evidence: self.all_of(&all),
                volume: None,
            });
        }
        for (position, volume) in class.facts.volumes.iter().enumerate() {
            if volume.name.as_str() == "kube-api-access" {
                continue;
            }
            let is_token = |source: &Source<'_>| match source {
                Source::Token(audience) => audience.is_none_or(is_for_api_server),
                _ => false,
            };
            let Some(source) = volume.sources.iter().find(|source| is_token(&source.value)) else {
                continue;
            };
            let fact = Fact::new(class.place(source.node), &cause::TOKEN_VOLUME);
            let all: Vec<Fact> = [fact].into_iter().chain(runs_as).collect();
            tokens.push(Token {
                asset: self.token_volume(pod, volume.name.as_str()),
                evidence: self.all_of(&all),
                volume: Some(position),
            });
        }
        tokens
    }

    /// The volumes that hold a token of someone who may do something.
    pub(crate) fn token_volumes(&mut self, class: &PodClass<'a>, pod: AssetId) -> Vec<AssetId> {
        let matters = self.world.account_of_matters(class);
        let tokens = self.tokens(class, pod).into_iter();
        tokens
            .filter(|token| matters || token.is_written())
            .map(|token| token.asset)
            .collect()
    }

    fn token_volume(&mut self, pod: AssetId, name: &'a str) -> AssetId {
        let mut asset = Asset::new(Kind::Volume, "", name);
        asset.parent = Some(pod);
        self.assets.add(asset)
    }

    /// Why the kubelet mounts a token; `None` when it does not.
    fn automount(&self, class: &PodClass<'a>) -> Option<Vec<Fact>> {
        let spec = class.place(class.facts.spec.node);
        let of_pod = |node| Fact {
            place: class.place(node),
            edit: spec,
            cause: &cause::TOKEN,
        };
        if let Some(own) = class.facts.automount {
            return own.value.then(|| vec![of_pod(own.node)]);
        }
        let default = of_pod(class.facts.spec.node);
        let account = self
            .world
            .objects
            .account(class.namespace, class.facts.account.value);
        let root = account.and_then(|account| self.world.root(account));
        let object = root.and_then(|root| {
            Some(
                self.world
                    .inventory
                    .resources
                    .get(root.resource as usize)?
                    .object(),
            )
        });
        let says = object.and_then(|object| field(object, "automountServiceAccountToken"));
        match (says.and_then(|node| Some((node, node.as_bool()?))), root) {
            (Some((_, false)), _) => None,
            (Some((node, true)), Some(root)) => {
                let of_account = Fact {
                    place: Place {
                        node: node.id(),
                        ..root
                    },
                    edit: root,
                    cause: &cause::TOKEN_OF_ACCOUNT,
                };
                Some(vec![default, of_account])
            }
            _ => Some(vec![default]),
        }
    }
}

/// Whether the API server takes tokens for an audience: as far as names tell.
fn is_for_api_server(audience: &str) -> bool {
    audience.contains("kubernetes.default") || audience == "api" || audience == "kubernetes"
}
