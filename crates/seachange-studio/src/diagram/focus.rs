//! A part of a diagram: one table and what it is joined with, or keys alone.

use seachange_schema::Name;

use super::graph::{Diagram, Table};

impl Diagram {
    /// The table at that place, and those that this many foreign keys, in either direction, lead to.
    pub(crate) fn around(&self, start: usize, depth: usize) -> Self {
        let mut near = vec![false; self.tables.len()];
        near[start] = true;
        for _ in 0..depth {
            let mut next = near.clone();
            for edge in &self.edges {
                next[edge.child] |= near[edge.parent];
                next[edge.parent] |= near[edge.child];
            }
            near = next;
        }
        self.only(&near)
    }

    fn only(&self, kept: &[bool]) -> Self {
        let mut places = vec![None; self.tables.len()];
        let mut tables = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            if kept[at] {
                places[at] = Some(tables.len());
                tables.push(table.clone());
            }
        }
        let edges = (self.edges.iter())
            .filter_map(|edge| {
                let mut edge = edge.clone();
                edge.child = places[edge.child]?;
                edge.parent = places[edge.parent]?;
                Some(edge)
            })
            .collect();
        Self { tables, edges }
    }

    /// The same with the columns alone that are in a key, or that a foreign key points at.
    pub(crate) fn keys_only(&self) -> Self {
        let mut places = Vec::new();
        let mut tables = Vec::new();
        for (at, table) in self.tables.iter().enumerate() {
            let kept: Vec<usize> = (0..table.columns.len())
                .filter(|column| {
                    let is_key = table.columns[*column].key || table.columns[*column].foreign;
                    is_key
                        || (self.edges.iter())
                            .any(|edge| edge.parent == at && edge.parent_columns.contains(column))
                })
                .collect();
            tables.push(Table {
                columns: kept.iter().map(|it| table.columns[*it].clone()).collect(),
                left_out: table.left_out + table.columns.len() - kept.len(),
                ..table.clone()
            });
            places.push(kept);
        }
        let mut edges = self.edges.clone();
        for edge in &mut edges {
            let moved = |columns: &mut Vec<usize>, kept: &[usize]| {
                *columns = (columns.iter())
                    .filter_map(|it| kept.iter().position(|kept| kept == it))
                    .collect();
            };
            moved(&mut edge.child_columns, &places[edge.child]);
            moved(&mut edge.parent_columns, &places[edge.parent]);
        }
        Self { tables, edges }
    }

    /// The table that most others are joined with; the first of its like.
    pub(crate) fn busiest(&self) -> Option<&Name> {
        let mut joined = vec![0_usize; self.tables.len()];
        for edge in self.edges.iter().filter(|edge| edge.child != edge.parent) {
            joined[edge.child] += 1;
            joined[edge.parent] += 1;
        }
        let most = (0..joined.len()).max_by_key(|at| (joined[*at], std::cmp::Reverse(*at)))?;
        Some(&self.tables[most].name)
    }
}
