//! Rows that belong to other rows, so many to each: which parent a row has, and which of its children it is.

/// A row's place among its parent's children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) parent: u64,
    /// From 0.
    pub(super) ordinal: u64,
}

type Count = dyn Fn(u64) -> u64 + Send + Sync;

/// How many children each parent has. Only every so many parents' sum is kept, which is a byte for every
/// two parents; the rest is counted again.
pub(super) struct Family {
    parents: u64,
    count: Box<Count>,
    /// Children before the parent of that number times [`STRIDE`].
    before: Vec<u64>,
    children: u64,
}

const STRIDE: u64 = 16;

impl Family {
    pub(super) fn new(parents: u64, count: Box<Count>) -> Self {
        let mut before = Vec::new();
        let mut children = 0;
        for parent in 0..parents {
            if parent % STRIDE == 0 {
                before.push(children);
            }
            children += count(parent);
        }
        Self {
            parents,
            count,
            before,
            children,
        }
    }

    pub(super) fn children(&self) -> u64 {
        self.children
    }

    /// The place of a child; `child` is below the number of children.
    pub(super) fn place(&self, child: u64) -> Place {
        let stride = self.before.partition_point(|before| *before <= child) - 1;
        let mut parent = stride as u64 * STRIDE;
        let mut ordinal = child - self.before[stride];
        while parent < self.parents {
            let here = (self.count)(parent);
            if ordinal < here {
                break;
            }
            ordinal -= here;
            parent += 1;
        }
        Place { parent, ordinal }
    }

    /// The numbers of a parent's children.
    pub(super) fn of(&self, parent: u64) -> std::ops::Range<u64> {
        let stride = parent / STRIDE;
        let begin = (stride * STRIDE..parent)
            .map(|before| (self.count)(before))
            .sum::<u64>()
            + self.before[stride as usize];
        begin..begin + (self.count)(parent)
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Place};

    #[test]
    fn every_child_has_one_place() {
        let family = Family::new(1000, Box::new(|parent| parent * 7 % 5));
        let mut child = 0;
        for parent in 0..1000 {
            let children = family.of(parent);
            assert_eq!(children.start, child);
            for (ordinal, number) in children.enumerate() {
                let ordinal = ordinal as u64;
                assert_eq!(family.place(number), Place { parent, ordinal });
                child += 1;
            }
        }
        assert_eq!(family.children(), child);
    }

    #[test]
    fn nobody_has_children() {
        assert_eq!(Family::new(3, Box::new(|_| 0)).children(), 0);
        assert_eq!(Family::new(0, Box::new(|_| 1)).children(), 0);
    }
}
