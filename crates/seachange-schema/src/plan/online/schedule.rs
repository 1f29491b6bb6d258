//! Which part runs in which phase.
//!
//! Phases take turns: even ones are transactions, odd ones are outside. Every part gets the earliest phase of its
//! kind in which what it needs is there; what is only taken down to be made anew goes as late as it can, so that
//! the time without it is short.

use super::Part;
use crate::plan::graph::Edges;
use crate::plan::impact::{Action, Impact};
use crate::plan::step::{Step, Verb};
use crate::plan::{Phase, Transaction};

/// One part as a node of the graph.
struct Node {
    part: Part,
    phase: usize,
    late: bool,
}

pub(super) fn schedule(
    impact: &Impact,
    steps: &[Step],
    parts: Vec<Vec<Part>>,
    edges: &Edges,
) -> Vec<Phase> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut of_step: Vec<Vec<usize>> = Vec::new();
    for (step, parts) in parts.into_iter().enumerate() {
        let late = steps[step].verb == Verb::Drop
            && impact.actions.get(&steps[step].object) == Some(&Action::Recreate);
        let first = nodes.len();
        nodes.extend(parts.into_iter().map(|part| Node {
            part,
            phase: 0,
            late,
        }));
        of_step.push((first..nodes.len()).collect());
    }
    let arrows = arrows(steps, &nodes, &of_step, edges);
    // Nodes are in an order in which every arrow leads forward.
    for at in 0..nodes.len() {
        let kind = nodes[at].part.transaction;
        let start = first_of(kind);
        let earliest = arrows.iter().filter(|(_, second)| *second == at);
        nodes[at].phase = earliest
            .map(|(first, _)| following(nodes[*first].phase, kind))
            .fold(start, usize::max);
    }
    for at in (0..nodes.len()).rev() {
        if !nodes[at].late {
            continue;
        }
        let kind = nodes[at].part.transaction;
        let latest = arrows.iter().filter(|(first, _)| *first == at);
        let latest = latest
            .map(|(_, second)| preceding(nodes[*second].phase, kind))
            .min();
        if let Some(latest) = latest {
            nodes[at].phase = nodes[at].phase.max(latest);
        }
    }
    let count = nodes.iter().map(|node| node.phase + 1).max().unwrap_or(0);
    let mut phases: Vec<Phase> = (0..count)
        .map(|number| Phase {
            transaction: match number % 2 {
                0 => Transaction::One,
                _ => Transaction::None,
            },
            steps: Vec::new(),
        })
        .collect();
    for node in nodes {
        phases[node.phase].steps.push(node.part.step);
    }
    phases.retain(|phase| !phase.steps.is_empty());
    phases
}

/// Pairs of nodes: the first runs before the second.
fn arrows(
    steps: &[Step],
    nodes: &[Node],
    of_step: &[Vec<usize>],
    edges: &Edges,
) -> Vec<(usize, usize)> {
    let mut arrows = Vec::new();
    for parts in of_step {
        arrows.extend(parts.windows(2).map(|pair| (pair[0], pair[1])));
    }
    for (first, second) in edges {
        let until = (of_step[*first].iter().copied()).rfind(|at| nodes[*at].part.is_waited_for);
        // What is built beside the old one doesn't wait until that is gone.
        let makes_room = steps[*first].verb == Verb::Drop;
        let from = (of_step[*second].iter().copied())
            .find(|at| !makes_room || nodes[*at].part.replaces)
            .or(of_step[*second].first().copied());
        if let (Some(until), Some(from)) = (until, from) {
            arrows.push((until, from));
        }
    }
    arrows
}

fn first_of(kind: Transaction) -> usize {
    match kind {
        Transaction::One => 0,
        Transaction::None => 1,
    }
}

/// The earliest phase of a kind that is not before `phase`.
fn following(phase: usize, kind: Transaction) -> usize {
    phase + usize::from(phase % 2 != first_of(kind))
}

/// The latest phase of a kind that is not behind `phase`; the first of its kind where there is none.
fn preceding(phase: usize, kind: Transaction) -> usize {
    match phase % 2 == first_of(kind) {
        true => phase,
        false => phase.saturating_sub(1).max(first_of(kind)),
    }
}
