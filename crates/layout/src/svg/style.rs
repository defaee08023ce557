//! Colours. Each is an attribute, so that the picture is readable where style sheets are ignored, and a class, so that
//! whoever prefers dark gets dark.

use model::Severity;
use model::graph::EdgeStyle;

/// A colour for a property, by class: on light and on dark ground.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub(super) class: &'static str,
    pub(super) property: &'static str,
    pub(super) light: &'static str,
    pub(super) dark: &'static str,
}

const fn ink(
    class: &'static str,
    property: &'static str,
    light: &'static str,
    dark: &'static str,
) -> Ink {
    Ink {
        class,
        property,
        light,
        dark,
    }
}

pub(super) const GROUND: Ink = ink("g", "fill", "#ffffff", "#0d1117");
pub(super) const TEXT: Ink = ink("t", "fill", "#111827", "#e6edf3");
pub(super) const FAINT: Ink = ink("m", "fill", "#4b5563", "#9da7b3");
pub(super) const RULE: Ink = ink("u", "stroke", "#d1d5db", "#30363d");
pub(super) const FRAME: Ink = ink("f", "fill", "#f5f7fa", "#151b23");
pub(super) const INNER_FRAME: Ink = ink("fi", "fill", "#eaeef3", "#1c2430");
pub(super) const FRAME_SIDE: Ink = ink("fs", "stroke", "#b6c0cc", "#3d4753");
pub(super) const CARD: Ink = ink("c", "fill", "#ffffff", "#21262d");
pub(super) const CARD_SIDE: Ink = ink("s", "stroke", "#6b7280", "#8b949e");
pub(super) const BADGE_TEXT: Ink = ink("bt", "fill", "#ffffff", "#0d1117");

const RISK_SIDES: [Ink; 4] = [
    ink("s1", "stroke", "#2563a8", "#6cb0f5"),
    ink("s2", "stroke", "#8a6100", "#e3b341"),
    ink("s3", "stroke", "#b93c08", "#ff9b5e"),
    ink("s4", "stroke", "#a40e4c", "#ff7b9c"),
];
const RISK_FILLS: [Ink; 4] = [
    ink("r1", "fill", "#2563a8", "#6cb0f5"),
    ink("r2", "fill", "#8a6100", "#e3b341"),
    ink("r3", "fill", "#b93c08", "#ff9b5e"),
    ink("r4", "fill", "#a40e4c", "#ff7b9c"),
];

const EDGES: [Ink; 6] = [
    ink("e0", "stroke", "#9ca3af", "#6e7681"),
    ink("e1", "stroke", "#4b5563", "#9da7b3"),
    ink("e2", "stroke", "#6d28d9", "#bc9bff"),
    ink("e3", "stroke", "#0f766e", "#3fc7ba"),
    ink("e4", "stroke", "#6b7280", "#8b949e"),
    ink("e5", "stroke", "#6b7280", "#8b949e"),
];
const ARROWS: [Ink; 6] = [
    ink("a0", "fill", "#9ca3af", "#6e7681"),
    ink("a1", "fill", "#4b5563", "#9da7b3"),
    ink("a2", "fill", "#6d28d9", "#bc9bff"),
    ink("a3", "fill", "#0f766e", "#3fc7ba"),
    ink("a4", "fill", "#6b7280", "#8b949e"),
    ink("a5", "fill", "#6b7280", "#8b949e"),
];

fn of_risk(inks: &[Ink; 4], risk: Severity) -> Ink {
    inks[match risk {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    }]
}

/// The outline of what is that bad.
pub(super) fn side(risk: Option<Severity>) -> Ink {
    risk.map_or(CARD_SIDE, |risk| of_risk(&RISK_SIDES, risk))
}

/// The fill of a badge, and the colour of the word on an edge.
pub(super) fn badge(risk: Severity) -> Ink {
    of_risk(&RISK_FILLS, risk)
}

/// The thickness of outlines and edges: how bad something is shows without colour too.
pub(super) fn thickness(risk: Option<Severity>) -> &'static str {
    match risk {
        None | Some(Severity::Low) => "1.5",
        Some(Severity::Medium) => "2",
        Some(Severity::High) => "2.75",
        Some(Severity::Critical) => "3.5",
    }
}

fn place(style: EdgeStyle) -> usize {
    match style {
        EdgeStyle::Related => 0,
        EdgeStyle::Grants => 1,
        EdgeStyle::Escalates => 2,
        EdgeStyle::Allowed => 3,
        EdgeStyle::Denied => 4,
        EdgeStyle::Unknown => 5,
    }
}

/// The line of an edge, and its arrow.
pub(super) fn edge(style: EdgeStyle, risk: Option<Severity>) -> (Ink, Ink) {
    risk.map_or((EDGES[place(style)], ARROWS[place(style)]), |risk| {
        (of_risk(&RISK_SIDES, risk), of_risk(&RISK_FILLS, risk))
    })
}

/// The dashes of an edge, when it has some.
pub(super) fn dashes(style: EdgeStyle) -> Option<&'static str> {
    match style {
        EdgeStyle::Denied => Some("7 4"),
        EdgeStyle::Unknown => Some("2 4"),
        _ => None,
    }
}

/// The style sheet: dark colours for whoever prefers them.
pub(super) fn sheet() -> String {
    let single = [
        GROUND,
        TEXT,
        FAINT,
        RULE,
        FRAME,
        INNER_FRAME,
        FRAME_SIDE,
        CARD,
        CARD_SIDE,
        BADGE_TEXT,
    ];
    let all = single
        .iter()
        .chain(&RISK_SIDES)
        .chain(&RISK_FILLS)
        .chain(&EDGES)
        .chain(&ARROWS);
    let dark: String = all
        .map(|ink| format!(".sw .{}{{{}:{}}}", ink.class, ink.property, ink.dark))
        .collect();
    format!("@media (prefers-color-scheme:dark){{{dark}}}")
}

#[cfg(test)]
mod tests {
    use super::{BADGE_TEXT, CARD, EDGES, FAINT, FRAME, GROUND, INNER_FRAME, RISK_FILLS, TEXT};

    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.03928 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// The Web Content Accessibility Guidelines ask for 4.5 for texts and 3 for other things.
    #[test]
    fn contrasts_are_enough() {
        for ground in [GROUND, CARD, FRAME, INNER_FRAME] {
            for text in [TEXT, FAINT].iter().chain(&RISK_FILLS) {
                let contrasts = [
                    contrast(ground.light, text.light),
                    contrast(ground.dark, text.dark),
                ];
                assert!(
                    contrasts.iter().all(|&contrast| contrast >= 4.5),
                    "{}: {contrasts:?}",
                    text.class
                );
            }
        }
        for fill in &RISK_FILLS {
            assert!(contrast(fill.light, BADGE_TEXT.light) >= 4.5);
            assert!(contrast(fill.dark, BADGE_TEXT.dark) >= 4.5);
        }
        for edge in &EDGES[1..] {
            assert!(contrast(edge.light, GROUND.light) >= 3.0);
            assert!(contrast(edge.dark, GROUND.dark) >= 3.0);
        }
    }
}
