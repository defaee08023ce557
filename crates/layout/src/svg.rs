//! A graph as a standalone SVG: nothing is loaded, nothing runs.

mod card;
mod head;
mod line;
mod outline;
mod style;
mod xml;

use model::Graph;
use model::graph::{Group, GroupIndex};

use crate::place::{BoxSketch, FrameSketch, LineSketch, Placement, Rect, Sketch, place};
use crate::text::{Font, clean, shortened};
use crate::words::heading;

use self::card::{Card, badge_width, draw_badge};
use self::head::Head;
use self::line::Text;
use self::style::{FAINT, FRAME, FRAME_SIDE, GROUND, INNER_FRAME, RULE, TEXT, side, thickness};
use self::xml::{FAMILY, Xml, attribute};

/// Room around everything, and the least width of what stands inside.
const MARGIN: i32 = 24;
const LEAST_WIDTH: i32 = 620;

const HEADING: Font = Font::bold(12);
const WIDEST_HEADING: i32 = 200;
const HEADING_HEIGHT: i32 = 24;
const HEADING_SIDE: i32 = 10;

/// Between the heading of a layer and its first box.
const LAYER_HEIGHT: i32 = 34;

/// Draws a graph. The same graph gives the same bytes.
///
/// The drawing has its colours as attributes, and darker ones in a style sheet for viewers that prefer dark. Boxes are large
/// enough for their texts in fonts of Helvetica's widths; full texts are in `title` elements.
pub fn svg(graph: &Graph) -> String {
    let picture = Picture::new(graph);
    picture.draw()
}

struct Picture<'a> {
    graph: &'a Graph,
    cards: Vec<Card<'a>>,
    texts: Vec<Option<Text>>,
    placement: Placement,
    head: Head,
    width: i32,
    height: i32,
}

impl<'a> Picture<'a> {
    fn new(graph: &'a Graph) -> Self {
        let cards: Vec<Card<'a>> = graph.nodes().iter().map(Card::new).collect();
        let texts: Vec<Option<Text>> = graph.edges().iter().map(Text::new).collect();
        let mut placement = place(&sketch(graph, &cards, &texts));
        let width = placement.width.max(LEAST_WIDTH);
        let head = Head::new(graph, width);
        let above = head.height() + if has_layers(graph) { LAYER_HEIGHT } else { 0 };
        placement.shift(MARGIN, MARGIN + above);
        Picture {
            graph,
            cards,
            texts,
            width: width + 2 * MARGIN,
            height: placement.height + above + 2 * MARGIN,
            placement,
            head,
        }
    }

    fn draw(&self) -> String {
        let mut xml = Xml::default();
        let (width, height) = (self.width, self.height);
        xml.begin(
            "svg",
            &format!(
                "xmlns=\"http://www.w3.org/2000/svg\" class=\"sw\" role=\"img\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\""
            ),
        );
        xml.element("title", "", &clean(&self.graph.title));
        xml.element("desc", "", &clean(&self.graph.description));
        xml.element("style", "", &style::sheet());
        let ground = GROUND.attributes();
        xml.empty(
            "rect",
            &format!("width=\"{width}\" height=\"{height}\" {ground}"),
        );
        xml.begin("g", "");
        self.head.draw(MARGIN, MARGIN, &mut xml);
        xml.end();
        self.draw_layers(&mut xml);
        for (group, &rect) in self.graph.groups().iter().zip(&self.placement.frames) {
            draw_frame(group, rect, &mut xml);
        }
        self.draw_edges(&mut xml);
        for (card, &rect) in self.cards.iter().zip(&self.placement.boxes) {
            card.draw(rect, &mut xml);
        }
        xml.end();
        xml.finish() + "\n"
    }

    /// The headings of layers.
    fn draw_layers(&self, xml: &mut Xml) {
        let y = MARGIN + self.head.height();
        for (heading, layer) in self.graph.layers.iter().zip(&self.placement.layers) {
            let Some((left, right)) = *layer else {
                continue;
            };
            let text = shortened(&clean(heading), HEADING, right - left);
            xml.line((left, y + 14), HEADING, TEXT, &text);
            let rule = RULE.attributes();
            xml.empty("path", &format!("d=\"M{left} {}H{right}\" {rule}", y + 22));
        }
    }

    /// The worst are drawn last, and so are not covered.
    fn draw_edges(&self, xml: &mut Xml) {
        let edges = self.graph.edges();
        let mut order: Vec<usize> = (0..edges.len()).collect();
        order.sort_by_key(|&index| edges[index].risk);
        let name = |node| &*self.graph.node(node).id;
        for &index in &order {
            let edge = &edges[index];
            let names = (name(edge.from), name(edge.to));
            line::draw(edge, names, &self.placement.lines[index], xml);
        }
        xml.begin("g", "");
        for (text, route) in self.texts.iter().zip(&self.placement.lines) {
            if let Some(text) = text {
                line::draw_text(text, route, xml);
            }
        }
        xml.end();
    }
}

fn has_layers(graph: &Graph) -> bool {
    !graph.layers.is_empty() && graph.nodes().iter().any(|node| node.layer.is_some())
}

fn sketch(graph: &Graph, cards: &[Card<'_>], texts: &[Option<Text>]) -> Sketch {
    let boxes = graph.nodes().iter().zip(cards).map(|(node, card)| {
        let layer = node.layer.map(|layer| layer as usize);
        let title = layer.and_then(|layer| graph.layers.get(layer));
        let title = title.map(|text| HEADING.width(&clean(text)).min(WIDEST_HEADING));
        BoxSketch {
            width: card.width().max(title.unwrap_or_default()),
            height: card.height(),
            frame: node.group.map(GroupIndex::index),
            layer,
            is_rigid: false,
        }
    });
    let lines = graph
        .edges()
        .iter()
        .zip(texts)
        .map(|(edge, text)| LineSketch {
            from: edge.from.index(),
            to: edge.to.index(),
            label: text.as_ref().map(Text::size),
        });
    let frames = graph.groups().iter().map(|group| {
        let badge = group.risk.map_or(0, |risk| 8 + badge_width(risk));
        FrameSketch {
            parent: group.parent.map(GroupIndex::index),
            heading: (
                HEADING.width(&short_heading(group)) + badge + 2 * HEADING_SIDE,
                HEADING_HEIGHT,
            ),
        }
    });
    Sketch {
        boxes: boxes.collect(),
        lines: lines.collect(),
        frames: frames.collect(),
    }
}

fn short_heading(group: &Group) -> String {
    shortened(&heading(group), HEADING, WIDEST_HEADING)
}

fn draw_frame(group: &Group, rect: Rect, xml: &mut Xml) {
    if rect.width == 0 {
        return;
    }
    xml.begin(
        "g",
        &format!("class=\"fr\" {}", attribute("data-id", &clean(&group.id))),
    );
    let mut title = heading(group);
    for line in group.tooltip.iter().flat_map(|tooltip| tooltip.lines()) {
        title = title + "\n" + &clean(line);
    }
    xml.element("title", "", &title);
    let fill = if group.parent.is_some() {
        INNER_FRAME
    } else {
        FRAME
    };
    let side = group.risk.map_or(FRAME_SIDE, |risk| side(Some(risk)));
    xml.empty(
        "rect",
        &format!(
            "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" class=\"{} {}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"",
            rect.x, rect.y, rect.width, rect.height, fill.class, side.class, fill.light, side.light, thickness(group.risk)
        ),
    );
    let text = short_heading(group);
    xml.line((rect.x + HEADING_SIDE, rect.y + 17), HEADING, FAINT, &text);
    if let Some(risk) = group.risk {
        let x = rect.x + HEADING_SIDE + HEADING.width(&text) + 8;
        draw_badge((x, rect.y + 7), risk, xml);
    }
    xml.end();
}
