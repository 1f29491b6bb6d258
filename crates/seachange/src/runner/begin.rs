//! Where a run begins to change things, once everything that could be refused has been looked at: the notes,
//! the backup, the record tables, and then one migration after the other.

use super::apply::apply;
use super::commands::Look;
use super::error::RunnerError;
use super::event::{Direction, Event};
use super::lock::Held;
use super::program::Known;
use super::run::Run;
use super::standing::Status;
use super::{history, outside, record};
use crate::backup::backup;

/// Goes through these versions, in the order given.
pub(super) async fn begin(
    run: &mut Run<'_>,
    held: &Held,
    look: &Look,
    versions: &[&str],
    direction: Direction,
) -> Result<(), RunnerError> {
    held.able_to(run.program, versions, direction).await?;
    for note in held.able.notes() {
        run.tell(Event::Note(note));
    }
    notes(run, &look.status, versions).await;
    if let Some(wanted) = &run.settings.backup {
        run.tell(Event::BackingUp);
        let applied = look.applied.last().map(|one| one.version.as_str());
        let made = backup(&run.target.url, wanted, applied, &run.interrupt).await?;
        run.tell(Event::BackedUp(made));
        // It may have taken long, and without the lock nothing goes on.
        held.check().await?;
    }
    {
        let mut books = held.books.lock().await;
        record::install(&mut books, &run.program.table).await?;
        history::install(&mut books).await?;
        outside::install(&mut books).await?;
    }
    apply(run, held, versions, direction).await
}

async fn notes(run: &mut Run<'_>, status: &Status, versions: &[&str]) {
    for version in versions {
        let Some(member) = run.program.member(version) else {
            continue;
        };
        let unlocked = member.entry.is_none();
        let in_rust = matches!(member.known(Direction::Up).await, Known::Rust);
        if unlocked {
            run.tell(Event::Note(format!(
                "`{version}` is not in `seachange.lock`: an edit to it will go unnoticed"
            )));
        }
        if let Some(failed) = status.of(version).and_then(|one| one.failure.as_ref())
            && in_rust
            && let Some(statement) = failed.statement
        {
            run.tell(Event::Note(format!(
                "an earlier try at `{version}` stopped at statement {statement} outside a transaction; this one begins with the first"
            )));
        }
    }
}
