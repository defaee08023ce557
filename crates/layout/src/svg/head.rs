//! What stands above a picture: title, sentences, and what its signs mean.

use std::collections::BTreeSet;

use model::graph::{Arrows, EdgeStyle, Kind, Outline};
use model::{Graph, Severity};

use crate::place::Rect;
use crate::text::{Font, clean, wrapped};

use super::card::{badge_width, draw_badge};
use super::line::{self, Look};
use super::outline;
use super::style::{CARD, CARD_SIDE, FAINT, TEXT};
use super::xml::{Xml, lines};

const TITLE: Font = Font::bold(18);
const SENTENCE: Font = Font::regular(12);
const WORD: Font = Font::regular(11);

const TITLE_LINE: i32 = 26;
const SENTENCE_LINE: i32 = 17;
const LEGEND_LINE: i32 = 26;

/// The most lines that a sentence takes.
const LINES: usize = 4;

/// Between a sign and its word, and between entries.
const BESIDE: i32 = 7;
const BETWEEN: i32 = 22;

/// What is explained.
enum Sign {
    Kind(Kind),
    Edge(EdgeStyle),
    Risk(Severity),
}

/// Title, sentences and legend, broken to a width.
pub(super) struct Head {
    title: Vec<String>,
    sentences: Vec<String>,
    notes: Vec<String>,
    /// Rows of entries, each with where it begins.
    legend: Vec<Vec<(i32, Sign)>>,
}

impl Head {
    pub(super) fn new(graph: &Graph, width: i32) -> Self {
        let broken = |text: &String| wrapped(&clean(text), SENTENCE, width, LINES);
        Head {
            title: wrapped(&clean(&graph.title), TITLE, width, 2),
            sentences: Some(&graph.description)
                .filter(|text| !text.is_empty())
                .map(broken)
                .unwrap_or_default(),
            notes: graph.notes.iter().flat_map(broken).collect(),
            legend: rows(signs(graph), width),
        }
    }

    pub(super) fn height(&self) -> i32 {
        lines(self.title.len(), TITLE_LINE)
            + lines(self.sentences.len() + self.notes.len(), SENTENCE_LINE)
            + lines(self.legend.len(), LEGEND_LINE)
            + 8
    }

    pub(super) fn draw(&self, x: i32, mut y: i32, xml: &mut Xml) {
        for line in &self.title {
            xml.line((x, y + 19), TITLE, TEXT, line);
            y += TITLE_LINE;
        }
        for line in &self.sentences {
            xml.line((x, y + 13), SENTENCE, FAINT, line);
            y += SENTENCE_LINE;
        }
        for line in &self.notes {
            xml.line((x, y + 13), SENTENCE, TEXT, line);
            y += SENTENCE_LINE;
        }
        y += 4;
        for row in &self.legend {
            for (start, sign) in row {
                sign.draw(x + start, y, xml);
            }
            y += LEGEND_LINE;
        }
    }
}

/// What of the signs a graph uses, kinds in the order of their first node.
fn signs(graph: &Graph) -> Vec<Sign> {
    let mut kinds: Vec<Kind> = Vec::new();
    for node in graph.nodes() {
        if !kinds.contains(&node.kind) {
            kinds.push(node.kind);
        }
    }
    let styles: BTreeSet<EdgeStyle> = graph.edges().iter().map(|edge| edge.style).collect();
    let risks: BTreeSet<Severity> = graph
        .nodes()
        .iter()
        .filter_map(|node| node.risk)
        .chain(graph.edges().iter().filter_map(|edge| edge.risk))
        .collect();
    let styles = EdgeStyle::ALL
        .into_iter()
        .filter(|style| styles.contains(style));
    kinds
        .into_iter()
        .map(Sign::Kind)
        .chain(styles.map(Sign::Edge))
        .chain(risks.into_iter().rev().map(Sign::Risk))
        .collect()
}

fn rows(signs: Vec<Sign>, width: i32) -> Vec<Vec<(i32, Sign)>> {
    let mut rows: Vec<Vec<(i32, Sign)>> = Vec::new();
    let mut x = 0;
    for sign in signs {
        let own = sign.width();
        if rows.is_empty() || x + own > width {
            rows.push(Vec::new());
            x = 0;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, sign));
        }
        x += own + BETWEEN;
    }
    rows
}

const SAMPLE: (i32, i32) = (26, 16);

impl Sign {
    fn word(&self) -> &'static str {
        match self {
            Sign::Kind(kind) => kind.one,
            Sign::Edge(style) => style.as_str(),
            Sign::Risk(_) => "",
        }
    }

    fn width(&self) -> i32 {
        match self {
            Sign::Risk(risk) => badge_width(*risk),
            Sign::Kind(_) => SAMPLE.0 + BESIDE + WORD.width(self.word()),
            Sign::Edge(_) => 2 * SAMPLE.0 + BESIDE + WORD.width(self.word()),
        }
    }

    fn draw(&self, x: i32, y: i32, xml: &mut Xml) {
        let sample = match self {
            Sign::Kind(kind) => {
                draw_sample(kind.outline, (x, y + 1), xml);
                SAMPLE.0
            }
            Sign::Edge(style) => {
                let look = Look {
                    style: *style,
                    risk: None,
                    arrows: Arrows::Forward,
                };
                let stroke = vec![(x, y + 9), (x + 2 * SAMPLE.0, y + 9)];
                line::draw_line(look, &[stroke], xml);
                2 * SAMPLE.0
            }
            Sign::Risk(risk) => {
                draw_badge((x, y + 2), *risk, xml);
                0
            }
        };
        xml.line((x + sample + BESIDE, y + 13), WORD, FAINT, self.word());
    }
}

fn draw_sample(outline: Outline, at: (i32, i32), xml: &mut Xml) {
    let rect = Rect {
        x: at.0,
        y: at.1,
        width: SAMPLE.0,
        height: SAMPLE.1,
    };
    let path = outline::path(outline, rect);
    let classes = format!("class=\"{} {}\"", CARD.class, CARD_SIDE.class);
    let colors = format!("fill=\"{}\" stroke=\"{}\"", CARD.light, CARD_SIDE.light);
    xml.empty(
        "path",
        &format!("d=\"{path}\" {classes} {colors} stroke-width=\"1.25\""),
    );
}
