//! When two states of an object count as one: everything but a column's place in its table.

use crate::model::{Column, Object};

/// Whether nothing has to be done to get from one to the other.
pub(super) fn same(previous: &Object, next: &Object) -> bool {
    match (previous, next) {
        (Object::Column(previous), Object::Column(next)) => same_column(previous, next),
        _ => previous == next,
    }
}

fn same_column(previous: &Column, next: &Column) -> bool {
    let Column {
        position: _,
        data_type,
        collation,
        not_null,
        identity,
        storage,
        statistics,
        compression,
        options,
        local,
        comment,
    } = previous;
    *data_type == next.data_type
        && *collation == next.collation
        && *not_null == next.not_null
        && *identity == next.identity
        && *storage == next.storage
        && *statistics == next.statistics
        && *compression == next.compression
        && *options == next.options
        && *local == next.local
        && *comment == next.comment
}
