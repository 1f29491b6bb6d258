//! Renames that running code must not notice: a column is there under both names, kept in step; a table is a view
//! under its old one.

use seachange_schema::model::{Column, Constraint, ConstraintKind, Grantee};
use seachange_schema::name;
use seachange_schema::plan::{InStep, Refusal};
use seachange_schema::{Ident, Name, Object, ObjectId, Rename, Schema};
use sqlx::{AssertSqlSafe, PgConnection};

use super::ExpandError;

/// What is renamed, in the order in which it was said.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// Tables with their new names.
    tables: Vec<Table>,
    columns: Vec<Pair>,
    /// Parts that stand on an old column, and step aside for those on the new one.
    aside: Vec<Rename>,
    /// Those that are carried out at once, tables' among them.
    at_once: Vec<Rename>,
}

#[derive(Debug)]
struct Table {
    old: Name,
    new: Name,
    columns: Vec<Ident>,
    /// The statements that give the view the table's grants.
    grants: Vec<String>,
}

#[derive(Debug)]
struct Pair {
    /// As it is called from now on.
    table: Name,
    old: Ident,
    new: Ident,
}

impl Renamed {
    /// # Errors
    /// What can't be there under two names.
    pub(super) fn among(
        renames: &[Rename],
        previous: &Schema,
        next: &Schema,
    ) -> Result<Self, ExpandError> {
        let mut renamed = Self::default();
        let mut refusals = Vec::new();
        for rename in renames {
            match rename {
                Rename::Object {
                    from: ObjectId::Column { table, name: old },
                    to: ObjectId::Column { name: new, .. },
                } => renamed.columns.push(Pair {
                    table: table.clone(),
                    old: old.clone(),
                    new: new.clone(),
                }),
                Rename::Object {
                    from: ObjectId::Table { name: old },
                    to: ObjectId::Table { name: new },
                } => {
                    for pair in &mut renamed.columns {
                        if pair.table == *old {
                            pair.table = new.clone();
                        }
                    }
                    renamed.tables.push(Table {
                        old: old.clone(),
                        new: new.clone(),
                        columns: (previous.columns(old).into_iter())
                            .map(|(name, _)| name.clone())
                            .collect(),
                        grants: grants(old, previous),
                    });
                    renamed.at_once.push(rename.clone());
                }
                _ if rename.breaks_queries() => refusals.push(Refusal {
                    object: rename.summary(),
                    reason: "only a table and a column can be there under both names".to_owned(),
                }),
                _ => renamed.at_once.push(rename.clone()),
            }
        }
        for table in &renamed.tables {
            refusals.extend(table.refused(previous));
        }
        for pair in &renamed.columns {
            let was = renamed.was(&pair.table);
            match pair.refused(&was, previous, next) {
                Some(refusal) => refusals.push(refusal),
                None => renamed.aside.extend(aside(pair, &was, previous)),
            }
        }
        match refusals.is_empty() {
            true => Ok(renamed),
            false => Err(ExpandError::Refused(refusals)),
        }
    }

    /// What a table was called before.
    fn was(&self, table: &Name) -> Name {
        let known = self.tables.iter().find(|one| one.new == *table);
        known.map_or_else(|| table.clone(), |one| one.old.clone())
    }

    /// Carries out what can be done at once, and makes room on the names of what stands on old columns; in the order
    /// of the answer.
    pub(super) async fn carry_out(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<Rename>, ExpandError> {
        let all: Vec<Rename> = self.at_once.iter().chain(&self.aside).cloned().collect();
        for rename in &all {
            run(connection, rename.sql()).await?;
        }
        Ok(all)
    }

    /// The columns that are there twice.
    pub(super) fn in_step(&self, next: &Schema) -> Vec<InStep> {
        (self.columns.iter())
            .filter_map(|pair| {
                let column = column(next, &pair.table, &pair.new)?;
                let data_type = &column.data_type;
                Some(InStep::of(&pair.table, &pair.old, &pair.new, data_type))
            })
            .collect()
    }

    /// Makes what keeps columns in step, and the views under the old names.
    pub(super) async fn finish(
        &self,
        connection: &mut PgConnection,
        in_step: &[InStep],
    ) -> Result<(), ExpandError> {
        for pair in in_step {
            // With one, nobody could tell whether the new column was written.
            let bare = format!(
                "ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT",
                pair.table, pair.new
            );
            run(connection, bare).await?;
            for statement in &pair.statements {
                run(connection, statement.clone()).await?;
            }
        }
        for table in &self.tables {
            let columns: Vec<String> = table.columns.iter().map(Ident::to_string).collect();
            let view = format!(
                "CREATE VIEW {} AS SELECT {} FROM {}",
                table.old,
                columns.join(", "),
                table.new
            );
            run(connection, view).await?;
            for grant in &table.grants {
                run(connection, grant.clone()).await?;
            }
        }
        Ok(())
    }
}

async fn run(connection: &mut PgConnection, statement: String) -> Result<(), ExpandError> {
    let ran = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
        .execute(connection)
        .await;
    match ran {
        Ok(_) => Ok(()),
        Err(source) => Err(ExpandError::Between { statement, source }),
    }
}

impl Table {
    fn refused(&self, previous: &Schema) -> Option<Refusal> {
        let id = ObjectId::Table {
            name: self.old.clone(),
        };
        let secured = matches!(previous.get(&id), Some(Object::Table(table)) if table.row_security);
        secured.then(|| Refusal {
            object: id.to_string(),
            reason: "a view under its old name would pass over its row security".to_owned(),
        })
    }
}

impl Pair {
    /// Why a column can't be there under both names.
    fn refused(&self, was: &Name, previous: &Schema, next: &Schema) -> Option<Refusal> {
        let before = column(previous, was, &self.old)?;
        let after = column(next, &self.table, &self.new)?;
        let constraints = || {
            (previous.objects.iter()).filter_map(|(id, object)| match object {
                Object::Constraint(constraint) => Some((id, constraint)),
                _ => None,
            })
        };
        let id = ObjectId::Column {
            table: was.clone(),
            name: self.old.clone(),
        };
        let in_key = constraints().any(|(id, key)| {
            id.relation() == Some(was)
                && key.kind == ConstraintKind::PrimaryKey
                && key.columns.contains(&self.old)
        });
        let referred = constraints().any(|(key, constraint)| {
            constraint.references.as_ref() == Some(was)
                && previous.needs(key).any(|need| *need == id)
        });
        let generated = [(previous, was, &self.old), (next, &self.table, &self.new)]
            .iter()
            .any(|(schema, table, name)| is_generated(schema, table, name));
        let family = previous.tables().any(|(name, table)| {
            let partition = table.partition_of.as_ref();
            let parents = || {
                partition
                    .map(|one| &one.parent)
                    .into_iter()
                    .chain(&table.inherits)
            };
            parents().any(|parent| parent == was) || name == was && parents().next().is_some()
        });
        let granted = (previous.objects.keys())
            .any(|other| matches!(other, ObjectId::Privileges { of, .. } if **of == id));
        let reason = if before.data_type != after.data_type || before.collation != after.collation {
            "its type changes as well: rename it, and change its type later"
        } else if in_key {
            "it is in the primary key"
        } else if referred {
            "a foreign key points at it"
        } else if generated || before.identity.is_some() || after.identity.is_some() {
            "its values are not written, but generated"
        } else if family {
            "its table has partitions or heirs, or is one"
        } else if granted {
            "it has grants of its own"
        } else {
            return None;
        };
        Some(Refusal {
            object: id.to_string(),
            reason: format!("{reason}, so it can't be there under both names"),
        })
    }
}

fn column<'a>(schema: &'a Schema, table: &Name, name: &Ident) -> Option<&'a Column> {
    let id = ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    };
    match schema.get(&id) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

fn is_generated(schema: &Schema, table: &Name, column: &Ident) -> bool {
    let id = ObjectId::Default {
        table: table.clone(),
        column: column.clone(),
    };
    matches!(schema.get(&id), Some(Object::Default(default)) if default.generated.is_some())
}

/// The keys, checks and indexes on an old column: those on the new one get their names.
fn aside(pair: &Pair, was: &Name, previous: &Schema) -> Vec<Rename> {
    let id = ObjectId::Column {
        table: was.clone(),
        name: pair.old.clone(),
    };
    let on_it = |key: &ObjectId, constraint: &Constraint| {
        key.relation() == Some(was) && constraint.columns.contains(&pair.old)
    };
    (previous.objects.iter())
        .filter_map(|(key, object)| match (key, object) {
            (ObjectId::Constraint { name, .. }, Object::Constraint(constraint))
                if on_it(key, constraint) =>
            {
                let part = |name: Ident| ObjectId::Constraint {
                    table: pair.table.clone(),
                    name,
                };
                let to = part(old(name, |name| {
                    previous.contains(&part(name.clone())) || previous.names(&was.sibling(name))
                }));
                Some((part(name.clone()), to))
            }
            (ObjectId::Index { name }, Object::Index(index))
                if index.table == *was && previous.needs(key).any(|need| *need == id) =>
            {
                let to = old(&name.name, |other| previous.names(&name.sibling(other)));
                let to = ObjectId::Index {
                    name: name.sibling(&to),
                };
                Some((key.clone(), to))
            }
            _ => None,
        })
        .map(|(from, to)| Rename::Object { from, to })
        .collect()
}

fn old(near: &Ident, taken: impl Fn(&Ident) -> bool) -> Ident {
    Ident::new(name::free(near.as_str(), "__old", |text| {
        taken(&Ident::new(text))
    }))
}

/// What gives a view under a table's old name the same grants.
fn grants(table: &Name, schema: &Schema) -> Vec<String> {
    let on_it = |of: &ObjectId| matches!(of, ObjectId::Table { name } if name == table);
    (schema.objects.iter())
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Privileges { of, to }, Object::Privileges(privileges))
                if on_it(of) && *to != Grantee::Owner =>
            {
                Some((to, privileges))
            }
            _ => None,
        })
        .flat_map(|(to, privileges)| {
            (privileges.granted.iter()).map(move |(privilege, option)| {
                let option = match option {
                    true => " WITH GRANT OPTION",
                    false => "",
                };
                format!("GRANT {privilege} ON {table} TO {to}{option}")
            })
        })
        .collect()
}
