//! A masked sample of another database.

use seachange::connection::masked;
use seachange::sample::{self, Key, Progress, Sample, Step};
use seachange::seed::Loaded;

use crate::arguments::Arguments;
use crate::error::SeedError;
use crate::masking::masking;
use crate::report::Bars;

/// The key's variable: not a flag, for everybody on the machine can read those.
const KEY: &str = "SEACHANGE_MASK_KEY";

/// Copies a share of `source`, only reading there.
pub(crate) async fn copy(
    source: &str,
    settings: &db::Settings,
    arguments: &Arguments,
) -> Result<Vec<Loaded>, SeedError> {
    let key = match std::env::var(KEY) {
        Ok(text) => text.parse()?,
        Err(std::env::VarError::NotPresent) => Key::random(),
        Err(std::env::VarError::NotUnicode(_)) => return Err(SeedError::Key),
    };
    anstream::eprintln!(
        "from a sample of {} of {}",
        arguments.sample,
        masked(source)
    );
    let sample = Sample {
        share: arguments.sample,
        key,
        statement_timeout: None,
    };
    let mut bars = Bars::new();
    let progress = |progress: Progress<'_>| {
        if progress.step == Step::Copying {
            bars.show(seachange::seed::Progress {
                table: progress.table,
                rows: progress.rows,
                of: progress.of,
            });
        }
    };
    let copied = sample::copy(source, settings.url(), &masking(), &sample, progress).await?;
    let loaded = |copied: sample::Copied| Loaded {
        table: copied.table,
        rows: copied.rows,
    };
    Ok(copied.into_iter().map(loaded).collect())
}
