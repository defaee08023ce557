//! What is where in an SVG: read back from its text, so that nothing that the drawing believes counts.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    fn around(points: &[(f64, f64)]) -> Self {
        let mut area = Area {
            left: f64::MAX,
            top: f64::MAX,
            right: f64::MIN,
            bottom: f64::MIN,
        };
        for &(x, y) in points {
            area.left = area.left.min(x);
            area.right = area.right.max(x);
            area.top = area.top.min(y);
            area.bottom = area.bottom.max(y);
        }
        area
    }

    pub(crate) fn overlaps(self, other: Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub(crate) fn contains(self, other: Area) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }

    /// Whether a point is inside, by more than a margin.
    pub(crate) fn has_inside(self, (x, y): (f64, f64), margin: f64) -> bool {
        x > self.left + margin
            && x < self.right - margin
            && y > self.top + margin
            && y < self.bottom - margin
    }
}

/// A text and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) area: Area,
}

#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) area: Area,
    pub(crate) texts: Vec<Text>,
}

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Close to each other.
    pub(crate) points: Vec<(f64, f64)>,
}

#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) whole: Area,
    pub(crate) cards: Vec<Card>,
    pub(crate) lines: Vec<Line>,
    /// By id.
    pub(crate) frames: BTreeMap<String, Area>,
    /// Headings of frames.
    pub(crate) headings: Vec<Text>,
    /// All others: title, legend, headings of layers, texts of edges.
    pub(crate) others: Vec<Text>,
}

impl Picture {
    pub(crate) fn read(svg: &str) -> Self {
        Self::of(&Document::parse(svg).expect("an SVG is XML"))
    }

    pub(crate) fn of(document: &Document<'_>) -> Self {
        let root = document.root_element();
        let mut picture = Picture {
            whole: Area {
                left: 0.0,
                top: 0.0,
                right: number(root, "width"),
                bottom: number(root, "height"),
            },
            cards: Vec::new(),
            lines: Vec::new(),
            frames: BTreeMap::new(),
            headings: Vec::new(),
            others: Vec::new(),
        };
        picture.read_children(root);
        picture
    }

    fn read_children(&mut self, node: Node<'_, '_>) {
        for child in node.children().filter(Node::is_element) {
            let class = child.attribute("class").unwrap_or_default();
            match (child.tag_name().name(), class) {
                ("g", "n") => self.cards.push(Card {
                    id: attribute(child, "data-id"),
                    area: outlines(child),
                    texts: texts(child),
                }),
                ("g", "l") => self.lines.push(Line {
                    from: attribute(child, "data-from"),
                    to: attribute(child, "data-to"),
                    points: first_path(child),
                }),
                ("g", "fr") => {
                    let rect = child.children().find(|node| node.has_tag_name("rect"));
                    let rect = rect.map(rect_area).expect("a frame has a rectangle");
                    self.frames.insert(attribute(child, "data-id"), rect);
                    self.headings.extend(texts(child));
                }
                ("g" | "a", _) => self.read_children(child),
                ("text", _) => self.others.push(text(child)),
                _ => {}
            }
        }
    }

    pub(crate) fn card(&self, id: &str) -> &Card {
        let mut cards = self.cards.iter();
        cards.find(|card| card.id == id).expect("the node is drawn")
    }

    pub(crate) fn all_texts(&self) -> impl Iterator<Item = &Text> {
        let of_cards = self.cards.iter().flat_map(|card| &card.texts);
        of_cards.chain(&self.headings).chain(&self.others)
    }
}

fn attribute(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name)
        .and_then(|value| value.parse().ok())
        .unwrap_or_default()
}

fn rect_area(node: Node<'_, '_>) -> Area {
    let (left, top) = (number(node, "x"), number(node, "y"));
    Area {
        left,
        top,
        right: left + number(node, "width"),
        bottom: top + number(node, "height"),
    }
}

fn texts(node: Node<'_, '_>) -> Vec<Text> {
    node.descendants()
        .filter(|node| node.has_tag_name("text"))
        .map(text)
        .collect()
}

/// Letters reach about so far above and below the line.
fn text(node: Node<'_, '_>) -> Text {
    let size = number(node, "font-size");
    let (left, base) = (number(node, "x"), number(node, "y"));
    let text: String = node.text().unwrap_or_default().to_owned();
    let width = if node.has_attribute("textLength") {
        number(node, "textLength")
    } else {
        text.chars().count() as f64 * size
    };
    Text {
        text,
        area: Area {
            left,
            top: base - 0.73 * size,
            right: left + width,
            bottom: base + 0.21 * size,
        },
    }
}

fn outlines(node: Node<'_, '_>) -> Area {
    let points: Vec<_> = node
        .children()
        .filter(|node| node.has_tag_name("path"))
        .flat_map(|path| sampled(&attribute(path, "d")))
        .collect();
    Area::around(&points)
}

fn first_path(node: Node<'_, '_>) -> Vec<(f64, f64)> {
    let mut paths = node.children().filter(|node| node.has_tag_name("path"));
    paths
        .next()
        .map(|path| sampled(&attribute(path, "d")))
        .unwrap_or_default()
}

/// Points along a path, close to each other. Arcs count with their ends only.
fn sampled(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut rest = path;
    while let Some(command) = rest.chars().next() {
        let arguments = &rest[1..];
        let end = arguments.find(|letter: char| letter.is_ascii_alphabetic());
        let (own, next) = arguments.split_at(end.unwrap_or(arguments.len()));
        rest = next;
        let numbers: Vec<f64> = own
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().expect("a number"))
            .collect();
        let (x, y) = points.last().copied().unwrap_or_default();
        let line = |points: &mut Vec<(f64, f64)>, to: (f64, f64)| {
            let steps = ((to.0 - x).abs().max((to.1 - y).abs()) / 6.0)
                .ceil()
                .max(1.0);
            let parts = (1..).map(|step| f64::from(step) / steps);
            for part in parts.take_while(|&part| part <= 1.0) {
                points.push((x + (to.0 - x) * part, y + (to.1 - y) * part));
            }
        };
        match (command, &numbers[..]) {
            ('H', &[x]) => line(&mut points, (x, y)),
            ('V', &[y]) => line(&mut points, (x, y)),
            ('L', &[x, y]) => line(&mut points, (x, y)),
            ('M', &[x, y]) | ('A', &[.., x, y]) => points.push((x, y)),
            ('C', &[x1, y1, x2, y2, x3, y3]) => {
                let steps = 60;
                for step in 1..=steps {
                    let part = f64::from(step) / f64::from(steps);
                    let rest = 1.0 - part;
                    let weights = [
                        rest.powi(3),
                        3.0 * rest * rest * part,
                        3.0 * rest * part * part,
                        part.powi(3),
                    ];
                    let mix = |values: [f64; 4]| {
                        weights
                            .iter()
                            .zip(values)
                            .map(|(weight, value)| weight * value)
                            .sum()
                    };
                    points.push((mix([x, x1, x2, x3]), mix([y, y1, y2, y3])));
                }
            }
            ('Z', []) => {}
            other => panic!("a command that pictures have not: {other:?}"),
        }
    }
    points
}
