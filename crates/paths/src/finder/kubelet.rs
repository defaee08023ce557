//! Whoever is taken for the kubelet of any node.

use super::Finder;
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;

impl Finder<'_, '_> {
    /// Edges to what the Node authorizer lets a kubelet have: tokens of the service accounts of its pods and their
    /// Secrets; and to what is bound to all nodes. Nothing of this is root on a node.
    pub(crate) fn any_kubelet(
        &mut self,
        from: AssetId,
        evidence: EvidenceId,
        unknown: Option<&'static str>,
    ) {
        let reached = [
            self.group("system:nodes"),
            self.all(Kind::AllAccounts, None),
            self.all(Kind::AllSecrets, None),
        ];
        for to in reached {
            self.edge_if(from, to, evidence, unknown);
        }
    }
}
