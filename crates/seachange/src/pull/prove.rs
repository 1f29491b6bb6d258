//! The whole way: choose, build what was chosen, write the rest as the difference, and prove that both
//! together give the schema again.

use std::collections::BTreeMap;

use seachange_schema::plan::Refusal;
use seachange_schema::{Changes, Name, Object, ObjectId, Plan, Schema, diff, plan, script};

use super::before::before;
use super::choose::{Chosen, Kept, choose};
use super::error::PullError;
use super::files::{Layout, layouts};
use super::{Note, Pulled, PulledFile, Selection, rust, statements};
use crate::catalog;
use crate::connection::SqlFile;
use crate::entities::{EntitiesError, Recorded};
use crate::proof;
use crate::source::{Road, Source};

/// A database with many tables shows what SeaORM's types come to.
const MANY_TABLES: usize = 40;

/// Writes a schema as entities and SQL, proven on a scratch database. Nothing is written to disk.
pub async fn pull(
    road: &Road,
    schema: &Schema,
    selection: &Selection,
) -> Result<Pulled, PullError> {
    let mut notes: Vec<Note> = schema
        .unmodelled
        .iter()
        .map(|one| Note {
            object: format!("{} {}", one.kind, one.name),
            reason: "it has no form here yet, and is left out".to_owned(),
        })
        .collect();
    let wanted = selection.of(schema, &mut notes)?;
    road.provide_roles(&wanted).await?;
    let mut kept = Kept::new();
    loop {
        let chosen = choose(&wanted, &kept);
        match attempt(road, &wanted, &chosen).await? {
            Attempt::Done(files) => {
                notes.extend(chosen.notes);
                notes.extend(many(chosen.entities.entities.len()));
                return Ok(Pulled {
                    entities: chosen.entities.entities.len(),
                    files,
                    notes,
                });
            }
            Attempt::Keep(table, reason) => {
                kept.insert(table, reason);
            }
        }
    }
}

fn many(entities: usize) -> Option<Note> {
    (entities > MANY_TABLES).then(|| Note {
        object: format!("{entities} entities"),
        reason:
            "so many with their relations can pass the compiler's limit; if it says so (E0275), \
                 write `#![recursion_limit = \"512\"]` at the head of the package's lib.rs"
                .to_owned(),
    })
}

enum Attempt {
    Done(Vec<PulledFile>),
    /// No entity can say that table, so it is to be kept in SQL.
    Keep(Name, String),
}

async fn attempt(road: &Road, wanted: &Schema, chosen: &Chosen) -> Result<Attempt, PullError> {
    let entities = || statements::recorded(&chosen.entities).map_err(PullError::Build);
    let first = before(wanted, &chosen.before);
    let ahead = script::from_nothing(&first);
    if !ahead.refusals.is_empty() {
        return Err(PullError::Refused(ahead.refusals));
    }
    let ahead = layouts(&ahead, &first, "before");
    let declared = with_files(entities()?, "before", &ahead[0].files);
    let declared = match built(road, &declared).await {
        Ok(schema) => (schema, 0),
        Err(error) => match (table_of(&error, chosen), ahead.get(1)) {
            (Some(table), _) => return Ok(Attempt::Keep(table, error_in_one_line(&error))),
            (None, Some(layout)) => {
                let declared = with_files(entities()?, "before", &layout.files);
                (built(road, &declared).await?, 1)
            }
            (None, None) => return Err(error),
        },
    };
    let (declared, ahead) = (declared.0, &ahead[declared.1]);
    let changes = diff(declared, wanted.clone(), Vec::new());
    let rest = plan(&changes);
    if !rest.refusals.is_empty() {
        return match refused(&rest.refusals, &changes, chosen) {
            Some((table, reason)) => Ok(Attempt::Keep(table, reason)),
            None => Err(PullError::Refused(rest.refusals)),
        };
    }
    let behind = proven(road, wanted, &rest, &entities()?, ahead).await?;
    let mut files = rust::files(&chosen.entities);
    files.extend(ahead.files.iter().cloned());
    files.extend(behind.files);
    Ok(Attempt::Done(files))
}

/// The first layout of the rest that gives the schema again.
async fn proven(
    road: &Road,
    wanted: &Schema,
    rest: &Plan,
    entities: &Recorded,
    ahead: &Layout,
) -> Result<Layout, PullError> {
    let mut failed = None;
    for behind in layouts(rest, wanted, "after") {
        let recorded = with_files(entities.clone(), "before", &ahead.files);
        let recorded = with_files(recorded, "after", &behind.files);
        match built(road, &recorded).await {
            Ok(actual) => {
                let difference = proof::difference(&actual, wanted);
                if difference.is_empty() {
                    return Ok(behind);
                }
                failed.get_or_insert(PullError::Differs(difference));
            }
            Err(error) => {
                failed.get_or_insert(error);
            }
        }
    }
    Err(failed.unwrap_or_else(|| PullError::Differs(Vec::new())))
}

fn with_files(mut recorded: Recorded, folder: &str, files: &[PulledFile]) -> Recorded {
    let files = files.iter().map(|file| SqlFile {
        path: file.path.clone(),
        text: file.text.clone(),
    });
    match folder {
        "before" => recorded.before = files.collect(),
        _ => recorded.after = files.collect(),
    }
    recorded
}

/// The schema that the statements give, without what has no model: that is the scratch server's own.
async fn built(road: &Road, recorded: &Recorded) -> Result<Schema, PullError> {
    let database = road.database(&Source::Empty).await?;
    let mut connection = database.connect().await?;
    let built = async {
        recorded
            .build(&mut connection)
            .await
            .map_err(PullError::Build)?;
        let mut schema = catalog::read(&mut connection).await?;
        schema.unmodelled.clear();
        Ok(schema)
    };
    let built = built.await;
    drop(connection);
    database.drop().await?;
    built
}

/// The entity whose statement was not accepted.
fn table_of(error: &PullError, chosen: &Chosen) -> Option<Name> {
    let PullError::Build(EntitiesError::Statement { origin, .. }) = error else {
        return None;
    };
    chosen
        .entities
        .entities
        .iter()
        .find(|entity| *origin == format!("entity `{}`", entity.table.plain()))
        .map(|entity| entity.table.clone())
}

fn error_in_one_line(error: &PullError) -> String {
    match error {
        PullError::Build(source) => format!("as an entity it can't be created ({source})"),
        other => other.to_string(),
    }
}

/// The table of something that the entity says otherwise and that can't be changed afterwards.
fn refused(refusals: &[Refusal], changes: &Changes, chosen: &Chosen) -> Option<(Name, String)> {
    let objects: BTreeMap<String, &ObjectId> = changes
        .changes
        .keys()
        .map(|id| (id.to_string(), id))
        .collect();
    refusals.iter().find_map(|refusal| {
        let id = objects.get(&refusal.object)?;
        let table = match (id, changes.next.get(id)) {
            (ObjectId::Table { name }, _) => name,
            (_, Some(Object::Index(index))) => &index.table,
            _ => id.relation()?,
        };
        let is_entity = chosen.entities.entities.iter().any(|it| it.table == *table);
        let reason = format!(
            "{} can't be changed afterwards: {}",
            refusal.object, refusal.reason
        );
        is_entity.then(|| (table.clone(), reason))
    })
}
