//! Which table is filled before which.

use std::collections::BTreeSet;

/// Tables by their places, each after those that it refers to. `refers` says to which a table refers, itself
/// left out. Where they go round in a circle, the one that waits for the fewest comes first, and what it
/// goes without is said beside it.
pub(crate) fn referred_first(refers: &[BTreeSet<usize>]) -> Vec<(usize, BTreeSet<usize>)> {
    let mut ordered = Vec::with_capacity(refers.len());
    let mut left: BTreeSet<usize> = (0..refers.len()).collect();
    while let Some((place, without)) = left
        .iter()
        .map(|&place| (place, &refers[place] & &left))
        .min_by_key(|(place, missing)| (missing.len(), *place))
    {
        left.remove(&place);
        ordered.push((place, without));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_opened_where_least_is_missing() {
        let refers = [&[1, 2][..], &[2], &[1], &[]].map(|of| of.iter().copied().collect());
        let none = BTreeSet::new();
        assert_eq!(
            referred_first(&refers),
            [
                (3, none.clone()),
                (1, BTreeSet::from([2])),
                (2, none.clone()),
                (0, none)
            ]
        );
    }
}
