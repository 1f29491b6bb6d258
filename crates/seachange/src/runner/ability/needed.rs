//! Which migrations of a run need what the server can't do.

use super::{Abilities, Ability};
use crate::connection::{SqlText, statements};
use crate::runner::event::Direction;
use crate::runner::outside;
use crate::runner::program::{Known, Program};
use crate::runner::refusal::Refusal;
use crate::runner::statement::{Alone, alone};

/// What is refused before anything runs.
pub(in crate::runner) async fn unable(
    program: &Program,
    versions: &[&str],
    direction: Direction,
    able: &Abilities,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    let can_build = able.has(Ability::ConcurrentIndexes);
    let can_undo = able.has(Ability::TransactionalDdl);
    if can_build && can_undo {
        return found;
    }
    for member in versions.iter().filter_map(|one| program.member(one)) {
        let known = member.known(direction).await;
        let mut lacks = |ability| {
            found.push(Refusal::Lacks {
                ability,
                version: Some(member.version.clone()),
            });
        };
        match &known {
            Known::Sql(file) => {
                if !can_build && builds_concurrently(&file.text) {
                    lacks(Ability::ConcurrentIndexes);
                }
                let sql = SqlText {
                    path: &file.path,
                    text: &file.text,
                };
                if !can_undo && outside::keeps_together(sql) {
                    lacks(Ability::TransactionalDdl);
                }
            }
            // Nobody could tell how far it came.
            Known::Rust | Known::Mismatch => {
                if !can_undo && member.in_transaction(&known) {
                    lacks(Ability::TransactionalDdl);
                }
            }
        }
    }
    found
}

fn builds_concurrently(text: &str) -> bool {
    statements(text).iter().any(|statement| {
        matches!(
            alone(statement.text),
            Some(Alone::CreateIndex { .. } | Alone::DropIndex { .. } | Alone::Reindex(_))
        )
    })
}
