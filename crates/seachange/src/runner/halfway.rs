//! What stands half-way outside a transaction, and keeps a run from doing anything else.

use super::commands::Look;
use super::event::Direction;
use super::outside::{self, Line};
use super::program::{Known, Member, Program};
use super::refusal::Refusal;
use super::run::{Allow, Settings};
use super::standing::Status;
use crate::connection::SqlText;
use crate::migrations::in_transaction;

/// What stands half-way outside a transaction and is not what this run goes on with.
pub(super) async fn halfway(
    program: &Program,
    look: &Look,
    versions: &[&str],
    direction: Direction,
    settings: &Settings,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    if versions.is_empty() {
        return found;
    }
    for standing in &look.status.migrations {
        let Some(halfway) = &standing.halfway else {
            continue;
        };
        let version = standing.version.clone();
        if halfway.direction != direction || !versions.contains(&standing.version.as_str()) {
            if !settings.allows(Allow::HalfDone) {
                found.push(Refusal::HalfDone {
                    version,
                    direction: halfway.direction,
                });
            }
            continue;
        }
        let lines = look.journal.get(&(version.clone(), direction));
        if let (Some(member), Some(lines)) = (program.member(&version), lines)
            && settings.resume_at(&version).is_none()
            && let Some(statement) = changed(member, direction, look, lines).await
        {
            found.push(Refusal::Changed { version, statement });
        }
    }
    found
}

/// Says of what stands half-way which statement is next: the journal alone does not know where a transaction of the
/// file's own ends.
pub(super) async fn place(program: &Program, status: &mut Status) {
    for standing in &mut status.migrations {
        if let Some(halfway) = &mut standing.halfway
            && let Some(member) = program.member(&standing.version)
        {
            let text = match (member.known(halfway.direction).await, halfway.direction) {
                (Known::Sql(file), _) => file.text,
                // Of a folder that nothing has compiled.
                (_, Direction::Up) => member.text.clone().unwrap_or_default(),
                (_, Direction::Down) => continue,
            };
            let sql = SqlText {
                path: "",
                text: &text,
            };
            // What can't be taken apart is told when it is to be carried out.
            if let Ok((units, of)) = outside::units(sql) {
                halfway.statement = outside::goes_on_with(&units, halfway.statement, of);
            }
        }
    }
}

/// The first statement that an earlier run did and that is not what it was.
async fn changed(
    member: &Member,
    direction: Direction,
    look: &Look,
    lines: &[Line],
) -> Option<u32> {
    match member.known(direction).await {
        Known::Sql(file) if look.one_by_one || !in_transaction(&file.text) => {
            let sql = SqlText {
                path: &file.path,
                text: &file.text,
            };
            // What can't be taken apart is told when it is to be carried out.
            let (units, _) = outside::units(sql).ok()?;
            outside::changed(&units, lines)
        }
        _ => Some(1),
    }
}
