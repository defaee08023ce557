//! A report as a record: findings with everything that is said of them, apart from the inventory.

use model::{
    ControlInfo, ControlRecord, Detail, Entry, FindingRecord, InstanceRecord, Origin, Place,
    ProblemRecord, Related, RelatedName, RelatedObject, RenderedPlace, RenderedRecord, Report,
    ReportRecord, Resource, ResourceName,
};

use crate::excerpt;
use crate::view::{View, views};

/// Takes from a report what can be told without its inventory. `tool_version` is the version that made it;
/// excerpts are the lines around findings, for those who draw them.
///
/// The findings must carry their details.
pub fn record(report: &Report, tool_version: &str, with_excerpts: bool) -> ReportRecord {
    ReportRecord {
        tool_version: tool_version.to_owned(),
        date: report.date.clone(),
        kubernetes_version: report.target.kubernetes_version.to_string(),
        root: String::new(),
        resources: report.inventory.resources.len(),
        controls: report
            .controls
            .iter()
            .map(|control| control_record(&control.info))
            .collect(),
        findings: views(report)
            .map(|view| finding(report, &view, with_excerpts))
            .collect(),
        problems: report.problems.iter().map(problem).collect(),
    }
}

/// What a report tells of a control.
pub fn control_record(info: &ControlInfo) -> ControlRecord {
    let aliases = info.aliases.iter();
    ControlRecord {
        id: info.id.clone(),
        title: info.title.clone(),
        severity: info.severity,
        why: info.why.clone(),
        remediation: info.remediation.clone(),
        references: info.references.clone(),
        aliases: aliases
            .map(|(peer, ids)| (peer.clone(), ids.clone()))
            .collect(),
    }
}

fn finding(report: &Report, view: &View<'_>, with_excerpt: bool) -> FindingRecord {
    let detail = view.detail;
    let (start, end) = (detail.location.start(), detail.location.end());
    FindingRecord {
        control: view.id().to_owned(),
        severity: view.finding.severity,
        state: view.finding.state,
        fingerprint: detail.fingerprint.clone(),
        resource: name(view.resource),
        container: detail.container.clone(),
        message: detail.message.clone(),
        path: detail.path.clone(),
        place: Place {
            file: detail.location.file().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        },
        evidence: detail.evidence.clone(),
        rendered: detail
            .rendered
            .map(|at| Box::new(rendered(report, detail, at))),
        fixes: detail.fixes.clone(),
        related: detail
            .related
            .iter()
            .map(|one| related(report, one))
            .collect(),
        exception: detail.exception.clone(),
        superseded_by: view.finding.superseded_by,
        excerpt: with_excerpt.then(|| excerpt::excerpt(view)),
    }
}

/// What a rendering adds to a finding.
pub(crate) fn rendered(report: &Report, detail: &Detail, at: RenderedPlace) -> RenderedRecord {
    let entry = |entry: u32| {
        let entry = report.inventory.entries.get(entry as usize);
        entry.map(Entry::name).unwrap_or_default()
    };
    let instances = detail.instances.iter().map(|instance| InstanceRecord {
        entry: entry(instance.entry),
        resource: name(&report.inventory.resources[instance.resource as usize]),
        fingerprint: instance.fingerprint.clone(),
    });
    RenderedRecord {
        entry: entry(at.entry),
        document: at.document,
        line: at.line,
        origins: detail.origins.iter().map(Origin::record).collect(),
        instances: instances.collect(),
    }
}

fn name(resource: &Resource) -> ResourceName {
    ResourceName {
        api_version: resource.api_version.to_string(),
        kind: resource.kind.to_string(),
        namespace: resource.namespace.as_deref().map(str::to_owned),
        name: resource.name.to_string(),
        generate_name: resource.generate_name.as_deref().map(str::to_owned),
    }
}

fn related(report: &Report, related: &Related) -> RelatedName {
    let resource = match &related.object {
        RelatedObject::Resource(index) => name(&report.inventory.resources[*index]),
        RelatedObject::Subject {
            kind,
            namespace,
            name,
        } => ResourceName {
            kind: kind.clone(),
            namespace: namespace.clone(),
            name: name.clone(),
            ..ResourceName::default()
        },
    };
    RelatedName {
        role: related.role.clone(),
        resource,
    }
}

fn problem(problem: &model::Problem) -> ProblemRecord {
    ProblemRecord {
        level: problem.level,
        kind: problem.kind.as_str().to_owned(),
        file: problem.file.clone(),
        line: problem.location.as_ref().map(|at| at.start().line),
        message: problem.message.clone(),
        hint: problem.hint.clone(),
    }
}
