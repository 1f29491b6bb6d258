//! Adopting a database that has a schema already: its first migration, or the version of the migrations
//! that it stands at. Recording it is `runner`'s work.

use std::sync::Arc;

use seachange_schema::{Schema, diff, plan};

use crate::draft::Draft;
use crate::generate::{self, GenerateError, Script};
use crate::ignore::Rules;
use crate::source::{Road, Source, SourceError};

/// Where a database stands among the migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its schema is that of this version, and of no other.
    At(String),
    /// Of all of these, the newest first: they differ in nothing that a schema has.
    AnyOf(Vec<String>),
    /// Of none; this one is the nearest.
    Nowhere {
        /// The version that differs in the fewest objects.
        nearest: String,
    },
}

/// The migration that makes a live schema from nothing, proven both ways, without what the rules
/// overlook.
pub async fn first(
    road: &Road,
    live: &Schema,
    rules: &Rules,
    name: &str,
) -> Result<Script, GenerateError> {
    let from = Source::Empty;
    let previous = road.schema(&from).await?;
    let next = rules
        .overlook(&previous, &road.of_live(live, &previous))
        .live;
    let changes = diff(Schema::clone(&previous), next.clone(), Vec::new());
    let mut draft = Draft {
        up: plan(&changes),
        down: plan(&changes.clone().reverse()),
        previous,
        next: Arc::new(next),
        changes,
        questions: Vec::new(),
    };
    generate::script(road, &from, &mut draft, Some(name)).await
}

/// Which of `versions`, newest first, has the schema of a live database.
///
/// # Errors
/// A version that can't be replayed, or that there are none.
pub async fn place(
    road: &Road,
    live: &Schema,
    rules: &Rules,
    versions: &[String],
) -> Result<Place, SourceError> {
    let mut found: Vec<String> = Vec::new();
    let mut nearest: Option<(usize, &String)> = None;
    for version in versions.iter().rev() {
        let differences = differences(road, live, rules, version).await?;
        match (differences, found.is_empty()) {
            (0, _) => found.push(version.clone()),
            // Older ones with the same schema again were changed back and forth in between.
            (_, false) => break,
            (count, true) if nearest.is_none_or(|(least, _)| count < least) => {
                nearest = Some((count, version));
            }
            _ => {}
        }
    }
    Ok(match (found.len(), nearest) {
        (0, Some((_, nearest))) => Place::Nowhere {
            nearest: nearest.clone(),
        },
        (1, _) => Place::At(found.remove(0)),
        _ => Place::AnyOf(found),
    })
}

/// In how many objects they differ, but for what the rules overlook.
async fn differences(
    road: &Road,
    live: &Schema,
    rules: &Rules,
    version: &str,
) -> Result<usize, SourceError> {
    let source = Source::Migrations {
        upto: Some(version.to_owned()),
    };
    let expected = road.schema(&source).await?;
    let live = rules
        .overlook(&expected, &road.of_live(live, &expected))
        .live;
    let changes = diff(Schema::clone(&expected), live, Vec::new());
    // What has no model and differs is a refusal of the plan.
    Ok(changes.changes.len() + changes.renames_first.len() + plan(&changes).refusals.len())
}
