//! Which rows: where they are in the source (`ctid`), eight bytes each. Inside the one snapshot that
//! everything is read in, a row stays where it is, whether its table has a key or not.

/// A row's place: the leaf of its table, the block, and the item in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowId(u64);

impl RowId {
    fn new(leaf: usize, block: u32, item: u16) -> Self {
        let leaf = u16::try_from(leaf).expect("fewer than 65,536 partitions");
        Self(u64::from(leaf) << 48 | u64::from(block) << 16 | u64::from(item))
    }

    pub(super) fn leaf(self) -> usize {
        usize::from((self.0 >> 48) as u16)
    }

    /// As PostgreSQL writes it inside an array of them.
    fn write(self, to: &mut String) {
        let (block, item) = ((self.0 >> 16) as u32, self.0 as u16);
        to.push_str(&format!("\"({block},{item})\""));
    }

    /// Reads an array of `tid`: `{"(0,1)","(0,2)"}`.
    pub(super) fn parse(leaf: usize, array: &str) -> Vec<Self> {
        let mut numbers = array
            .split(|one: char| !one.is_ascii_digit())
            .filter_map(|number| number.parse::<u32>().ok());
        let mut rows = Vec::new();
        while let (Some(block), Some(item)) = (numbers.next(), numbers.next()) {
            rows.push(Self::new(leaf, block, item as u16));
        }
        rows
    }
}

/// `'{"(0,1)"}'::tid[]`.
pub(super) fn tids(rows: &[RowId]) -> String {
    let mut text = String::with_capacity(rows.len() * 14 + 12);
    text.push_str("'{");
    for (place, row) in rows.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        row.write(&mut text);
    }
    text.push_str("}'::tid[]");
    text
}

/// The chosen rows of one table, sorted, and those that came to be needed since they were last counted in.
#[derive(Debug, Default)]
pub(super) struct Rows {
    chosen: Vec<RowId>,
    waiting: Vec<RowId>,
    /// How many were waiting when doubles were last taken out.
    compacted: usize,
}

impl Rows {
    pub(super) fn add(&mut self, rows: impl IntoIterator<Item = RowId>) {
        let new = rows
            .into_iter()
            .filter(|row| self.chosen.binary_search(row).is_err());
        self.waiting.extend(new);
        if self.waiting.len() > 2 * self.compacted + 100_000 {
            self.compact();
        }
    }

    fn compact(&mut self) {
        self.waiting.sort_unstable();
        self.waiting.dedup();
        self.compacted = self.waiting.len();
    }

    /// Counts in what was waiting, and gives it.
    pub(super) fn settle(&mut self) -> Vec<RowId> {
        self.compact();
        self.compacted = 0;
        let fresh = std::mem::take(&mut self.waiting);
        if self.chosen.is_empty() {
            self.chosen = fresh.clone();
        } else {
            // Two sorted runs: the stable sort merges them.
            self.chosen.extend_from_slice(&fresh);
            self.chosen.sort();
        }
        fresh
    }

    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn chosen(&self) -> &[RowId] {
        &self.chosen
    }

    /// The number of those that are chosen or waiting, at most.
    pub(super) fn count(&self) -> u64 {
        (self.chosen.len() + self.waiting.len()) as u64
    }
}

/// Slices of one leaf each, of no more than so many rows.
pub(super) fn batches(rows: &[RowId], size: usize) -> impl Iterator<Item = &[RowId]> {
    rows.chunk_by(|one, two| one.leaf() == two.leaf())
        .flat_map(move |of_leaf| of_leaf.chunks(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_and_written() {
        let text = r#"{"(0,1)","(4294967294,291)"}"#;
        let rows = RowId::parse(65_535, text);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].leaf(), 65_535);
        assert_eq!(tids(&rows), format!("'{text}'::tid[]"));
        assert!(RowId::parse(0, "{}").is_empty());
    }

    #[test]
    fn each_row_is_settled_once() {
        let mut rows = Rows::default();
        let row = |block| RowId::new(0, block, 1);
        rows.add([row(3), row(1), row(3)]);
        assert_eq!(rows.settle(), [row(1), row(3)]);
        rows.add([row(1), row(2)]);
        assert!(rows.has_waiting());
        assert_eq!(rows.settle(), [row(2)]);
        rows.add([row(1), row(2), row(3)]);
        assert!(!rows.has_waiting());
        assert_eq!(rows.chosen(), [row(1), row(2), row(3)]);
    }

    #[test]
    fn batches_are_of_one_leaf() {
        let rows: Vec<RowId> = [0, 0, 0, 1].map(|leaf| RowId::new(leaf, 0, 1)).to_vec();
        let sizes: Vec<usize> = batches(&rows, 2).map(<[RowId]>::len).collect();
        assert_eq!(sizes, [2, 1, 1]);
    }
}
