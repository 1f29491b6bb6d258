//! Who waits for the statements of a migration whose text does not say it, as one written by hand.

use seachange::migrations::{Folder, Kind, Migration};
use seachange::source::{Road, Source};
use seachange_lint::{Direction, File, Wait};

/// The locks of the migration at this place of the folder, in the order of its statements; none where its head names
/// them, and of a program in Rust.
pub(crate) async fn unsaid(road: &Road, folder: &Folder, at: usize) -> Vec<Wait> {
    let migration = &folder.migrations[at];
    match text_of_a_hand(migration) {
        Some(text) => {
            // Where it can't be built, every table counts as old; the migration is shown all the same.
            let schema = road.schema(&before(folder, at)).await.ok();
            seachange_lint::waits(&File {
                path: "up.sql",
                text,
                direction: Direction::Up,
                transaction: migration.transaction,
                before: schema.as_deref(),
            })
        }
        None => Vec::new(),
    }
}

/// What the migration at this place meets.
pub(crate) fn before(folder: &Folder, at: usize) -> Source {
    match at.checked_sub(1) {
        Some(previous) => Source::Migrations {
            upto: Some(folder.migrations[previous].version.clone()),
        },
        None => Source::Empty,
    }
}

/// Unless the lines at its head name locks, as `generate` writes them.
fn text_of_a_hand(migration: &Migration) -> Option<&str> {
    let text = match migration.kind {
        Kind::Sql => migration.up_sql.as_deref()?,
        Kind::Rust => return None,
    };
    let mut head = text.lines().take_while(|line| line.starts_with("--"));
    let says_it = head.any(|line| line.starts_with("--     ") && line.contains(" wait; "));
    (!says_it).then_some(text)
}
