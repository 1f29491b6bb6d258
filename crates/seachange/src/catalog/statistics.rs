//! Extended statistics, and what a table says about its indexes.

use seachange_schema::model::{Statistics, TableMark};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    name: Name,
    #[serde(flatten)]
    statistics: Statistics,
}

#[derive(Deserialize)]
struct MarkRow {
    table: Name,
    mark: Mark,
    index: Option<Ident>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mark {
    ReplicaFull,
    ReplicaNothing,
    ReplicaIndex,
    Clustered,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        into.add(
            Address::whole(class::STATISTICS, row.oid),
            ObjectId::Statistics { name: row.name },
            Object::Statistics(row.statistics),
        );
    }
    Ok(())
}

pub(super) fn marks(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<MarkRow>>(answer)? {
        let replica = ObjectId::ReplicaIdentity {
            table: row.table.clone(),
        };
        let (id, mark) = match (row.mark, row.index) {
            (Mark::ReplicaFull, _) => (replica, TableMark::ReplicaFull),
            (Mark::ReplicaIndex, Some(index)) => (replica, TableMark::ReplicaIndex(index)),
            (Mark::Clustered, Some(index)) => (
                ObjectId::ClusterMark { table: row.table },
                TableMark::Clustered(index),
            ),
            // An index that is gone identifies no row.
            (Mark::ReplicaNothing | Mark::ReplicaIndex, _) => (replica, TableMark::ReplicaNothing),
            (Mark::Clustered, None) => continue,
        };
        into.schema.objects.insert(id, Object::TableMark(mark));
    }
    Ok(())
}
