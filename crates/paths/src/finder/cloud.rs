//! Service accounts that clouds take for identities of their own.

use super::Finder;
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::{Fact, Place};
use crate::read::annotation;

impl<'a> Finder<'_, 'a> {
    /// The service account of a pod or of itself, by namespace and name.
    pub(crate) fn account_behind(&self, asset: AssetId) -> Option<(String, String)> {
        let own = &self.assets.list[asset.index()];
        if own.kind == Kind::ServiceAccount {
            return Some((own.namespace.to_string(), own.name.to_string()));
        }
        let class = self.class_of(asset)?;
        let account = class.facts.account.value;
        Some((class.namespace.to_owned(), account.to_owned()))
    }

    /// An annotation of a service account that was scanned.
    pub(crate) fn account_annotation(
        &self,
        (namespace, name): (&str, &str),
        key: &str,
    ) -> Option<(&'a str, Fact)> {
        let resource = self.world.objects.account(namespace, name)?;
        let inventory = self.world.inventory;
        let object = inventory.resources.get(resource as usize)?.object();
        let node = annotation(object, key)?;
        let place = Place {
            resource,
            node: node.id(),
        };
        let text = node.as_str().filter(|text| !text.is_empty())?;
        Some((text, Fact::new(place, &cause::CLOUD_ROLE)))
    }

    /// An edge from whoever is, or runs as, an annotated account to what the annotation names.
    pub(crate) fn by_annotation(&mut self, asset: AssetId, key: &str) {
        let Some((namespace, name)) = self.account_behind(asset) else {
            return;
        };
        if let Some((identity, fact)) = self.account_annotation((&namespace, &name), key) {
            let evidence = self.all_of(&[fact]);
            let to = self.cloud(identity);
            self.edge(asset, to, evidence);
        }
    }
}
