//! What a database should be by its own account: what its applied migrations make.

use seachange::runner::{Squash, State, Status};
use seachange::source::Source;

use crate::failure::Failure;
use crate::tables::Rows;

/// The migrations up to the last one applied, or where none ever was, what somebody pushed; or why it
/// can't be told.
pub(crate) fn expected(status: &Status, tables: &[Rows]) -> Result<Source, Failure> {
    if let Some(failure) = untold(status) {
        return Err(failure);
    }
    let applied = status.migrations.iter().filter(|one| one.is_in_effect());
    Ok(match applied.map(|one| &one.version).max() {
        Some(version) => Source::Migrations {
            upto: Some(version.clone()),
        },
        None if tables.is_empty() => Source::Empty,
        // Somebody pushed.
        None => Source::Entities,
    })
}

/// Why those that are applied can't be replayed.
fn untold(status: &Status) -> Option<Failure> {
    let all = &status.migrations;
    if let Some(missing) = all.iter().find(|one| one.state == State::Missing) {
        let why = format!(
            "`{}` is applied, but its files are not here",
            missing.version
        );
        return Some(Failure::new(why).help(
            "bring them back from version control; if it is another history's, see `baseline`",
        ));
    }
    if let Some(halfway) = all.iter().find(|one| one.halfway.is_some()) {
        let why = format!("`{}` stands half-way", halfway.version);
        return Some(Failure::new(why).help("`migrate` goes on with it"));
    }
    for one in all {
        if let Some(squash @ Squash::Partly { .. }) = &one.squash {
            let why = format!("`{}` is neither applied nor pending: {squash}", one.version);
            return Some(Failure::new(why).help("apply the rest with the earlier release first"));
        }
    }
    let late = all.iter().find(|one| one.out_of_order)?;
    let why = format!(
        "`{}` is not applied, but a later one is: no version of the migrations is what is applied",
        late.version
    );
    Some(
        Failure::new(why).help(
            "`rebase` moves it behind the others, or `migrate --allow-out-of-order` applies it",
        ),
    )
}
