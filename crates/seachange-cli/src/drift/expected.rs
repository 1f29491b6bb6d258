//! What a database should be by its own account: what its applied migrations make.

use seachange::runner::{State, Status};
use seachange::source::Source;

use crate::tables::Rows;

/// The migrations up to the last one applied, or where none ever was, what somebody pushed; or why it
/// can't be told.
pub(crate) fn expected(status: &Status, tables: &[Rows]) -> Result<Source, String> {
    match applied_of(status)? {
        Some(source) => Ok(source),
        None if tables.is_empty() => Ok(Source::Empty),
        // Somebody pushed.
        None => Ok(Source::Entities),
    }
}

/// The migrations up to the last one applied, if one is; or why those that are applied can't be replayed.
fn applied_of(status: &Status) -> Result<Option<Source>, String> {
    let all = &status.migrations;
    if let Some(missing) = all.iter().find(|one| one.state == State::Missing) {
        return Err(format!(
            "`{}` is applied, but its files are not here",
            missing.version
        ));
    }
    if let Some(halfway) = all.iter().find(|one| one.halfway.is_some()) {
        return Err(format!(
            "`{}` stands half-way: go on with it first",
            halfway.version
        ));
    }
    if let Some(late) = all.iter().find(|one| one.out_of_order) {
        return Err(format!(
            "`{}` is not applied, but a later one is: no version of the migrations is what is applied",
            late.version
        ));
    }
    let applied = all.iter().filter(|one| one.state == State::Applied);
    Ok(applied
        .map(|one| one.version.clone())
        .max()
        .map(|version| Source::Migrations {
            upto: Some(version),
        }))
}
