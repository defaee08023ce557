//! The answer for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use model::Severity;
use paths::{AssetId, EdgeId, Gap, Graph, Kind, Missing, Path};

use super::{Answer, change};
use crate::answers;
use crate::args::PathsArgs;

/// Paints, where colours are wanted.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn style(self, style: Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn severity(self, severity: Severity) -> String {
        let color = match severity {
            Severity::Critical => AnsiColor::Magenta,
            Severity::High => AnsiColor::Red,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::Cyan,
        };
        self.style(
            Style::new().bold().fg_color(Some(color.into())),
            severity.as_str(),
        )
    }

    fn dim(self, text: &str) -> String {
        self.style(Style::new().dimmed(), text)
    }

    fn bold(self, text: &str) -> String {
        self.style(Style::new().bold(), text)
    }
}

/// Adds the answer of a world.
pub(super) fn render(args: &PathsArgs, answer: &Answer<'_, '_>, text: &mut String) {
    let is_painted = answers::color(&args.printing);
    let page = Page {
        args,
        answer,
        graph: answer.graph,
        paint: Paint(is_painted),
    };
    if !answer.world.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}\n", answers::heading(&answer.world, is_painted));
    }
    if args.edges {
        page.edges(text);
    } else if answer.choke_points.is_some() {
        page.choke_points(text);
    } else {
        page.paths(text);
    }
    page.gaps(text);
}

struct Page<'p, 'g, 'a> {
    args: &'p PathsArgs,
    answer: &'p Answer<'g, 'a>,
    graph: &'g Graph<'a>,
    paint: Paint,
}

impl Page<'_, '_, '_> {
    fn paths(&self, text: &mut String) {
        let shown = self.answer.paths.iter().take(self.args.most());
        for path in shown {
            self.path(path, text);
            text.push('\n');
        }
        self.summary(text);
    }

    fn path(&self, path: &Path, text: &mut String) {
        let doubt = if path.is_certain {
            ""
        } else {
            ", not all of it certain"
        };
        let steps = match path.steps {
            1 => "1 step".to_owned(),
            count => format!("{count} steps"),
        };
        let _ = writeln!(
            text,
            "{}: {} to {} in {steps}{doubt}",
            self.paint.severity(path.severity),
            self.paint.bold(&self.start(path.start)),
            self.paint.bold(&self.graph.name(path.goal).to_string()),
        );
        for &edge in &path.edges {
            self.edge(edge, text);
        }
    }

    /// A start, with the number of its pods.
    fn start(&self, id: AssetId) -> String {
        let count = self.graph.asset(id).count;
        let name = self.graph.name(id);
        if count > 1 {
            format!("{name} ({count} pods)")
        } else {
            name.to_string()
        }
    }

    fn edge(&self, id: EdgeId, text: &mut String) {
        let edge = self.graph.edge(id);
        let technique = self.graph.technique(id);
        let name = self.graph.name(edge.to).to_string();
        let arrow = if self.graph.is_step(id) { "→" } else { "·" };
        let label = technique.map_or(String::new(), |technique| {
            let title = edge
                .pattern
                .map_or(technique.title(), |pattern| pattern.title);
            self.paint.dim(&format!("  {title} [{}]", technique.id))
        });
        let _ = writeln!(text, "  {arrow} {name}{label}");
        if let Some(reason) = edge.unknown {
            let _ = writeln!(
                text,
                "      {}",
                self.paint.dim(&format!("not certain: {reason}"))
            );
        }
        if self.args.why {
            self.why(id, text);
        }
    }

    fn why(&self, id: EdgeId, text: &mut String) {
        for clause in self.graph.why(id) {
            for (position, &fact) in clause.iter().enumerate() {
                let fact = self.graph.fact(fact);
                let or = if position == 0 { "" } else { "or " };
                let at = change::position(self.graph, fact.place);
                let line = match at {
                    Some(at) => format!("{at}: {or}{}", fact.cause.says),
                    None => format!("every cluster: {or}{}", fact.cause.says),
                };
                let excerpt = self.graph.excerpt(fact.place).filter(|own| !own.is_empty());
                let excerpt = excerpt.map_or(String::new(), |own| format!(" ({own})"));
                let _ = writeln!(text, "      {line}{excerpt}");
            }
        }
        let Some(technique) = self.graph.technique(id).filter(|one| one.is_step()) else {
            return;
        };
        let pattern = self.graph.edge(id).pattern;
        let precondition = pattern.map_or(technique.precondition(), |pattern| pattern.precondition);
        if !precondition.is_empty() {
            let _ = writeln!(text, "      provided that {precondition}");
        }
        let _ = writeln!(text, "      to cut it: {}", technique.fix());
    }

    fn summary(&self, text: &mut String) {
        let paths = &self.answer.paths;
        let mut counts: BTreeMap<Kind, (usize, u64)> = BTreeMap::new();
        for path in paths {
            let (starts, pods) = counts.entry(self.graph.asset(path.goal).kind).or_default();
            *starts += 1;
            *pods += u64::from(self.graph.asset(path.start).count);
        }
        if let Some(before) = self.answer.before {
            let controls = self.args.if_fixed.join(", ");
            let _ = writeln!(
                text,
                "with {controls} fixed, {} of {before} paths remain",
                paths.len()
            );
        } else if paths.is_empty() {
            text.push_str("no attack path found\n");
        }
        for (kind, (starts, _)) in counts {
            let goal = match kind {
                Kind::AllSecrets => "Secrets of namespaces or of the cluster".to_owned(),
                kind => kind.one().to_owned(),
            };
            let _ = writeln!(text, "{starts} {} to {goal}", plural(starts, "path"));
        }
        let hidden = paths.len().saturating_sub(self.args.most());
        if hidden > 0 {
            let _ = writeln!(text, "{hidden} more are not shown: --limit 0 shows all");
        }
        if self.answer.left_out > 0 {
            let least = self.args.min_severity;
            let _ = writeln!(
                text,
                "{} below {least} left out: --min-severity low shows all",
                self.answer.left_out
            );
        }
    }

    fn choke_points(&self, text: &mut String) {
        let Some(found) = &self.answer.choke_points else {
            return;
        };
        for (number, point) in found.points.iter().enumerate().take(self.args.most()) {
            let remedy = &point.remedy;
            let ends = if point.pairs == 1 { "ends" } else { "end" };
            let _ = writeln!(
                text,
                "{}. {} of {} paths {ends}: {}",
                number + 1,
                point.pairs,
                found.pairs,
                self.paint.bold(remedy.cause.remedy),
            );
            let object = change::object(self.graph, remedy);
            let at = change::position(self.graph, remedy.place).unwrap_or_default();
            let _ = writeln!(text, "   {object} at {at}: {}", remedy.cause.says);
            if let Some(edited) = self.graph.repair(remedy) {
                for line in change::diff(&edited).lines() {
                    let _ = writeln!(text, "   {}", self.diff_line(line));
                }
            }
            text.push('\n');
        }
        let count = found.points.len();
        let _ = writeln!(
            text,
            "{} from a start to a goal, {count} single {} that end some of them",
            pairs(found.pairs),
            plural(count, "change"),
        );
        let hidden = count.saturating_sub(self.args.most());
        if hidden > 0 {
            let _ = writeln!(text, "{hidden} more are not shown: --limit 0 shows all");
        }
    }

    fn diff_line(&self, line: &str) -> String {
        let color = match line.chars().next() {
            Some('+') => AnsiColor::Green,
            Some('-') => AnsiColor::Red,
            _ => return line.to_owned(),
        };
        self.paint
            .style(Style::new().fg_color(Some(color.into())), line)
    }

    /// Every edge that counts, by technique.
    fn edges(&self, text: &mut String) {
        for id in self.answer.listed_edges(self.args) {
            let edge = self.graph.edge(id);
            let technique = self
                .graph
                .technique(id)
                .map_or("", |technique| technique.id);
            let doubt = edge
                .unknown
                .map_or(String::new(), |reason| format!("  (not certain: {reason})"));
            let _ = writeln!(
                text,
                "{technique}: {} → {}{doubt}",
                self.graph.name(edge.from),
                self.graph.name(edge.to),
            );
            if self.args.why {
                self.why(id, text);
            }
        }
    }

    /// What is not known because it was not scanned.
    fn gaps(&self, text: &mut String) {
        for missing in Missing::ALL {
            let of_kind = |gap: &&Gap| gap.missing == missing;
            let found: Vec<&Gap> = self.graph.gaps().iter().filter(of_kind).collect();
            let Some(first) = found.first() else {
                continue;
            };
            let at = first
                .place
                .and_then(|place| change::position(self.graph, place));
            let at = at.map_or(String::new(), |at| match found.len() {
                1 => format!(" ({at})"),
                count => format!(" ({at} and {} more)", count - 1),
            });
            let _ = writeln!(text, "unknown: {}{at}", missing.sentence());
        }
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

fn pairs(count: u64) -> String {
    if count == 1 {
        "1 path".to_owned()
    } else {
        format!("{count} paths")
    }
}
