//! One edge: its line, its arrows and its text.

use std::fmt::Write;

use model::Severity;
use model::graph::{Arrows, Edge, EdgeStyle};

use crate::place::Route;
use crate::text::{Font, clean, shortened};

use super::style::{FAINT, GROUND, Ink, badge, dashes, edge as edge_inks, thickness};
use super::xml::{Xml, attribute};

const TEXT: Font = Font::regular(11);
const RISK: Font = Font::bold(10);

/// The widest that a text gets, and the height of its line.
const WIDEST: i32 = 170;
const HEIGHT: i32 = 15;

/// What stays free to both sides of a text, and between it and the word for the risk.
const SIDE: i32 = 4;
const BETWEEN: i32 = 6;

/// Length and half the width of an arrow.
const ARROW: i32 = 9;
const HALF: i32 = 4;

/// What is written on an edge.
pub(super) struct Text {
    label: String,
    risk: Option<Severity>,
}

impl Text {
    /// Nothing for an edge without a text: how bad it is shows in its line.
    pub(super) fn new(edge: &Edge) -> Option<Self> {
        let label = shortened(&clean(&edge.label), TEXT, WIDEST);
        (!label.is_empty()).then_some(Text {
            label,
            risk: edge.risk,
        })
    }

    pub(super) fn size(&self) -> (i32, i32) {
        let risk = self
            .risk
            .map_or(0, |risk| BETWEEN + RISK.width(risk.as_str()));
        (TEXT.width(&self.label) + risk + 2 * SIDE, HEIGHT)
    }
}

/// How a line looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) style: EdgeStyle,
    pub(super) risk: Option<Severity>,
    pub(super) arrows: Arrows,
}

/// Draws an edge without its text.
pub(super) fn draw(edge: &Edge, names: (&str, &str), route: &Route, xml: &mut Xml) {
    let data = format!(
        "class=\"l\" {} {}",
        attribute("data-from", &clean(names.0)),
        attribute("data-to", &clean(names.1))
    );
    xml.begin("g", &data);
    draw_title(edge, names, xml);
    let look = Look {
        style: edge.style,
        risk: edge.risk,
        arrows: edge.arrows,
    };
    draw_line(look, &route.strokes, xml);
    xml.end();
}

/// Draws strokes with the arrows at their ends.
pub(super) fn draw_line(look: Look, strokes: &[Vec<(i32, i32)>], xml: &mut Xml) {
    let inks = edge_inks(look.style, look.risk);
    let mut strokes = strokes.to_vec();
    let mut arrows = Vec::new();
    let (is_first, is_last) = ends(look.arrows);
    if let Some([tip, after, ..]) = strokes
        .first_mut()
        .map(Vec::as_mut_slice)
        .filter(|_| is_first)
    {
        arrows.push(arrow(look.style, tip, *after, inks));
    }
    if let Some([.., before, tip]) = strokes
        .last_mut()
        .map(Vec::as_mut_slice)
        .filter(|_| is_last)
    {
        arrows.push(arrow(look.style, tip, *before, inks));
    }
    let path: String = strokes.iter().map(|stroke| along(stroke)).collect();
    let mut attributes = format!(
        "d=\"{path}\" fill=\"none\" {} stroke-width=\"{}\"",
        inks.0.attributes(),
        thickness(look.risk)
    );
    if let Some(dashes) = dashes(look.style) {
        let _ = write!(attributes, " stroke-dasharray=\"{dashes}\"");
    }
    xml.empty("path", &attributes);
    for arrow in arrows {
        xml.empty("path", &arrow);
    }
}

/// Draws the text in its gap.
pub(super) fn draw_text(text: &Text, route: &Route, xml: &mut Xml) {
    let Some(rect) = route.label else { return };
    let x = rect.x + SIDE;
    let y = rect.y + HEIGHT - 4;
    xml.line((x, y), TEXT, FAINT, &text.label);
    if let Some(risk) = text.risk {
        let x = x + TEXT.width(&text.label) + BETWEEN;
        xml.line((x, y), RISK, badge(risk), risk.as_str());
    }
}

fn draw_title(edge: &Edge, names: (&str, &str), xml: &mut Xml) {
    let mut lines = vec![format!("{} → {}", clean(names.0), clean(names.1))];
    let label = clean(&edge.label);
    let word = edge.style.as_str();
    lines.push(if label.is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {label}")
    });
    lines.extend(edge.risk.map(|risk| format!("risk: {risk}")));
    lines.extend(
        (edge.stands_for > 1).then(|| format!("stands for {} connections", edge.stands_for)),
    );
    lines.extend(
        edge.tooltip
            .iter()
            .flat_map(|tooltip| tooltip.lines().map(clean)),
    );
    xml.element("title", "", &lines.join("\n"));
}

fn ends(arrows: Arrows) -> (bool, bool) {
    match arrows {
        Arrows::Forward => (false, true),
        Arrows::Both => (true, true),
        Arrows::Neither => (false, false),
    }
}

/// The path through some points.
pub(super) fn along(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| points[before]);
        let _ = match before {
            None => write!(path, "M{x} {y}"),
            Some((_, other)) if other == y => write!(path, "H{x}"),
            Some((other, above)) if other == x => {
                let reach = x + (y - above).abs();
                write!(path, "C{reach} {above} {reach} {y} {x} {y}")
            }
            Some((other, above)) => {
                let middle = i32::midpoint(x, other);
                write!(path, "C{middle} {above} {middle} {y} {x} {y}")
            }
        };
    }
    path
}

/// The arrow at an end of a line, as attributes of a path. The line then ends inside of the arrow, so that a thick
/// one does not stick out at the tip.
fn arrow(style: EdgeStyle, tip: &mut (i32, i32), beside: (i32, i32), inks: (Ink, Ink)) -> String {
    let (x, y) = *tip;
    let (line, fill) = inks;
    let ahead = (x - beside.0).signum();
    let back = -ahead * ARROW;
    let triangle = |x: i32| format!("M{x} {y}L{} {}V{}Z", x + back, y - HALF, y + HALF);
    match style {
        // It does not get there.
        EdgeStyle::Denied => {
            tip.0 += back / 2;
            let bar = format!("M{} {}V{}", tip.0, y - 6, y + 6);
            format!("d=\"{bar}\" {} stroke-width=\"2.5\"", line.attributes())
        }
        EdgeStyle::Unknown => {
            tip.0 += back;
            let classes = format!("class=\"{} {}\"", GROUND.class, line.class);
            let colors = format!("fill=\"{}\" stroke=\"{}\"", GROUND.light, line.light);
            format!(
                "d=\"{}\" {classes} {colors} stroke-width=\"1.25\"",
                triangle(x)
            )
        }
        EdgeStyle::Escalates => {
            tip.0 += back;
            let path = triangle(x) + &triangle(x + back * 2 / 3);
            format!("d=\"{path}\" {}", fill.attributes())
        }
        EdgeStyle::Related | EdgeStyle::Allowed | EdgeStyle::Grants => {
            tip.0 += back + 2 * ahead;
            format!("d=\"{}\" {}", triangle(x), fill.attributes())
        }
    }
}
