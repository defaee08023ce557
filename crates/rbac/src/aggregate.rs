//! Aggregated `ClusterRoles`: their rules are those of the `ClusterRoles` that they select, over any number of steps.

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::draft::Draft;
use crate::names::Name;
use crate::tables::{RoleId, RuleId};

/// Steps after which aggregation stops: far above what clusters hold, below what hurts.
const STEPS: usize = 5_000_000;

/// The pairs of role and rule, aggregation evaluated.
#[derive(Debug)]
pub(crate) struct Aggregated {
    pub(crate) role_rules: Vec<(u32, RuleId)>,
    /// The aggregated roles that are incomplete, because there was too much to aggregate.
    pub(crate) cut: Vec<RoleId>,
}

/// Evaluates the selectors. The rules that stand in an aggregated role are what a controller once wrote there, so
/// they give way; unless it selects nothing that was scanned: then they are all there is to go by. Those of a role that an
/// API server gave are what it goes by, whatever they come from: they stay where no selected role has the same.
pub(crate) fn aggregate(draft: &Draft) -> Aggregated {
    let mut role_rules = draft.role_rules.clone();
    let mut cut = Vec::new();
    if draft.aggregated.is_empty() {
        return Aggregated { role_rules, cut };
    }
    let mut steps = STEPS;
    let selected = select(draft, &mut steps, &mut cut);
    let is_filled = |role: u32| {
        selected
            .get(role as usize)
            .is_some_and(|list| !list.is_empty())
    };
    let written = std::mem::take(&mut role_rules);
    let (given_way, kept) = written.into_iter().partition(|&(role, _)| is_filled(role));
    role_rules = kept;
    let mut own = vec![Vec::new(); draft.roles.len()];
    for &(role, rule) in &role_rules {
        own[role as usize].push(rule);
    }
    for (role, rule) in served(draft, given_way, &selected, &own, &mut steps) {
        own[role as usize].push(rule);
        role_rules.push((role, rule));
    }
    for role in (0..draft.roles.len() as u32).filter(|&role| is_filled(role)) {
        let is_whole = collect(role, &selected, &mut steps, |source| {
            role_rules.extend(own[source as usize].iter().map(|&rule| (role, rule)));
            own[source as usize].len()
        });
        if !is_whole {
            cut.push(RoleId(role));
        }
    }
    cut.sort_unstable();
    cut.dedup();
    Aggregated { role_rules, cut }
}

/// The rules in aggregated roles of an API server that come from no role which is there: two roles that select each
/// other keep what either once had.
fn served(
    draft: &Draft,
    written: Vec<(u32, RuleId)>,
    selected: &[Vec<u32>],
    own: &[Vec<RuleId>],
    steps: &mut usize,
) -> Vec<(u32, RuleId)> {
    let mut written = written;
    written.sort_by_key(|&(role, _)| role);
    written.retain(|&(_, rule)| {
        let resource = draft.rules[rule.index()].place.resource;
        draft.served.binary_search(&resource).is_ok()
    });
    let mut left = Vec::new();
    for of_role in written.chunk_by(|one, next| one.0 == next.0) {
        let role = of_role[0].0;
        let mut known = HashSet::with_hasher(FixedState::default());
        collect(role, selected, steps, |source| {
            let rules = own[source as usize].iter();
            known.extend(rules.map(|rule| draft.rules[rule.index()].rights));
            own[source as usize].len()
        });
        let of_role = of_role.iter();
        left.extend(of_role.filter(|(_, rule)| !known.contains(&draft.rules[rule.index()].rights)));
    }
    left
}

/// The roles that each aggregated role selects; never itself.
fn select(draft: &Draft, steps: &mut usize, cut: &mut Vec<RoleId>) -> Vec<Vec<u32>> {
    let mut labels: Vec<&[(Name, Name)]> = vec![&[]; draft.roles.len()];
    for (role, own) in &draft.labels {
        labels[role.index()] = own;
    }
    let mut selected = vec![Vec::new(); draft.roles.len()];
    for (role, selectors) in &draft.aggregated {
        let work = draft.roles.len() * selectors.len();
        if *steps < work {
            cut.push(*role);
            continue;
        }
        *steps -= work;
        let list = &mut selected[role.index()];
        for (other, row) in draft.roles.iter().enumerate() {
            let other_id = other as u32;
            let is_other = row.scope == Name::EMPTY && other != role.index();
            if is_other && selectors.iter().any(|one| one.selects(labels[other])) {
                list.push(other_id);
            }
        }
        list.sort_unstable();
        list.dedup();
    }
    selected
}

/// Visits every role that gives its own rules to an aggregated one; false when the steps ran out.
fn collect(
    role: u32,
    selected: &[Vec<u32>],
    steps: &mut usize,
    mut visit: impl FnMut(u32) -> usize,
) -> bool {
    let mut seen = HashSet::with_hasher(FixedState::default());
    seen.insert(role);
    let mut waiting = vec![role];
    while let Some(next) = waiting.pop() {
        for &source in &selected[next as usize] {
            if *steps == 0 {
                return false;
            }
            *steps -= 1;
            if !seen.insert(source) {
                continue;
            }
            *steps = steps.saturating_sub(visit(source));
            if !selected[source as usize].is_empty() {
                waiting.push(source);
            }
        }
    }
    true
}
