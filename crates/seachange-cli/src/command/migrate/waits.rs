//! `migrate --dry-run`: who waits for the statements of migrations whose text does not say it. The migration program
//! carries no grammar of SQL, so it is said here alone.

use seachange::source::Road;

use crate::context::Context;
use crate::failure::Failure;
use crate::waits;

/// Says it of those that are pending, before their SQL is printed.
pub(super) async fn tell(context: &Context, pending: &[String]) -> Result<(), Failure> {
    let road = context.road(None);
    let told = all(context, &road, pending).await;
    road.close().await?;
    told
}

async fn all(context: &Context, road: &Road, pending: &[String]) -> Result<(), Failure> {
    let folder = road.folder()?;
    for (at, migration) in folder.migrations.iter().enumerate() {
        if !pending.contains(&migration.version) {
            continue;
        }
        for wait in waits::unsaid(road, &folder, at).await {
            let (version, line) = (&migration.version, wait.place.line);
            context
                .terminal
                .note(format!("{version}, line {line}: {wait}"));
        }
    }
    Ok(())
}
