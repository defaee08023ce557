//! Texts, boxes, frames and lines keep out of each other's way.

use model::Graph;
use proptest::prelude::{ProptestConfig, TestCaseError, prop_assert, prop_assert_eq, proptest};

use crate::graphs::{Shape, graph};
use crate::picture::Picture;
use crate::samples::{network::network, paths::paths, rbac::rbac};

type Outcome = Result<(), TestCaseError>;

/// Everything that a reader may rely on.
fn is_in_order(graph: &Graph) -> Outcome {
    let svg = layout::svg(graph);
    let picture = Picture::read(&svg);
    prop_assert_eq!(&svg, &layout::svg(graph));
    prop_assert_eq!(picture.cards.len(), graph.nodes().len());
    prop_assert_eq!(picture.lines.len(), graph.edges().len());
    texts_are_apart(&picture)?;
    cards_hold_their_texts(&picture)?;
    frames_hold_their_cards(graph, &picture)?;
    lines_keep_out(&picture)
}

fn texts_are_apart(picture: &Picture) -> Outcome {
    let texts: Vec<_> = picture.all_texts().collect();
    for (index, one) in texts.iter().enumerate() {
        prop_assert!(
            picture.whole.contains(one.area),
            "{one:?} leaves the picture"
        );
        for other in &texts[..index] {
            prop_assert!(
                !one.area.overlaps(other.area),
                "{one:?} and {other:?} overlap"
            );
        }
    }
    Ok(())
}

fn cards_hold_their_texts(picture: &Picture) -> Outcome {
    for (index, card) in picture.cards.iter().enumerate() {
        prop_assert!(
            picture.whole.contains(card.area),
            "{card:?} leaves the picture"
        );
        for text in &card.texts {
            prop_assert!(
                card.area.contains(text.area),
                "{text:?} leaves {:?}",
                card.area
            );
        }
        for other in &picture.cards[..index] {
            prop_assert!(
                !card.area.overlaps(other.area),
                "{} and {} overlap",
                card.id,
                other.id
            );
        }
        for text in picture.headings.iter().chain(&picture.others) {
            prop_assert!(
                !card.area.overlaps(text.area),
                "{text:?} lies on {}",
                card.id
            );
        }
    }
    Ok(())
}

/// A card is in the frames of its groups, and in no other; frames are inside of each other or apart.
fn frames_hold_their_cards(graph: &Graph, picture: &Picture) -> Outcome {
    for node in graph.nodes() {
        let card = picture.card(&node.id);
        let around: Vec<&str> = graph
            .enclosing(node.group)
            .map(|group| &*graph.group(group).id)
            .collect();
        for (id, frame) in &picture.frames {
            if around.contains(&&**id) {
                prop_assert!(frame.contains(card.area), "{} leaves {id}", card.id);
            } else {
                prop_assert!(!frame.overlaps(card.area), "{} is in {id}", card.id);
            }
        }
    }
    let frames: Vec<_> = picture.frames.iter().collect();
    for (index, (id, one)) in frames.iter().enumerate() {
        for (other_id, other) in &frames[..index] {
            let is_nested = one.contains(**other) || other.contains(**one);
            prop_assert!(
                is_nested || !one.overlaps(**other),
                "{id} and {other_id} overlap"
            );
        }
    }
    Ok(())
}

/// Lines begin and end at their boxes, and run through neither boxes nor texts.
fn lines_keep_out(picture: &Picture) -> Outcome {
    for line in &picture.lines {
        for card in &picture.cards {
            for &point in &line.points {
                prop_assert!(
                    !card.area.has_inside(point, 1.0),
                    "{} → {} runs through {} at {point:?}",
                    line.from,
                    line.to,
                    card.id
                );
            }
        }
        for text in picture.others.iter().chain(&picture.headings) {
            for &point in &line.points {
                prop_assert!(
                    !text.area.has_inside(point, 0.5),
                    "{} → {} runs through {text:?}",
                    line.from,
                    line.to
                );
            }
        }
        for (end, point) in [
            (&line.from, line.points.first()),
            (&line.to, line.points.last()),
        ] {
            let card = picture.card(end).area;
            let Some(&(x, y)) = point else { continue };
            // Arrows and the insets of outlines lie between.
            let distance = (card.left - x).max(x - card.right);
            prop_assert!(
                (-12.0..=12.0).contains(&distance),
                "{} → {} ends {distance} from {end}",
                line.from,
                line.to
            );
            prop_assert!(
                y > card.top && y < card.bottom,
                "{} → {} misses {end}",
                line.from,
                line.to
            );
        }
    }
    Ok(())
}

#[test]
fn graphs_that_people_have_are_in_order() {
    for size in [1, 10, 40, 100] {
        for graph in [rbac(size), network(size), paths(size)] {
            is_in_order(&graph).unwrap();
        }
    }
    is_in_order(&Graph::new("Empty", "")).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn random_graphs_are_in_order(
        seed in 0u64..1_000_000, nodes in 0usize..30, edges in 0usize..50, groups in 0usize..7, layers in 0usize..6,
    ) {
        let layers = if layers < 2 { 0 } else { layers };
        is_in_order(&graph(Shape { seed, nodes, edges, groups, layers }))?;
    }
}
