//! Exceptions: which findings somebody accepted, and which exceptions are themselves worth a look.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalog::is_date;
use document::{Document, NodeId};
use foldhash::fast::FixedState;
use model::{AppliedException, Location, Problem, ProblemKind, ProblemLevel, Resource};

use super::inline::{self, InlineException};
use super::rendered::RenderedExceptions;
use super::scope::Scope;
use super::selector::{Patterns, Selector};

/// Whether the author of a manifest may accept findings in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum InlinePolicy {
    /// Yes.
    #[default]
    Allow,
    /// Yes, and each such exception is listed among the problems.
    Report,
    /// No: the findings stay, and each such exception is listed among the problems.
    Deny,
}

/// An exception that the configuration declares.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The controls whose findings are accepted.
    pub controls: Vec<String>,
    /// On which resources.
    pub resources: Selector,
    /// In which containers, by name.
    pub containers: Patterns,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Where it is declared.
    pub at: Location,
}

/// What decides about exceptions, beside the exceptions themselves.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'s> {
    /// What inline exceptions may do.
    pub(crate) inline: InlinePolicy,
    /// Controls that inline exceptions cannot silence.
    pub(crate) locked: &'s [String],
    /// `YYYY-MM-DD`.
    pub(crate) date: &'s str,
    /// What is known of the word in the place of a control.
    pub(crate) known: &'s dyn Fn(&str) -> Known,
}

/// What is known of the word in the place of a control.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Known {
    /// The control of that id, or those that carry it as another scanner's id; with the index in the report
    /// of those that run in this scan.
    Controls(Vec<(String, Option<u32>)>),
    /// Nothing has that name; perhaps this was meant.
    No(Option<String>),
}

struct Entry {
    applied: AppliedException,
    control: String,
    at: Location,
    used: bool,
}

/// The exceptions of a scan that hold, ready to be asked.
pub(crate) struct Exceptions<'s> {
    entries: Vec<Entry>,
    /// Configured ones by control: the entry and whom it is about.
    configured: HashMap<u32, Vec<(usize, &'s Exception)>, FixedState>,
    /// Inline ones by control and document, as nested scopes.
    inline: HashMap<(u32, usize), Nest, FixedState>,
    /// What was made of the inline ones: several renderings carry the same.
    admitted: HashMap<(String, u32, String), Option<Admitted>, FixedState>,
    problems: Vec<Problem>,
}

/// An inline exception that holds: its entry, and the controls that run.
#[derive(Clone)]
struct Admitted {
    entry: usize,
    controls: Vec<u32>,
}

impl<'s> Exceptions<'s> {
    /// Takes the configured exceptions, and finds the inline ones of the resources' documents.
    pub(crate) fn new(
        configured: &'s [Exception],
        resources: &[Resource],
        rules: &Rules<'_>,
    ) -> Self {
        let mut exceptions = Exceptions {
            entries: Vec::new(),
            configured: HashMap::default(),
            inline: HashMap::default(),
            admitted: HashMap::default(),
            problems: Vec::new(),
        };
        for exception in configured {
            exceptions.configure(exception, rules);
        }
        let mut rendered = RenderedExceptions::default();
        let mut seen: HashSet<usize, FixedState> = HashSet::default();
        for resource in resources {
            let document = &resource.document;
            if !seen.insert(address(document)) {
                continue;
            }
            let found = if resource.rendered.is_some() {
                let mut found = rendered.find(document);
                found.extend(inline::annotations(document));
                found
            } else {
                inline::find(document)
            };
            for found in found {
                exceptions.add_inline(document, &found, rules);
            }
        }
        exceptions.inline.values_mut().for_each(Nest::close);
        exceptions
    }

    /// Whether there is nothing to ask.
    pub(crate) fn is_empty(&self) -> bool {
        self.configured.is_empty() && self.inline.is_empty()
    }

    /// The exception that accepts a finding; marks it, and every other one that would, as used.
    pub(crate) fn accept(
        &mut self,
        control: u32,
        resource: &Resource,
        node: NodeId,
        container: impl FnOnce() -> Option<String>,
    ) -> Option<usize> {
        let mut found = Vec::new();
        if let Some(candidates) = self.configured.get(&control) {
            let fitting = candidates
                .iter()
                .filter(|(_, exception)| exception.resources.matches(resource));
            let mut fitting = fitting.peekable();
            let container = if fitting.peek().is_some() {
                container()
            } else {
                None
            };
            let named = container.as_deref().unwrap_or_default();
            found.extend(
                fitting
                    .filter(|(_, exception)| exception.containers.matches(named))
                    .map(|(entry, _)| *entry),
            );
        }
        if let Some(nest) = self.inline.get(&(control, address(&resource.document))) {
            found.extend(nest.around(node));
        }
        for &entry in &found {
            self.entries[entry].used = true;
        }
        found.first().copied()
    }

    /// What an entry says in the report.
    pub(crate) fn applied(&self, entry: usize) -> &AppliedException {
        &self.entries[entry].applied
    }

    /// The problems with exceptions, once all findings were asked about.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        for entry in self.entries.iter().filter(|entry| !entry.used) {
            self.problems.push(problem(
                ProblemKind::ExceptionUnused,
                &entry.at,
                format!("nothing here needs the exception from `{}`", entry.control),
                Some("remove it".to_owned()),
            ));
        }
        self.problems
    }

    fn configure(&mut self, exception: &'s Exception, rules: &Rules<'_>) {
        let applied = AppliedException {
            reason: exception.reason.clone(),
            owner: exception.owner.clone(),
            expires: exception.expires.clone(),
            at: String::new(),
        };
        let mut named = Vec::new();
        for control in &exception.controls {
            named.extend(
                self.named(control, &exception.at, rules)
                    .unwrap_or_default(),
            );
        }
        // Several ids may stand for the same control.
        named.sort();
        named.dedup();
        let control = exception.controls.join(", ");
        let Some(entry) = self.admit(&control, &named, applied, &exception.at, rules) else {
            return;
        };
        for index in running(&named) {
            let exceptions = self.configured.entry(index).or_default();
            exceptions.push((entry, exception));
        }
    }

    fn add_inline(&mut self, document: &Arc<Document>, found: &InlineException, rules: &Rules<'_>) {
        let (file, start) = (found.at.file().to_owned(), found.at.span.start);
        let place = (file, start, found.control.clone());
        let known = self.admitted.get(&place).cloned();
        let admitted = known.unwrap_or_else(|| {
            let admitted = self.admit_inline(found, rules);
            self.admitted.insert(place, admitted.clone());
            admitted
        });
        let Some(Admitted { entry, controls }) = admitted else {
            return;
        };
        for index in controls {
            let nest = self.inline.entry((index, address(document))).or_default();
            let nested = found.scopes.iter().map(|&scope| Nested {
                scope,
                entry,
                parent: None,
            });
            nest.scopes.extend(nested);
        }
    }

    /// Makes an entry of an inline exception that holds; what is wrong with another one is a problem.
    fn admit_inline(&mut self, found: &InlineException, rules: &Rules<'_>) -> Option<Admitted> {
        let InlineException {
            control,
            applied,
            at,
            ..
        } = found;
        if applied.reason.is_empty() {
            let message =
                format!("the exception from `{control}` gives no reason and is not applied");
            let hint = Some("write why the finding is acceptable".to_owned());
            self.problems.push(problem(
                ProblemKind::ExceptionWithoutReason,
                at,
                message,
                hint,
            ));
            return None;
        }
        if rules.inline == InlinePolicy::Deny {
            let message =
                format!("inline exceptions are denied: the one from `{control}` is not applied");
            let hint = Some("move it to the configuration file".to_owned());
            self.problems
                .push(problem(ProblemKind::ExceptionDenied, at, message, hint));
            return None;
        }
        let mut named = self.named(control, at, rules)?;
        named.retain(|(id, _)| {
            let is_locked = rules.locked.contains(id);
            if is_locked {
                let message = format!("`{id}` is locked: no inline exception can silence it");
                self.problems
                    .push(problem(ProblemKind::ExceptionLocked, at, message, None));
            }
            !is_locked
        });
        let entry = self.admit(control, &named, applied.clone(), at, rules)?;
        if rules.inline == InlinePolicy::Report {
            let message = format!("an inline exception from `{control}` is applied");
            self.problems
                .push(problem(ProblemKind::ExceptionInline, at, message, None));
        }
        let controls = running(&named).collect();
        Some(Admitted { entry, controls })
    }

    /// The controls that an exception is about; that there are none is a problem.
    fn named(
        &mut self,
        control: &str,
        at: &Location,
        rules: &Rules<'_>,
    ) -> Option<Vec<(String, Option<u32>)>> {
        let meant = match (rules.known)(control) {
            Known::Controls(named) => return Some(named),
            Known::No(meant) => meant,
        };
        let message = if control.is_empty() {
            "the exception names no control".to_owned()
        } else {
            format!("the exception names the unknown control `{control}`")
        };
        let hint = meant.map(|id| format!("did you mean `{id}`?"));
        let kind = ProblemKind::ExceptionUnknownControl;
        self.problems.push(problem(kind, at, message, hint));
        None
    }

    /// Makes an entry of what holds: a day that is not over. An exception from controls that do not run is
    /// silently left alone.
    fn admit(
        &mut self,
        control: &str,
        named: &[(String, Option<u32>)],
        mut applied: AppliedException,
        at: &Location,
        rules: &Rules<'_>,
    ) -> Option<usize> {
        if let Some(expires) = &applied.expires {
            if !is_date(expires) {
                let message = format!("`{expires}` is no date such as 2027-01-31");
                self.problems.push(problem(
                    ProblemKind::ExceptionInvalidDate,
                    at,
                    message,
                    None,
                ));
                return None;
            }
            if expires.as_str() < rules.date {
                let message = format!("the exception from `{control}` expired on {expires}");
                let hint = Some("solve the finding, or extend the exception".to_owned());
                self.problems
                    .push(problem(ProblemKind::ExceptionExpired, at, message, hint));
                return None;
            }
        }
        running(named).next()?;
        applied.at = declared_at(at);
        self.entries.push(Entry {
            applied,
            control: control.to_owned(),
            at: at.clone(),
            used: false,
        });
        Some(self.entries.len() - 1)
    }
}

/// The controls that run in this scan.
fn running(named: &[(String, Option<u32>)]) -> impl Iterator<Item = u32> + '_ {
    named.iter().filter_map(|&(_, index)| index)
}

/// Where an exception is declared, as reports say it.
pub(super) fn declared_at(at: &Location) -> String {
    format!("{}:{}", at.file(), at.start().line)
}

/// What is worth a look at an exception, where it is declared.
pub(super) fn problem(
    kind: ProblemKind,
    at: &Location,
    message: String,
    hint: Option<String>,
) -> Problem {
    Problem {
        level: ProblemLevel::Unknown,
        kind,
        file: at.file().to_owned(),
        location: Some(at.clone()),
        message,
        hint,
    }
}

/// A document's identity while its inventory lives.
fn address(document: &Arc<Document>) -> usize {
    Arc::as_ptr(document) as usize
}

/// Scopes of one document, which lie inside one another or apart, never across.
#[derive(Debug, Default)]
pub(super) struct Nest {
    scopes: Vec<Nested>,
}

#[derive(Debug)]
struct Nested {
    scope: Scope,
    entry: usize,
    /// The next wider scope around it.
    parent: Option<usize>,
}

impl Nest {
    /// Sorts the scopes, wider ones first where they begin together, and ties each to the one around it.
    fn close(&mut self) {
        self.scopes
            .sort_by_key(|nested| (nested.scope.first, std::cmp::Reverse(nested.scope.last)));
        let mut open: Vec<usize> = Vec::new();
        for index in 0..self.scopes.len() {
            let first = self.scopes[index].scope.first;
            while open
                .last()
                .is_some_and(|&outer| !self.scopes[outer].scope.contains(first))
            {
                open.pop();
            }
            self.scopes[index].parent = open.last().copied();
            open.push(index);
        }
    }

    /// The entries whose scopes hold a node, narrowest first.
    fn around(&self, node: NodeId) -> impl Iterator<Item = usize> + '_ {
        let after = self
            .scopes
            .partition_point(|nested| nested.scope.first <= node);
        std::iter::successors(after.checked_sub(1), |&index| self.scopes[index].parent)
            .map(|index| &self.scopes[index])
            .filter(move |nested| nested.scope.contains(node))
            .map(|nested| nested.entry)
    }
}

#[cfg(test)]
mod tests;
