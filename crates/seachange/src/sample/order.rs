//! In which order tables are filled, so that what a row refers to is there before it.

use std::collections::BTreeSet;

use super::tables::Table;
use crate::filling::referred_first;

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
    let refers: Vec<BTreeSet<usize>> = tables
        .iter()
        .enumerate()
        .map(|(place, table)| {
            let parents = table.foreign_keys.iter().map(|key| key.parent);
            parents.filter(|parent| *parent != place).collect()
        })
        .collect();
    let mut order = Order {
        tables: Vec::new(),
        circular: Vec::new(),
    };
    for (place, without) in referred_first(&refers) {
        order.tables.push(place);
        let keys = tables[place].foreign_keys.iter().enumerate();
        let circular = keys.filter(|(_, key)| without.contains(&key.parent));
        order.circular.extend(circular.map(|(key, _)| (place, key)));
    }
    order
}
