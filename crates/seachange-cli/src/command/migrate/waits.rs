//! `migrate --dry-run`: who waits for the statements of migrations whose text does not say it, as one written by hand.
//! The migration program carries no grammar of SQL, so it is said here alone.

use seachange::migrations::{Kind, Migration};
use seachange::source::{Road, Source};
use seachange_lint::{Direction, File, Wait};

use crate::context::Context;
use crate::failure::Failure;

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
        let (Kind::Sql, Some(text)) = (migration.kind, &migration.up_sql) else {
            continue;
        };
        if !pending.contains(&migration.version) || says_it(text) {
            continue;
        }
        let before = match at.checked_sub(1) {
            Some(previous) => Source::Migrations {
                upto: Some(folder.migrations[previous].version.clone()),
            },
            None => Source::Empty,
        };
        for wait in waits(road, migration, text, &before).await {
            let (version, line) = (&migration.version, wait.place.line);
            context
                .terminal
                .note(format!("{version}, line {line}: {wait}"));
        }
    }
    Ok(())
}

async fn waits(road: &Road, migration: &Migration, text: &str, before: &Source) -> Vec<Wait> {
    // Where it can't be built, every table counts as old; the migration is printed all the same.
    let schema = road.schema(before).await.ok();
    seachange_lint::waits(&File {
        path: "up.sql",
        text,
        direction: Direction::Up,
        transaction: migration.transaction,
        before: schema.as_deref(),
    })
}

/// Whether the lines at its head name locks, as `generate` writes them.
fn says_it(text: &str) -> bool {
    let mut head = text.lines().take_while(|line| line.starts_with("--"));
    head.any(|line| line.starts_with("--     ") && line.contains(" wait; "))
}
