//! In which order tables are filled, so that what a row refers to is there before it.

use super::tables::Table;

/// The order, and the foreign keys that it can't serve, because they close a circle.
pub(super) struct Order {
    /// Places in the list of tables.
    pub(super) tables: Vec<usize>,
    /// A table's place, and the place of the key among its foreign keys.
    pub(super) circular: Vec<(usize, usize)>,
}

/// Referenced tables first; of those that are free, the first by name. A reference of a table to itself is
/// checked when all its rows are there, and needs nothing.
pub(super) fn order(tables: &[Table]) -> Order {
    let mut order = Order {
        tables: Vec::new(),
        circular: Vec::new(),
    };
    let mut left: Vec<usize> = (0..tables.len()).collect();
    while !left.is_empty() {
        let missing = |place: usize| -> Vec<(usize, usize)> {
            let keys = tables[place].foreign_keys.iter().enumerate();
            keys.filter(|(_, key)| key.parent != place && left.contains(&key.parent))
                .map(|(key, _)| (place, key))
                .collect()
        };
        // Where none is free, the one that waits for the fewest goes without.
        let (at, circular) = left
            .iter()
            .map(|&place| missing(place))
            .enumerate()
            .min_by_key(|(at, missing)| (missing.len(), *at))
            .expect("some are left");
        order.tables.push(left.remove(at));
        order.circular.extend(circular);
    }
    order
}
