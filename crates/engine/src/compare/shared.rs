//! Findings that several renderings share are compared rendering by rendering: one may be new where others are not.

use model::{ComparedFinding, FindingRecord, InstanceRecord, RenderedRecord, ReportRecord};

use super::Number;

/// Puts a finding for each rendering in the place of those that renderings share. Gives for each the position that it
/// had before.
pub(super) fn separate(report: &mut ReportRecord) -> Vec<usize> {
    let findings = std::mem::take(&mut report.findings);
    let mut numbers = Vec::with_capacity(findings.len());
    for (number, finding) in findings.into_iter().enumerate() {
        let before = report.findings.len();
        let shared = finding
            .rendered
            .as_ref()
            .filter(|it| !it.instances.is_empty());
        match shared {
            None => report.findings.push(finding),
            Some(rendered) => {
                let instances = rendered.instances.iter();
                report
                    .findings
                    .extend(instances.map(|instance| of(&finding, rendered, instance)));
            }
        }
        numbers.resize(numbers.len() + report.findings.len() - before, number);
    }
    numbers
}

/// A finding as one of its renderings has it.
fn of(finding: &FindingRecord, rendered: &RenderedRecord, own: &InstanceRecord) -> FindingRecord {
    FindingRecord {
        fingerprint: own.fingerprint.clone(),
        resource: own.resource.clone(),
        rendered: Some(Box::new(RenderedRecord {
            entry: own.entry.clone(),
            instances: Vec::new(),
            ..rendered.clone()
        })),
        ..finding.clone()
    }
}

/// Joins those again that belonged together and of which the same became.
pub(super) fn join(all: Vec<(Number, ComparedFinding)>) -> Vec<(Number, ComparedFinding)> {
    let mut joined: Vec<(Number, ComparedFinding)> = Vec::with_capacity(all.len());
    for (number, compared) in all {
        let is_same = |(known, last): &(Number, ComparedFinding)| {
            *known == number
                && last.change == compared.change
                && last.base_state == compared.base_state
        };
        match joined.last_mut().filter(|last| is_same(last)) {
            Some((_, leader)) => add(&mut leader.finding, &compared.finding),
            None => joined.push((number, compared)),
        }
    }
    joined
}

fn add(leader: &mut FindingRecord, other: &FindingRecord) {
    let own = instance(leader);
    if let Some(rendered) = &mut leader.rendered {
        if rendered.instances.is_empty() {
            rendered.instances.extend(own);
        }
        rendered.instances.extend(instance(other));
    }
}

fn instance(finding: &FindingRecord) -> Option<InstanceRecord> {
    let rendered = finding.rendered.as_ref()?;
    Some(InstanceRecord {
        entry: rendered.entry.clone(),
        resource: finding.resource.clone(),
        fingerprint: finding.fingerprint.clone(),
    })
}
