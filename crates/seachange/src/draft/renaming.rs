//! Renames, carried out one after the other on a scratch copy of the previous schema, so that PostgreSQL
//! says what every text looks like under the new names.

use seachange_schema::rename::{HintError, ordered, resolve};
use seachange_schema::{Hint, Ident, Name, Object, ObjectId, Rename, Schema};

use super::{Answers, DraftError, copy};
use crate::catalog;
use crate::connection::{SqlText, run_sql};
use crate::entities::Renamed;
use crate::scratch::ScratchDatabase;
use crate::source::{Road, Source};

/// The previous schema while its renames are carried out.
pub(super) struct Renaming<'a> {
    current: Schema,
    next: &'a Schema,
    renames: Vec<Rename>,
}

impl<'a> Renaming<'a> {
    pub(super) fn new(current: Schema, next: &'a Schema) -> Self {
        Self {
            current,
            next,
            renames: Vec::new(),
        }
    }

    pub(super) fn done(self) -> (Schema, Vec<Rename>) {
        (self.current, self.renames)
    }

    /// Resolves and carries out what was answered, round after round: a column's rename may only be
    /// understood once its table's has been carried out.
    pub(super) async fn carry_out(
        &mut self,
        road: &Road,
        from: &Source,
        answers: &Answers,
    ) -> Result<(), DraftError> {
        let mut waiting = answers.hints.clone();
        let mut scratch: Option<ScratchDatabase> = None;
        let outcome = loop {
            let (mut found, failed) = self.resolved(&mut waiting);
            match self.attributes(&answers.attributes) {
                Ok(renames) => {
                    found.extend(renames);
                    found.dedup();
                }
                Err(error) => break Err(error),
            }
            if found.is_empty() {
                found = self.owned_sequences();
            }
            if found.is_empty() {
                break failed.map_or(Ok(()), |error| Err(error.into()));
            }
            let found = ordered(found, &|id| self.knows(id));
            if scratch.is_none() {
                let start = self.current.clone();
                scratch = Some(copy(road, from, &start).await?);
            }
            let Some(database) = &scratch else {
                break Ok(());
            };
            if let Err(error) = self.rename_in(database, &found).await {
                break Err(error);
            }
        };
        if let Some(database) = scratch {
            database.drop().await?;
        }
        outcome
    }

    /// What the hints mean as far as it is clear by now, and the first reason where it isn't. A column
    /// waits for its table, a label for its type: those decide whose they are.
    fn resolved(&self, waiting: &mut Vec<Hint>) -> (Vec<Rename>, Option<HintError>) {
        let among = waiting.clone();
        let mut failed = None;
        let mut found: Vec<(Hint, Rename)> = Vec::new();
        for hint in &among {
            match self.resolve(hint, &among) {
                Ok(rename) => found.push((hint.clone(), rename)),
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        let is_whole = |rename: &Rename| match rename {
            Rename::Object { from, .. } => from.relation().is_none(),
            Rename::Label { .. } => false,
        };
        if found.iter().any(|(_, rename)| is_whole(rename)) {
            found.retain(|(_, rename)| is_whole(rename));
        }
        waiting.retain(|hint| !found.iter().any(|(done, _)| done == hint));
        (
            found.into_iter().map(|(_, rename)| rename).collect(),
            failed,
        )
    }

    /// A hint names a table or a type as it was called before, also once that has been renamed.
    fn resolve(&self, hint: &Hint, among: &[Hint]) -> Result<Rename, HintError> {
        let among: Vec<Hint> = among.iter().map(|other| self.moved(other)).collect();
        let moved = self.moved(hint);
        match resolve(&self.current, self.next, &moved, &among) {
            Err(_) if moved != *hint => resolve(&self.current, self.next, hint, &among),
            outcome => outcome,
        }
        .map_err(|error| match error {
            HintError::NoMatch { why, .. } => HintError::NoMatch {
                hint: hint.to_string(),
                why,
            },
            other => other,
        })
    }

    /// The hint with the name that its table or type has by now.
    fn moved(&self, hint: &Hint) -> Hint {
        let mut words = hint.from.clone();
        let Some(part) = words.pop() else {
            return hint.clone();
        };
        let mut of = words.join(".");
        for rename in &self.renames {
            if let Rename::Object { from, to } = rename
                && from.relation().is_none()
                && from.plain() == of
            {
                of = to.plain();
            }
        }
        if of.is_empty() {
            return hint.clone();
        }
        let mut from: Vec<String> = of.split('.').map(str::to_owned).collect();
        from.push(part);
        Hint {
            from,
            to: hint.to.clone(),
        }
    }

    /// Sequences whose column stays and gets one of another name: renamed, they keep where they stand, and
    /// what reads them. PostgreSQL derives their names from table and column, and leaves them behind when
    /// these are renamed.
    fn owned_sequences(&self) -> Vec<Rename> {
        let mut pairs: Vec<(Name, Name)> = Vec::new();
        let mut changes_places = false;
        for (id, object) in &self.current.objects {
            match (id, object) {
                (ObjectId::Sequence { name }, Object::Sequence(sequence)) => {
                    let owner = sequence.owned_by.as_ref();
                    let next = owner.and_then(|owner| owned_by(self.next, owner));
                    pairs.extend(next.map(|new| (name.clone(), new.clone())));
                }
                (ObjectId::Column { table, .. }, Object::Column(column)) => {
                    if let Some(Object::Column(next)) = self.next.get(id)
                        && let (Some(old), Some(new)) = (&column.identity, &next.identity)
                    {
                        let new = table.sibling(&new.sequence);
                        changes_places |= old.sequence != new.name && self.current.names(&new);
                        pairs.push((table.sibling(&old.sequence), new));
                    }
                }
                _ => {}
            }
        }
        pairs.retain(|(old, new)| old != new && old.schema == new.schema);
        let own = |name: &Name| (self.current).contains(&ObjectId::Sequence { name: name.clone() });
        if !changes_places {
            // The plan renames what is behind an identity column together with that.
            pairs.retain(|(old, _)| own(old));
        }
        while let Some(at) = pairs.iter().position(|(_, new)| {
            self.current.names(new) && !pairs.iter().any(|(old, _)| old == new)
        }) {
            pairs.remove(at);
        }
        let sequence = |name: Name| ObjectId::Sequence { name };
        pairs
            .into_iter()
            .map(|(old, new)| Rename::Object {
                from: sequence(old),
                to: sequence(new),
            })
            .collect()
    }

    fn knows(&self, id: &ObjectId) -> bool {
        let named = match id {
            ObjectId::Table { name }
            | ObjectId::View { name }
            | ObjectId::Sequence { name }
            | ObjectId::Index { name }
            | ObjectId::Type { name } => self.current.names(name) || self.next.names(name),
            _ => false,
        };
        named || self.current.contains(id) || self.next.contains(id)
    }

    fn attributes(&self, attributes: &[Renamed]) -> Result<Vec<Rename>, DraftError> {
        let mut found = Vec::new();
        for attribute in attributes {
            let (from, to) = ids(attribute);
            if !self.next.contains(&to) {
                continue;
            }
            let (had, has) = (self.current.contains(&from), self.current.contains(&to));
            let table_is_new = to.relation().is_some_and(|table| {
                !self.current.contains(&ObjectId::Table {
                    name: table.clone(),
                })
            });
            match (had, has) {
                (true, false) if !self.next.contains(&from) => {
                    found.push(Rename::Object { from, to })
                }
                // Done before, or a table that is made with the new name right away.
                (_, true) => {}
                _ if table_is_new => {}
                _ => {
                    return Err(DraftError::Attribute {
                        from: from.plain(),
                        to: to.plain(),
                    });
                }
            }
        }
        Ok(found)
    }

    async fn rename_in(
        &mut self,
        database: &ScratchDatabase,
        renames: &[Rename],
    ) -> Result<(), DraftError> {
        let mut connection = database.connect().await?;
        for rename in renames {
            let text = rename.sql();
            let sql = SqlText {
                path: "rename",
                text: &text,
            };
            run_sql(&mut connection, sql)
                .await
                .map_err(|source| DraftError::Rename {
                    rename: rename.flag(),
                    source,
                })?;
        }
        self.current = catalog::read(&mut connection).await?;
        self.renames.extend(renames.iter().cloned());
        Ok(())
    }
}

/// The sequence that a column owns.
fn owned_by<'a>(schema: &'a Schema, column: &(Name, Ident)) -> Option<&'a Name> {
    schema
        .objects
        .iter()
        .find_map(|(id, object)| match (id, object) {
            (ObjectId::Sequence { name }, Object::Sequence(sequence))
                if sequence.owned_by.as_ref() == Some(column) =>
            {
                Some(name)
            }
            _ => None,
        })
}

/// The two identities that a `renamed_from` speaks of.
fn ids(renamed: &Renamed) -> (ObjectId, ObjectId) {
    match renamed {
        Renamed::Table { table, from } => (
            ObjectId::Table {
                name: table.sibling(from),
            },
            ObjectId::Table {
                name: table.clone(),
            },
        ),
        Renamed::Column {
            table,
            column,
            from,
        } => (
            ObjectId::Column {
                table: table.clone(),
                name: from.clone(),
            },
            ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            },
        ),
    }
}
