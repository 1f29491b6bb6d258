//! The lanes between two ranks: which line's upright part stands left of which, so that few cross and none lie upon
//! each other.

use std::collections::BTreeMap;

/// What joins the two ranks here: every line of one referenced row shares one upright part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pins {
    pub(super) left: Vec<i32>,
    pub(super) right: Vec<i32>,
}

/// Two lines that are nearer than this would be taken for one.
const NEAR: i32 = 5;

impl Pins {
    fn all(&self) -> impl Iterator<Item = i32> {
        self.left.iter().chain(&self.right).copied()
    }

    fn span(&self) -> (i32, i32) {
        (
            self.all().min().unwrap_or_default(),
            self.all().max().unwrap_or_default(),
        )
    }

    fn is_straight(&self) -> bool {
        let (from, to) = self.span();
        from == to && !self.left.is_empty() && !self.right.is_empty()
    }

    /// What it costs when this one stands left of the other.
    fn before(&self, other: &Self) -> i64 {
        let crossed = |pins: &[i32], (from, to): (i32, i32)| {
            pins.iter().filter(|y| from < **y && **y < to).count() as i64
        };
        let crossings = crossed(&other.left, self.span()) + crossed(&self.right, other.span());
        let upon = (self.right.iter())
            .filter(|y| other.left.iter().any(|its| (its - **y).abs() < NEAR))
            .count() as i64;
        crossings + 25 * upon
    }
}

/// A lane for each that has an upright part, and how many lanes there are.
pub(super) fn lanes<K: Copy + Ord>(nets: &BTreeMap<K, Pins>) -> (BTreeMap<K, usize>, usize) {
    let mut order: Vec<(K, &Pins)> = (nets.iter())
        .filter(|(_, pins)| !pins.is_straight())
        .map(|(key, pins)| (*key, pins))
        .collect();
    settle(&mut order);
    // Those that leave each other room share a lane.
    let mut lanes: BTreeMap<K, usize> = BTreeMap::new();
    let mut count = 0;
    for (at, (key, pins)) in order.iter().enumerate() {
        let (from, to) = pins.span();
        let lane = (order[..at].iter())
            .filter(|(_, earlier)| {
                let (earlier_from, earlier_to) = earlier.span();
                from <= earlier_to + NEAR && earlier_from <= to + NEAR
            })
            .map(|(earlier, _)| lanes[earlier] + 1)
            .max()
            .unwrap_or_default();
        count = count.max(lane + 1);
        lanes.insert(*key, lane);
    }
    (lanes, count)
}

/// Each is moved to where it costs least, until none wants to move.
fn settle<K: Copy + Ord>(order: &mut Vec<(K, &Pins)>) {
    // Lines that lead up turn late, and those that lead down turn early, from the lowest and the highest on.
    order.sort_by_key(|(key, pins)| {
        let first = pins.left.first().or(pins.right.first());
        let last = pins.right.first().or(pins.left.last());
        let (first, last) = (
            first.copied().unwrap_or_default(),
            last.copied().unwrap_or_default(),
        );
        let rises = last < first;
        (rises, if rises { first } else { -first }, *key)
    });
    const ROUNDS: usize = 12;
    for _ in 0..ROUNDS {
        let mut moved = false;
        for at in 0..order.len() {
            let net = order[at];
            // The difference to staying, for each place it could have.
            let (mut best, mut best_cost, mut cost) = (at, 0, 0);
            for place in (0..at).rev() {
                cost += net.1.before(order[place].1) - order[place].1.before(net.1);
                if cost < best_cost {
                    (best, best_cost) = (place, cost);
                }
            }
            cost = 0;
            for (place, (_, pins)) in order.iter().enumerate().skip(at + 1) {
                cost += pins.before(net.1) - net.1.before(pins);
                if cost < best_cost {
                    (best, best_cost) = (place, cost);
                }
            }
            if best != at {
                order.remove(at);
                order.insert(best, net);
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}
