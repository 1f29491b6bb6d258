//! The reasons for which a change may be refused: PostgreSQL has no way for it.

const LEGITIMATE: [&str; 4] = [
    // PostgreSQL manual, 5.11 "Table Partitioning": it is not possible to turn one into the other.
    "PostgreSQL can't turn a table into a partitioned one, or back, or change its partition key",
    // "cannot alter column because it is part of the partition key".
    "a column of a partition key can't change its type",
    // Nothing sets attislocal back but ATTACH PARTITION.
    "a column of the table's own can't become one that it only has from its parents",
    // PostgreSQL has no statement that takes an array of them apart under an old type.
    "in an array can't be taken apart",
];

pub(crate) fn is_legitimate(reason: &str) -> bool {
    LEGITIMATE.iter().any(|one| reason.contains(one))
}

/// Where one thing can't be done, the order of the others may not come out either.
pub(crate) fn may_follow(reason: &str) -> bool {
    reason.ends_with("no order of single steps satisfies all")
}
