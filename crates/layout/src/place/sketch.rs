//! What is placed, and where it came to lie. Lengths are whole pixels; x grows to the right, y downwards.

/// Boxes of known size, lines between them, and frames around them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sketch {
    pub(crate) boxes: Vec<BoxSketch>,
    pub(crate) lines: Vec<LineSketch>,
    /// Frames that hold others come before them.
    pub(crate) frames: Vec<FrameSketch>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct BoxSketch {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// The innermost frame.
    pub(crate) frame: Option<usize>,
    /// The layer that it must be in; layers are drawn from left to right.
    pub(crate) layer: Option<usize>,
    /// Whether it keeps its width; others become as wide as the widest of their column.
    pub(crate) is_rigid: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct LineSketch {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Room for the text on it: width and height.
    pub(crate) label: Option<(i32, i32)>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameSketch {
    pub(crate) parent: Option<usize>,
    /// Room for its heading: width and height.
    pub(crate) heading: (i32, i32),
}

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) fn right(self) -> i32 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> i32 {
        self.y + self.height
    }

    pub(crate) fn moved(self, x: i32, y: i32) -> Self {
        Rect {
            x: self.x + x,
            y: self.y + y,
            ..self
        }
    }
}

/// Where everything lies, by position in the sketch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placement {
    pub(crate) boxes: Vec<Rect>,
    pub(crate) lines: Vec<Route>,
    pub(crate) frames: Vec<Rect>,
    /// The column of every layer that has boxes: its left and right.
    pub(crate) layers: Vec<Option<(i32, i32)>>,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// The way of a line, from its first box to its second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// One stroke, or two with the text between them. From point to point: where they have the same height a straight
    /// line, where they have the same x a half circle to the right, else a curve that is level at both ends.
    pub(crate) strokes: Vec<Vec<(i32, i32)>>,
    /// Where its text lies.
    pub(crate) label: Option<Rect>,
}

impl Route {
    pub(crate) fn moved(mut self, x: i32, y: i32) -> Self {
        for point in self.strokes.iter_mut().flatten() {
            *point = (point.0 + x, point.1 + y);
        }
        self.label = self.label.map(|label| label.moved(x, y));
        self
    }
}

impl Sketch {
    /// The frames around a box, innermost first.
    pub(crate) fn around(&self, one: usize) -> impl Iterator<Item = usize> + '_ {
        let innermost = self.boxes[one].frame;
        std::iter::successors(innermost, |&frame| self.frames[frame].parent)
    }
}

impl Placement {
    /// Moves everything so that the least x and y are 0, and measures it.
    pub(crate) fn fit(&mut self) {
        let rects = || {
            let labels = self.lines.iter().filter_map(|route| route.label.as_ref());
            self.boxes.iter().chain(&self.frames).chain(labels).copied()
        };
        let points = || {
            self.lines
                .iter()
                .flat_map(|route| route.strokes.iter().flatten().copied())
        };
        let corners = || {
            let corners =
                rects().flat_map(|rect| [(rect.x, rect.y), (rect.right(), rect.bottom())]);
            corners.chain(points())
        };
        let least = |of: fn((i32, i32)) -> i32| corners().map(of).min().unwrap_or_default();
        let most = |of: fn((i32, i32)) -> i32| corners().map(of).max().unwrap_or_default();
        let (left, top) = (least(|corner| corner.0), least(|corner| corner.1));
        let (right, bottom) = (most(|corner| corner.0), most(|corner| corner.1));
        (self.width, self.height) = (right - left, bottom - top);
        self.shift(-left, -top);
    }

    /// Moves everything.
    pub(crate) fn shift(&mut self, x: i32, y: i32) {
        for rect in self.boxes.iter_mut().chain(&mut self.frames) {
            *rect = rect.moved(x, y);
        }
        for route in &mut self.lines {
            *route = std::mem::take(route).moved(x, y);
        }
        for layer in self.layers.iter_mut().flatten() {
            *layer = (layer.0 + x, layer.1 + x);
        }
    }
}
