//! Bars as inline SVG. They repeat what stands in words beside them, so that readers of a screen pass them by.

use maud::{Markup, html};

/// The least part of a bar that is drawn, in per cent of its width: one of ten thousand can be seen.
const LEAST: f64 = 0.8;

/// Draws parts one after the other over a width that stands for `total`; each is a class and a number.
pub(super) fn stacked(parts: &[(&'static str, usize)], total: usize) -> Markup {
    let mut x = 0.0;
    html! {
        svg.bar aria-hidden="true" width="100%" height="10" focusable="false" {
            rect.rest x="0" y="0" width="100%" height="10" {}
            @for (class, width) in widths(parts, total) {
                rect class=(class) x=(per_cent(x)) y="0" width=(per_cent(width)) height="10" {}
                ({ x += width; "" })
            }
        }
    }
}

/// The width of each part that is there, in per cent; together at most 100.
fn widths(parts: &[(&'static str, usize)], total: usize) -> Vec<(&'static str, f64)> {
    let there = parts.iter().filter(|(_, count)| *count > 0);
    let widths: Vec<(&'static str, f64)> = there
        .map(|&(class, count)| {
            let width = 100.0 * count as f64 / total.max(1) as f64;
            (class, width.max(LEAST))
        })
        .collect();
    let sum: f64 = widths.iter().map(|(_, width)| width).sum();
    let scale = if sum > 100.0 { 100.0 / sum } else { 1.0 };
    let scaled = widths.into_iter();
    scaled
        .map(|(class, width)| (class, width * scale))
        .collect()
}

fn per_cent(value: f64) -> String {
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use super::widths;

    #[test]
    fn parts_fill_the_width_and_small_ones_are_seen() {
        let all = widths(&[("a", 1), ("b", 0), ("c", 9_999)], 10_000);
        assert_eq!(all.len(), 2);
        assert!(all[0].1 > 0.7);
        let sum: f64 = all.iter().map(|(_, width)| width).sum();
        assert!((sum - 100.0).abs() < 1e-9, "{sum}");
        assert_eq!(widths(&[("a", 1)], 2), [("a", 50.0)]);
        assert_eq!(widths(&[("a", 0)], 0), []);
    }
}
