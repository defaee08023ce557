//! The outlines of boxes.

use model::Severity;
use model::graph::Outline;

use crate::place::Rect;

use super::style;

/// How far from each side of its rectangle an outline keeps texts.
#[derive(Clone, Copy, Default)]
pub(super) struct Inset {
    pub(super) side: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
}

/// How far corners are cut, sides slant, and ends are round.
const CORNER: i32 = 8;
const SLANT: i32 = 9;
const POINT: i32 = 10;
const ROUND: i32 = 14;
const LID: i32 = 5;
const GAP: i32 = 4;

pub(super) fn inset(outline: Outline) -> Inset {
    let (side, top, bottom) = match outline {
        Outline::Box => (0, 0, 0),
        Outline::Pill => (6, 0, 0),
        Outline::Hexagon => (POINT, 0, 0),
        Outline::Slanted => (SLANT, 0, 0),
        Outline::Note => (2, 3, 0),
        Outline::Cylinder => (0, 2 * LID, LID),
        Outline::Octagon => (3, 2, 2),
        Outline::Double => (GAP, GAP, GAP),
    };
    Inset { side, top, bottom }
}

/// How thick an outline is drawn: two lines must not become one.
pub(super) fn thickness(outline: Outline, risk: Option<Severity>) -> &'static str {
    if outline == Outline::Double {
        "1.75"
    } else {
        style::thickness(risk)
    }
}

/// The path of an outline in a rectangle.
pub(super) fn path(outline: Outline, rect: Rect) -> String {
    let (l, t, r, b) = (rect.x, rect.y, rect.right(), rect.bottom());
    let middle = i32::midpoint(t, b);
    match outline {
        Outline::Box => rounded(rect, 3),
        Outline::Pill => rounded(rect, ROUND.min(rect.height / 2)),
        Outline::Hexagon => {
            let (near, far) = (l + POINT, r - POINT);
            format!("M{near} {t}H{far}L{r} {middle}L{far} {b}H{near}L{l} {middle}Z")
        }
        Outline::Slanted => {
            format!("M{} {t}H{r}L{} {b}H{l}Z", l + SLANT, r - SLANT)
        }
        Outline::Note => {
            let (far, upper) = (r - CORNER, t + CORNER);
            format!("M{l} {t}H{far}L{r} {upper}V{b}H{l}ZM{far} {t}V{upper}H{r}")
        }
        Outline::Cylinder => {
            let half = rect.width / 2;
            let (top, bottom) = (t + LID, b - LID);
            format!(
                "M{l} {top}A{half} {LID} 0 0 1 {r} {top}V{bottom}A{half} {LID} 0 0 1 {l} {bottom}Z\
                 M{l} {top}A{half} {LID} 0 0 0 {r} {top}"
            )
        }
        Outline::Octagon => {
            let (near, far) = (l + CORNER, r - CORNER);
            let (upper, lower) = (t + CORNER, b - CORNER);
            format!("M{near} {t}H{far}L{r} {upper}V{lower}L{far} {b}H{near}L{l} {lower}V{upper}Z")
        }
        Outline::Double => {
            let inner = Rect {
                x: l + GAP,
                y: t + GAP,
                width: rect.width - 2 * GAP,
                height: rect.height - 2 * GAP,
            };
            rounded(rect, 6) + &rounded(inner, 4)
        }
    }
}

fn rounded(rect: Rect, radius: i32) -> String {
    let (l, t, r, b) = (rect.x, rect.y, rect.right(), rect.bottom());
    let (near, far, upper, lower) = (l + radius, r - radius, t + radius, b - radius);
    format!(
        "M{near} {t}H{far}A{radius} {radius} 0 0 1 {r} {upper}V{lower}A{radius} {radius} 0 0 1 {far} {b}\
         H{near}A{radius} {radius} 0 0 1 {l} {lower}V{upper}A{radius} {radius} 0 0 1 {near} {t}Z"
    )
}
