//! What else escalation depends on: which service accounts there are and run pods, whose tokens lie in
//! Secrets, which namespaces hold pods to a standard.

use document::NodeRef;
use foldhash::fast::FixedState;
use hashbrown::HashSet;
use model::{PodMember, PodView};

use super::read::{At, Reader};
use crate::fields::Field;
use crate::names::Name;
use crate::tables::{ResourceIndex, SubjectId};

/// Facts beside roles and bindings.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Sorted by namespace when the graph is built.
    pub(crate) service_accounts: Vec<ServiceAccount>,
    known: HashSet<SubjectId, FixedState>,
    /// The objects of those that were scanned.
    pub(crate) written: Vec<(SubjectId, ResourceIndex)>,
    /// Those that pods run as, with what carries the pods; `None` when nobody looked at pods.
    pub(crate) running: Option<Vec<(SubjectId, ResourceIndex)>>,
    /// Secrets that hold the token of a service account.
    pub(crate) tokens: Vec<TokenSecret>,
    /// Namespaces that enforce the baseline or restricted standard.
    pub(crate) guarded: Vec<Name>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct ServiceAccount {
    pub(crate) namespace: Name,
    pub(crate) name: Name,
    pub(crate) subject: SubjectId,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenSecret {
    pub(crate) namespace: Name,
    pub(crate) secret: Name,
    pub(crate) subject: SubjectId,
}

impl Facts {
    pub(super) fn add_service_account(&mut self, account: ServiceAccount) {
        if self.known.insert(account.subject) {
            self.service_accounts.push(account);
        }
    }

    /// Sorts what is searched, and gives back what only reading needed.
    pub(crate) fn finish(&mut self) {
        self.service_accounts
            .sort_by_key(|account| (account.namespace, account.subject));
        self.known = HashSet::default();
        self.written.sort_unstable();
        if let Some(running) = &mut self.running {
            running.sort_unstable();
            running.dedup();
        }
        self.guarded.sort_unstable();
    }

    /// Whether pods run as a service account; said of all when nobody looked at pods.
    pub(crate) fn runs_pods(&self, subject: SubjectId) -> bool {
        let running = self.running.as_ref();
        running.is_none_or(|running| !of_subject(running, subject).is_empty())
    }

    /// The service accounts of a namespace.
    pub(crate) fn of_namespace(&self, namespace: Name) -> &[ServiceAccount] {
        let all = &self.service_accounts;
        let start = all.partition_point(|account| account.namespace < namespace);
        let end = all.partition_point(|account| account.namespace <= namespace);
        &all[start..end]
    }

    /// Whether a namespace refuses privileged pods.
    pub(crate) fn is_guarded(&self, namespace: Name) -> bool {
        self.guarded.binary_search(&namespace).is_ok()
    }

    pub(crate) fn memory(&self) -> usize {
        self.service_accounts.capacity() * size_of::<ServiceAccount>()
            + self.tokens.capacity() * size_of::<TokenSecret>()
            + self.running.as_ref().map_or(0, Vec::capacity) * 8
            + self.written.capacity() * 8
            + self.guarded.capacity() * 4
    }
}

/// The pairs of one subject.
pub(crate) fn of_subject(
    sorted: &[(SubjectId, ResourceIndex)],
    subject: SubjectId,
) -> &[(SubjectId, ResourceIndex)] {
    let start = sorted.partition_point(|(own, _)| *own < subject);
    let end = sorted.partition_point(|(own, _)| *own <= subject);
    &sorted[start..end]
}

impl Reader<'_> {
    /// Says that pods are looked at: a service account that none runs as runs none.
    pub(crate) fn look_at_pods(&mut self) {
        self.draft.facts.running.get_or_insert_default();
    }

    /// Notes the service account that a pod of a resource runs as.
    pub(crate) fn pod(&mut self, pod: &PodView<'_>, carrier: ResourceIndex) {
        let namespace = pod.resource().namespace.as_deref();
        let namespace = namespace.unwrap_or(self.default_namespace);
        let name = pod.effective(PodMember::ServiceAccountName).as_str();
        let subject = name.map(|name| self.draft.service_account(namespace, name));
        let running = self.draft.facts.running.get_or_insert_default();
        running.extend(subject.map(|subject| (subject, carrier)));
    }

    /// Notes a namespace that enforces a Pod Security Standard.
    pub(super) fn namespace(&mut self, at: At<'_>) {
        let object = at.resource.object();
        let metadata = self.field(at, object, Field::Metadata);
        let labels = metadata.and_then(|metadata| self.field(at, metadata, Field::Labels));
        let level = labels
            .and_then(|labels| labels.get_str("pod-security.kubernetes.io/enforce"))
            .and_then(NodeRef::as_str);
        if matches!(level, Some("baseline" | "restricted")) {
            let name = self.draft.names.intern(&at.resource.name);
            self.draft.facts.guarded.push(name);
        }
    }

    /// Notes a Secret that holds the token of a service account.
    pub(super) fn secret(&mut self, at: At<'_>) {
        let object = at.resource.object();
        let kind = self.field(at, object, Field::Type);
        if kind.and_then(NodeRef::as_str) != Some("kubernetes.io/service-account-token") {
            return;
        }
        let metadata = self.field(at, object, Field::Metadata);
        let notes = metadata.and_then(|metadata| self.field(at, metadata, Field::Annotations));
        let account = notes
            .and_then(|notes| notes.get_str("kubernetes.io/service-account.name"))
            .and_then(NodeRef::as_str);
        let Some(account) = account.filter(|account| !account.is_empty()) else {
            return;
        };
        let namespace = at.resource.namespace.as_deref();
        let namespace = namespace.unwrap_or(self.default_namespace);
        let subject = self.draft.service_account(namespace, account);
        let names = &mut self.draft.names;
        let token = TokenSecret {
            namespace: names.intern(namespace),
            secret: names.intern(&at.resource.name),
            subject,
        };
        self.draft.facts.tokens.push(token);
    }
}
