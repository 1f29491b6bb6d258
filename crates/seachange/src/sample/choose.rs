//! Choosing rows: a share of every table by a hash of its key, then whatever those rows refer to, and what
//! that refers to, until no foreign key leads out of the sample.

use std::collections::BTreeMap;

use seachange_schema::Name;
use seachange_schema::name::literal;
use sqlx::Row;

use super::error::SampleError;
use super::mask::Keyed;
use super::request::{Progress, Sample, Step};
use super::rows::{RowId, Rows, batches, tids};
use super::source::Source;
use super::tables::{ForeignKey, Table};

/// Blocks that one statement reads, so that a statement timeout is one for 64 MB and not for a table.
const BLOCKS: i64 = 8192;
/// Rows whose references are followed at once, and which are copied at once.
pub(super) const BATCH: usize = 10_000;

/// The rows of a table that are copied, and how many it has.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) rows: Rows,
    pub(super) of: u64,
}

/// For each table, in their order.
pub(super) async fn choose(
    source: &mut Source,
    tables: &[Table],
    sample: &Sample,
    progress: &mut (impl FnMut(Progress<'_>) + Send),
) -> Result<Vec<Chosen>, SampleError> {
    let mut chosen = Vec::with_capacity(tables.len());
    for table in tables {
        chosen.push(share_of(source, table, sample, progress).await?);
    }
    let places = leaf_places(source, tables).await?;
    while let Some(place) = chosen.iter().position(|one| one.rows.has_waiting()) {
        let fresh = chosen[place].rows.settle();
        let table = &tables[place];
        for batch in batches(&fresh, BATCH) {
            let leaf = batch[0].leaf();
            for key in table
                .foreign_keys
                .iter()
                .filter(|key| key.leaves.contains(&leaf))
            {
                let needed = referenced(source, &table.leaves[leaf], key, batch, &places).await?;
                let parent = &mut chosen[key.parent];
                parent.rows.add(needed);
                progress(Progress {
                    step: Step::Completing,
                    table: &tables[key.parent].name.plain(),
                    rows: parent.rows.count(),
                    of: parent.of,
                });
            }
        }
    }
    Ok(chosen)
}

/// Not by the table's name: rows that share their key, such as a user and the user's profile, are chosen
/// together.
async fn share_of(
    source: &mut Source,
    table: &Table,
    sample: &Sample,
    progress: &mut (impl FnMut(Progress<'_>) + Send),
) -> Result<Chosen, SampleError> {
    let wanted = wanted(table, sample);
    let mut chosen = Chosen::default();
    for (place, leaf) in table.leaves.iter().enumerate() {
        let blocks = blocks(source, leaf).await?;
        let mut from = 0;
        while from < blocks {
            let to = (from + BLOCKS).min(i64::from(u32::MAX));
            let sql = format!(
                "SELECT count(*), coalesce(array_agg(ctid) FILTER (WHERE {wanted}), '{{}}')::text \
                 FROM ONLY {leaf} WHERE ctid >= '({from},0)'::tid AND ctid < '({to},0)'::tid"
            );
            for row in source.rows(leaf, sql).await? {
                let (count, ids) = pair::<String>(&row, leaf)?;
                chosen.of += u64::try_from(count).unwrap_or_default();
                chosen.rows.add(RowId::parse(place, &ids));
            }
            progress(Progress {
                step: Step::Choosing,
                table: &table.name.plain(),
                rows: chosen.rows.count(),
                of: chosen.of,
            });
            from = to;
        }
    }
    Ok(chosen)
}

/// The condition that chooses. A table without a key goes by where its rows are.
fn wanted(table: &Table, sample: &Sample) -> String {
    let Some(threshold) = sample.share.threshold() else {
        return "true".to_owned();
    };
    let keyed = Keyed::new(sample.key.bytes());
    let seed = keyed.number(b"choose", b"") as i64;
    let key: Vec<String> = match table.key.as_slice() {
        [] => vec!["ctid".to_owned()],
        columns => columns.iter().map(ToString::to_string).collect(),
    };
    let key = match key.as_slice() {
        [one] => one.clone(),
        many => format!("ROW({})", many.join(", ")),
    };
    format!(
        "(hashtextextended({key}::text COLLATE \"C\", {seed}) & {}) < {threshold}",
        i64::MAX
    )
}

async fn blocks(source: &mut Source, leaf: &Name) -> Result<i64, SampleError> {
    let sql = format!(
        "SELECT pg_relation_size({}::regclass), current_setting('block_size')::int8",
        literal(&leaf.to_string())
    );
    let rows = source.rows(leaf, sql).await?;
    let row = rows.first().ok_or(SampleError::Gone(leaf.plain()))?;
    let (size, block) = pair::<i64>(row, leaf)?;
    Ok(size / block.max(1))
}

/// The rows that a batch of rows refers to by one foreign key. NULLs refer to nothing.
async fn referenced(
    source: &mut Source,
    leaf: &Name,
    key: &ForeignKey,
    batch: &[RowId],
    places: &BTreeMap<i64, usize>,
) -> Result<Vec<RowId>, SampleError> {
    let list = |prefix: &str, columns: &[seachange_schema::Ident]| {
        let columns: Vec<String> = columns
            .iter()
            .map(|one| format!("{prefix}.{one}"))
            .collect();
        columns.join(", ")
    };
    let sql = format!(
        "SELECT parent.tableoid::int8, array_agg(parent.ctid)::text FROM {only}{to} parent \
         WHERE ({to_columns}) IN (SELECT {columns} FROM ONLY {leaf} child WHERE child.ctid = ANY ({tids})) \
         GROUP BY 1",
        only = if key.parent_is_partitioned {
            ""
        } else {
            "ONLY "
        },
        to = key.parent_name,
        to_columns = list("parent", &key.parent_columns),
        columns = list("child", &key.columns),
        tids = tids(batch),
    );
    let mut found = Vec::new();
    for row in source.rows(leaf, sql).await? {
        let (oid, ids) = pair::<String>(&row, leaf)?;
        let place = places
            .get(&oid)
            .ok_or_else(|| SampleError::Gone(key.parent_name.plain()))?;
        found.extend(RowId::parse(*place, &ids));
    }
    Ok(found)
}

/// Each leaf's place in its table, by its oid.
async fn leaf_places(
    source: &mut Source,
    tables: &[Table],
) -> Result<BTreeMap<i64, usize>, SampleError> {
    let mut places = BTreeMap::new();
    for table in tables {
        let oids: Vec<String> = table
            .leaves
            .iter()
            .enumerate()
            .map(|(place, leaf)| {
                let name = literal(&leaf.to_string());
                format!("SELECT {name}::regclass::oid::int8, {place}::int8")
            })
            .collect();
        if oids.is_empty() {
            continue;
        }
        for row in source.rows(&table.name, oids.join(" UNION ALL ")).await? {
            let (oid, place) = pair::<i64>(&row, &table.name)?;
            places.insert(oid, usize::try_from(place).unwrap_or_default());
        }
    }
    Ok(places)
}

fn pair<T>(row: &sqlx::postgres::PgRow, table: &Name) -> Result<(i64, T), SampleError>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let read = || Ok((row.try_get(0)?, row.try_get(1)?));
    read().map_err(SampleError::source(format!("`{}`", table.plain())))
}
