//! One node: what is written in it, how large that is, and drawing it.

use model::Severity;
use model::graph::Node;

use crate::place::Rect;
use crate::text::{Font, clean, shortened, wrapped};
use crate::words::{is_harmless, kind_of};

use super::outline::{self, Inset};
use super::style::{BADGE_TEXT, CARD, FAINT, TEXT, badge, side};
use super::xml::{Xml, attribute, lines};

const NAME: Font = Font::bold(13);
const WORD: Font = Font::regular(11);
const BADGE: Font = Font::bold(9);

/// The widest that a line of text gets, the most lines of a name, and into how many each is broken.
const WIDEST: i32 = 210;
const NAMES: usize = 4;
const LINES: usize = 2;

/// From the outline to texts.
const SIDE: i32 = 10;
const ABOVE: i32 = 6;
const BELOW: i32 = 6;

/// Heights of lines.
const NAME_LINE: i32 = 16;
const WORD_LINE: i32 = 14;

const BADGE_SIDE: i32 = 4;
const BADGE_HEIGHT: i32 = 13;

/// How far the sheets of a summary stick out.
const SHEETS: i32 = 4;

/// What is written in a node: its name, below it what it is and its detail, in one line when they fit.
pub(super) struct Card<'a> {
    node: &'a Node,
    name: Vec<String>,
    words: Vec<String>,
    inset: Inset,
}

impl<'a> Card<'a> {
    pub(super) fn new(node: &'a Node) -> Self {
        let kind = kind_of(node);
        let names = node.label.iter().take(NAMES).map(|line| clean(line));
        let detail = clean(&node.detail);
        let both = format!("{kind} · {detail}");
        let words = if detail.is_empty() {
            vec![kind]
        } else if WORD.width(&both) <= WIDEST {
            vec![both]
        } else {
            vec![kind, shortened(&detail, WORD, WIDEST)]
        };
        Card {
            node,
            name: names
                .flat_map(|line| wrapped(&line, NAME, WIDEST, LINES))
                .collect(),
            words,
            inset: outline::inset(node.kind.outline),
        }
    }

    pub(super) fn width(&self) -> i32 {
        let badge = self.node.risk.map_or(0, |risk| 8 + badge_width(risk));
        let names = self.name.iter().map(|line| NAME.width(line));
        let words = self
            .words
            .iter()
            .enumerate()
            .map(|(index, line)| WORD.width(line) + if index == 0 { badge } else { 0 });
        let text = names.chain(words).max().unwrap_or_default();
        text + 2 * (SIDE + self.inset.side) + self.sheets()
    }

    pub(super) fn height(&self) -> i32 {
        let text = lines(self.name.len(), NAME_LINE) + lines(self.words.len(), WORD_LINE);
        ABOVE + text + BELOW + self.inset.top + self.inset.bottom + self.sheets()
    }

    fn sheets(&self) -> i32 {
        if self.node.stands_for > 1 { SHEETS } else { 0 }
    }

    pub(super) fn draw(&self, rect: Rect, xml: &mut Xml) {
        let link = self.node.link.as_deref().filter(|link| is_harmless(link));
        if let Some(link) = link {
            xml.begin("a", &attribute("href", link));
        }
        let data = format!(
            "class=\"n\" {}",
            attribute("data-id", &clean(&self.node.id))
        );
        xml.begin("g", &data);
        self.draw_title(xml);
        self.draw_outline(rect, xml);
        self.draw_texts(rect, xml);
        xml.end();
        if link.is_some() {
            xml.end();
        }
    }

    /// Everything about it, in full.
    fn draw_title(&self, xml: &mut Xml) {
        let node = self.node;
        let mut full = vec![format!(
            "{}: {}",
            node.kind.one,
            clean(&node.label.join(" "))
        )];
        full.extend(Some(clean(&node.detail)).filter(|detail| !detail.is_empty()));
        full.extend(node.risk.map(|risk| format!("risk: {risk}")));
        full.extend(
            node.tooltip
                .iter()
                .flat_map(|tooltip| tooltip.lines().map(clean)),
        );
        xml.element("title", "", &full.join("\n"));
    }

    fn draw_outline(&self, rect: Rect, xml: &mut Xml) {
        let sheets = self.sheets();
        let front = Rect {
            width: rect.width - sheets,
            height: rect.height - sheets,
            ..rect
        };
        let side = side(self.node.risk);
        let width = outline::thickness(self.node.kind.outline, self.node.risk);
        let mut draw = |rect: Rect| {
            let path = outline::path(self.node.kind.outline, rect);
            let classes = format!("{} {}", CARD.class, side.class);
            let attributes = format!(
                "d=\"{path}\" class=\"{classes}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{width}\"",
                CARD.light, side.light
            );
            xml.empty("path", &attributes);
        };
        if sheets > 0 {
            draw(front.moved(sheets, sheets));
        }
        draw(front);
    }

    fn draw_texts(&self, rect: Rect, xml: &mut Xml) {
        let x = rect.x + SIDE + self.inset.side;
        let right = rect.right() - self.sheets() - SIDE - self.inset.side;
        let mut y = rect.y + ABOVE + self.inset.top;
        for line in &self.name {
            xml.line((x, y + 12), NAME, TEXT, line);
            y += NAME_LINE;
        }
        if let Some(risk) = self.node.risk {
            draw_badge((right - badge_width(risk), y), risk, xml);
        }
        for line in &self.words {
            xml.line((x, y + 10), WORD, FAINT, line);
            y += WORD_LINE;
        }
    }
}

pub(super) fn badge_width(risk: Severity) -> i32 {
    BADGE.width(risk.as_str()) + 2 * BADGE_SIDE
}

/// The word for a risk in a field of its colour.
pub(super) fn draw_badge(at: (i32, i32), risk: Severity, xml: &mut Xml) {
    let (x, y) = at;
    let width = badge_width(risk);
    let ink = badge(risk).attributes();
    xml.empty(
        "rect",
        &format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BADGE_HEIGHT}\" rx=\"3\" {ink}"),
    );
    xml.line((x + BADGE_SIDE, y + 10), BADGE, BADGE_TEXT, risk.as_str());
}
