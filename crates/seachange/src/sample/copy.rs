//! The whole way, from two URLs to a filled target.

use super::choose::choose;
use super::error::SampleError;
use super::mask::Keyed;
use super::masking::Masking;
use super::order::order;
use super::request::{Copied, Progress, Sample};
use super::rules::rules;
use super::source::Source;
use super::tables::tables;
use super::target::Target;
use super::transfer::Transfer;

/// Copies a share of a database's rows, and all that they refer to, into another database of the same
/// schema without rows; what is not declared safe is masked on the way.
///
/// # Errors
/// Nothing is left in the target by any of them. To stop it, drop the future: the servers notice that
/// nobody is there any more, and roll back.
#[tracing::instrument(name = "sample", skip_all)]
pub async fn copy(
    source_url: &str,
    target_url: &str,
    masking: &Masking,
    sample: &Sample,
    mut progress: impl FnMut(Progress<'_>) + Send,
) -> Result<Vec<Copied>, SampleError> {
    let keyed = Keyed::new(sample.key.bytes());
    let mut source = Source::open(source_url, sample.statement_timeout).await?;
    let schema = source.schema().await?;
    let tables = tables(&schema)?;
    let rules = rules(&schema, &tables, masking, &keyed)?;
    let mut target = Target::open(target_url, &schema, &tables).await?;

    let leaves: Vec<_> = tables.iter().flat_map(|table| &table.leaves).collect();
    source.hold(&leaves).await?;
    let chosen = choose(&mut source, &tables, sample, &mut progress).await?;

    let order = order(&tables);
    let filling = async {
        target.begin(&tables, &order).await?;
        let mut copied = Vec::with_capacity(tables.len());
        for &place in &order.tables {
            let table = &tables[place];
            let transfer = Transfer {
                table,
                rules: rules.get(&table.name).map_or(&[], Vec::as_slice),
                rows: chosen[place].rows.chosen(),
                keyed: &keyed,
            };
            let rows = transfer
                .run(&mut source, &mut target.connection, &mut progress)
                .await?;
            copied.push(Copied {
                table: table.name.plain(),
                rows,
                of: chosen[place].of,
            });
        }
        target.finish(&tables, &order).await?;
        Ok(copied)
    };
    let filled: Result<_, SampleError> = filling.await;
    match &filled {
        Ok(_) => target.close().await,
        Err(_) => target.abandon().await,
    }
    source.close().await;
    filled
}
