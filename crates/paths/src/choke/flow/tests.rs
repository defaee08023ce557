//! Against a counter that takes the edges away and walks from every start anew.

use proptest::prelude::*;

use super::Flow;

/// A graph, its weights, its goals, and edges to take away.
#[derive(Clone, Debug)]
struct Case {
    edges: Vec<(u32, u32)>,
    weights: Vec<u64>,
    goals: Vec<u32>,
    dead: Vec<u32>,
}

fn reaches(case: &Case, start: u32, dead: &[u32]) -> Vec<bool> {
    let mut seen = vec![false; case.weights.len()];
    seen[start as usize] = true;
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for (edge, &(tail, head)) in (0..).zip(&case.edges) {
            if tail == node && !dead.contains(&edge) && !seen[head as usize] {
                seen[head as usize] = true;
                open.push(head);
            }
        }
    }
    seen
}

fn naive_pairs(case: &Case, dead: &[u32]) -> u64 {
    let mut pairs = 0;
    for (start, weight) in (0..).zip(&case.weights) {
        let seen = reaches(case, start, dead);
        let others = case.goals.iter().filter(|goal| **goal != start);
        pairs += weight * others.filter(|goal| seen[**goal as usize]).count() as u64;
    }
    pairs
}

fn case(most: u32, edges: usize) -> impl Strategy<Value = Case> {
    (2..most).prop_flat_map(move |nodes| {
        let edge = (0..nodes, 0..nodes);
        let edges = prop::collection::vec(edge, 0..edges);
        let weights = prop::collection::vec(0_u64..4, nodes as usize);
        let goals = prop::sample::subsequence((0..nodes).collect::<Vec<_>>(), 0..=nodes as usize);
        (edges, weights, goals).prop_flat_map(|(edges, weights, goals)| {
            let all: Vec<u32> = (0..edges.len() as u32).collect();
            let count = all.len();
            let dead = prop::sample::subsequence(all, 0..=count);
            dead.prop_map(move |dead| Case {
                edges: edges.clone(),
                weights: weights.clone(),
                goals: goals.clone(),
                dead,
            })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_lost_is_what_walking_anew_finds(case in case(14, 40)) {
        check(&case)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Components with many nodes, of which few edges are gone.
    #[test]
    fn large_components_are_counted_too(case in case(70, 220), few in 1_usize..6) {
        let mut case = case;
        case.dead.truncate(few);
        check(&case)?;
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let flow = Flow::new(case.edges.clone(), case.weights.clone(), &case.goals);
    let before = naive_pairs(case, &[]);
    prop_assert_eq!(flow.pairs(), before);
    let mut scratch = flow.scratch();
    // One scratch serves many questions.
    for dead in [&case.dead[..], &[], &case.dead] {
        let lost = flow.lost(dead, &mut scratch);
        prop_assert_eq!(lost, before - naive_pairs(case, dead));
    }
    Ok(())
}
