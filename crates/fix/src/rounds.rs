//! Round after round: what can be edited together is, a scan proves it, and what it does not prove is tried elsewhere or alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use document::Source;
use model::{Finding, Report};

use crate::blame::{Belonging, Reach, STILL_THERE, blamed};
use crate::edit::{Edit, applied};
use crate::locate::Parsed;
use crate::outcome::{Edited, Fixed, Left, Outcome, Why};
use crate::proof::{Flaw, Key, flaws, keys_of};
use crate::propose::{Proposal, Proposer};
use crate::wanted::{Operation, Untried, Wanted, resource_words, wanted};
use crate::{Choice, Files, Texts};

/// Scans at most: what is open then is told, and the next run goes on with it.
const MOST_SCANS: usize = 200;

/// Applies fixes until none is left that can be. `first` is the scan of the files as they are, with the texts of findings;
/// `scan` makes another one that reads some texts instead of those of files.
pub fn fix<E>(
    first: Report,
    choice: &dyn Choice,
    files: &dyn Files,
    scan: &mut dyn FnMut(&Texts) -> Result<Report, E>,
) -> Result<Outcome, E> {
    let mut rounds = Rounds {
        choice,
        files,
        report: first,
        texts: Texts::new(),
        before: BTreeMap::new(),
        attempts: BTreeMap::new(),
        most_at_once: usize::MAX,
        fixed: Vec::new(),
    };
    for _ in 0..MOST_SCANS {
        let Some(round) = rounds.plan() else {
            return Ok(rounds.finish());
        };
        let report = scan(&round.texts)?;
        rounds.judge(round, report);
    }
    Ok(rounds.finish())
}

/// How far it went with a finding.
#[derive(Default)]
struct Attempt {
    /// Which proposal is next.
    next: usize,
    /// With how many others at most it is tried that it could have to do with; `None`: with any number.
    most_others: Option<usize>,
    /// Why the likeliest proposal failed of which there is something to say.
    why: Option<String>,
    /// What else is to be done, because the fix would bring findings whose fixes are allowed.
    more: Vec<Operation>,
    is_over: bool,
}

impl Attempt {
    fn fails(&mut self, why: String) {
        self.next += 1;
        // That an edit in a place that was only likely does not help tells nobody anything.
        if self.why.as_deref().is_none_or(|why| why == STILL_THERE) {
            self.why = Some(why);
        }
    }
}

struct Rounds<'a> {
    choice: &'a dyn Choice,
    files: &'a dyn Files,
    /// The scan of what is edited so far.
    report: Report,
    texts: Texts,
    /// The files as they are.
    before: BTreeMap<Box<str>, Arc<Source>>,
    /// By the findings' ids.
    attempts: BTreeMap<String, Attempt>,
    /// Fewer where something was wrong that has to do with none of what was tried.
    most_at_once: usize,
    fixed: Vec<Fixed>,
}

/// A finding in a round, and the edits that should make it go.
struct Tried {
    wanted: Wanted,
    edits: Proposal,
    reach: Reach,
    /// The position of the first one that has an edit in common: one value can decide several findings.
    unit: usize,
}

/// What a scan is to prove.
struct Round {
    tried: Vec<Tried>,
    /// Of all files that were edited, in this round or before.
    texts: Texts,
}

impl Rounds<'_> {
    /// What to try next; `None` when there is nothing.
    fn plan(&mut self) -> Option<Round> {
        let (all, _) = wanted(&self.report, self.choice);
        let belonging = Belonging::new(&self.report);
        let parsed = Parsed::default();
        let mut candidates = Vec::new();
        for mut wanted in all {
            let attempt = self.attempts.entry(wanted.id.clone()).or_default();
            if attempt.is_over {
                continue;
            }
            wanted.operations.extend(attempt.more.iter().cloned());
            let proposer = Proposer {
                inventory: &self.report.inventory,
                parsed: &parsed,
            };
            let proposals = wanted.resources.first().map_or(Ok(Vec::new()), |resource| {
                proposer.proposals(*resource, &wanted.operations)
            });
            let proposals = proposals.unwrap_or_else(|why| {
                attempt.fails(why);
                Vec::new()
            });
            candidates.push((wanted, proposals));
        }
        loop {
            let tried = self.pick(&mut candidates, &belonging);
            if tried.is_empty() {
                return None;
            }
            // An edit that cannot be made costs no scan.
            if let Some(texts) = self.edited(&tried) {
                return Some(Round { tried, texts });
            }
        }
    }

    /// Findings that can be fixed together: none whose edits conflict, the first in the order of the report goes first; of those that
    /// something was wrong with only so many.
    fn pick(
        &mut self,
        candidates: &mut Vec<(Wanted, Vec<Proposal>)>,
        belonging: &Belonging,
    ) -> Vec<Tried> {
        let mut tried: Vec<Tried> = Vec::new();
        candidates.retain(|(wanted, proposals)| {
            let attempt = self.attempts.entry(wanted.id.clone()).or_default();
            attempt.is_over = attempt.next >= proposals.len();
            !attempt.is_over
        });
        // Those that nothing was wrong with first: one that is to be alone would keep them out.
        let others = |wanted: &Wanted| {
            let attempt = self.attempts.get(&wanted.id);
            attempt
                .and_then(|attempt| attempt.most_others)
                .unwrap_or(usize::MAX)
        };
        let mut order: Vec<&(Wanted, Vec<Proposal>)> = candidates.iter().collect();
        order.sort_by_key(|(wanted, _)| std::cmp::Reverse(others(wanted)));
        let mut room: Vec<usize> = Vec::new();
        let mut by_group: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (wanted, proposals) in order {
            if tried.len() >= self.most_at_once {
                break;
            }
            let next = self
                .attempts
                .get(&wanted.id)
                .map_or(0, |attempt| attempt.next);
            let edits = proposals[next].clone();
            let reach = belonging.reach(&self.report, wanted, &edits);
            let met = reach.groups.iter().filter_map(|group| by_group.get(group));
            let met: BTreeSet<usize> = met.flatten().copied().collect();
            let is_same = |position: &&usize| {
                let mut own = edits.iter();
                own.any(|edit| tried[**position].edits.contains(edit))
            };
            let unit = met
                .iter()
                .find(is_same)
                .map(|&position| tried[position].unit);
            let unit = unit.unwrap_or(tried.len());
            let is_other = |position: &usize| tried[*position].unit != unit;
            let met: BTreeSet<usize> = met.into_iter().filter(is_other).collect();
            let own = others(wanted);
            let has_room = met.len() <= own && met.iter().all(|&position| room[position] > 0);
            let conflicts = |edit: &Edit| {
                let mut others = met.iter().flat_map(|&position| &tried[position].edits);
                others.any(|other| edit.conflicts(other))
            };
            if !has_room || edits.iter().any(conflicts) {
                continue;
            }
            for &position in &met {
                room[position] -= 1;
            }
            for group in &reach.groups {
                by_group.entry(group.clone()).or_default().push(tried.len());
            }
            room.push(own - met.len());
            tried.push(Tried {
                wanted: wanted.clone(),
                edits,
                reach,
                unit,
            });
        }
        tried
    }

    /// The texts after the edits of a round; `None` when one of them cannot be made, which is noted.
    fn edited(&mut self, tried: &[Tried]) -> Option<Texts> {
        let mut by_file: BTreeMap<&str, Vec<(usize, &Edit)>> = BTreeMap::new();
        for (position, one) in tried.iter().enumerate() {
            for edit in &one.edits {
                by_file
                    .entry(edit.file())
                    .or_default()
                    .push((position, edit));
            }
        }
        let mut texts = self.texts.clone();
        for (file, edits) in by_file {
            let known = self.texts.get(file).map(|text| Ok(Arc::clone(text)));
            let text = match known.unwrap_or_else(|| self.files.text(file)) {
                Ok(text) => text,
                Err(why) => {
                    for (position, _) in edits {
                        self.fails(&tried[position].wanted, &why);
                    }
                    return None;
                }
            };
            let all: Vec<&Edit> = edits.iter().map(|(_, edit)| *edit).collect();
            match applied(file, &text, &all) {
                Ok(edited) => {
                    let source = || Source::new(file, &*text);
                    self.before.entry(file.into()).or_insert_with(source);
                    texts.insert(file.into(), edited.into());
                }
                Err((index, why)) => {
                    self.fails(&tried[edits[index].0].wanted, &why);
                    return None;
                }
            }
        }
        Some(texts)
    }

    fn fails(&mut self, wanted: &Wanted, why: &str) {
        let attempt = self.attempts.entry(wanted.id.clone()).or_default();
        attempt.fails(why.to_owned());
    }

    /// Takes what a scan proves, or notes what it does not.
    fn judge(&mut self, round: Round, report: Report) {
        let wanted: Vec<&Wanted> = round.tried.iter().map(|one| &one.wanted).collect();
        let edits: Vec<&Edit> = round.tried.iter().flat_map(|one| &one.edits).collect();
        let flaws = flaws(&self.report, &report, &wanted, &edits);
        if flaws.is_empty() {
            self.take(round, report);
            return;
        }
        let reaches: Vec<Reach> = round.tried.iter().map(|one| one.reach.clone()).collect();
        let units: Vec<usize> = round.tried.iter().map(|one| one.unit).collect();
        let (blamed, is_anyone) = blamed(&flaws, &reaches, &units);
        if is_anyone && units.iter().any(|unit| *unit != units[0]) {
            self.most_at_once = reaches.len() / 2;
            return;
        }
        for (position, blame) in blamed {
            let more = match blame.others {
                None => self.more(&flaws, &round.tried[position].wanted, &report),
                Some(_) => Vec::new(),
            };
            let attempt = self
                .attempts
                .entry(wanted[position].id.clone())
                .or_default();
            match blame.others {
                // Another edit can hide what this one does.
                Some(others) => attempt.most_others = Some(others),
                None if !more.is_empty() => attempt.more = more,
                None => attempt.fails(blame.why),
            }
        }
    }

    /// What else would have to be done for a fix to bring no finding: the fixes of those that it brings to its own resource, where
    /// they are allowed.
    fn more(&self, flaws: &[Flaw], own: &Wanted, after: &Report) -> Vec<Operation> {
        let attempt = self.attempts.get(&own.id);
        if attempt.is_none_or(|attempt| !attempt.more.is_empty()) {
            return Vec::new();
        }
        let keys = keys_of(&self.report, own.finding);
        let brought = |key: &Key| {
            let is_brought = flaws.contains(&Flaw::Brings(key.clone()));
            let is_own = |(_, group, thing): &Key| {
                let resource = |thing: &str| {
                    let mut words = thing.split(' ').take(2);
                    (
                        words.next().map(str::to_owned),
                        words.next().map(str::to_owned),
                    )
                };
                *group == key.1 && resource(thing) == resource(&key.2)
            };
            is_brought && keys.iter().any(is_own)
        };
        let (others, _) = wanted(after, self.choice);
        let others = others.into_iter().filter(|other| {
            let keys = keys_of(after, other.finding);
            keys.iter().any(brought)
        });
        let mut more: Vec<Operation> = Vec::new();
        for operation in others.flat_map(|other| other.operations) {
            if !more.contains(&operation) && !own.operations.contains(&operation) {
                more.push(operation);
            }
        }
        more
    }

    fn take(&mut self, round: Round, report: Report) {
        for Tried { wanted, edits, .. } in round.tried {
            let finding = &self.report.findings[wanted.finding];
            let Some(about) = About::new(&self.report, finding) else {
                continue;
            };
            let mut edited: Vec<Edited> = Vec::new();
            for edit in &edits {
                let one = Edited {
                    file: edit.file().into(),
                    what: edit.words(),
                };
                if !edited.contains(&one) {
                    edited.push(one);
                }
            }
            self.fixed.push(Fixed {
                control: about.control,
                resource: about.resource,
                location: about.location,
                path: about.path,
                fingerprint: about.fingerprint,
                edits: edited,
            });
        }
        self.report = report;
        self.texts = round.texts;
        self.most_at_once = usize::MAX;
    }

    fn finish(mut self) -> Outcome {
        let (wanted, untried) = wanted(&self.report, self.choice);
        let mut why: BTreeMap<usize, Why> = BTreeMap::new();
        for one in wanted {
            let attempt = self.attempts.remove(&one.id).unwrap_or_default();
            let open = || "too many edits were tried: run it again".to_owned();
            why.insert(one.finding, Why::Refused(attempt.why.unwrap_or_else(open)));
        }
        why.extend(untried.into_iter().map(|(finding, reason)| match reason {
            Untried::NoFix => (finding, Why::NoFix),
            Untried::NotAllowed => (finding, Why::Unsafe),
        }));
        let left = why.into_iter().filter_map(|(finding, why)| {
            let about = About::new(&self.report, &self.report.findings[finding])?;
            Some(Left {
                control: about.control,
                resource: about.resource,
                location: about.location,
                path: about.path,
                fingerprint: about.fingerprint,
                why,
            })
        });
        let before = self.before.into_iter();
        Outcome {
            left: left.collect(),
            before: before
                .filter(|(name, _)| self.texts.contains_key(name))
                .map(|(_, source)| source)
                .collect(),
            texts: self.texts,
            fixed: self.fixed,
            report: self.report,
        }
    }
}

/// What is told of a finding.
struct About {
    control: String,
    resource: String,
    location: model::Location,
    path: String,
    fingerprint: String,
}

impl About {
    fn new(report: &Report, finding: &Finding) -> Option<Self> {
        let detail = finding.detail.as_deref()?;
        Some(About {
            control: report.controls[finding.control as usize].info.id.clone(),
            resource: resource_words(report.inventory.resources.get(finding.resource as usize)?),
            location: detail.location.clone(),
            path: detail.path.clone(),
            fingerprint: detail.fingerprint.clone(),
        })
    }
}
