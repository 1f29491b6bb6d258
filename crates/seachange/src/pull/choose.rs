//! What of a schema becomes entities, and what has to be there before them. The rest needs no choice:
//! it is the difference.

mod enums;
mod fields;
mod indexes;
mod keys;
mod kind;
mod literal;
mod relations;
mod spelled;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::Default;
use seachange_schema::needs::Needs;
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::Note;
use super::declared::{Entities, Enum};
use super::selection::closure;

/// What was chosen.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) entities: Entities,
    /// What the entities need, in no order.
    pub(super) before: BTreeSet<ObjectId>,
    pub(super) notes: Vec<Note>,
}

/// Tables that are kept in SQL, with the reason.
pub(super) type Kept = BTreeMap<Name, String>;

/// What the choice is made by.
struct Choice<'a> {
    schema: &'a Schema,
    needs: Needs,
    /// Tables that become entities, with the columns of their primary key.
    tables: BTreeMap<Name, Vec<Ident>>,
    /// Types that become enums in Rust.
    enums: BTreeMap<Name, Enum>,
    before: BTreeSet<ObjectId>,
    /// Defaults that need what is only there after the entities.
    later: BTreeSet<ObjectId>,
}

/// `kept` are tables that were tried and that no entity can say.
pub(super) fn choose(schema: &Schema, kept: &Kept) -> Chosen {
    let mut notes = Vec::new();
    let mut choice = Choice {
        schema,
        needs: Needs::of(schema),
        tables: BTreeMap::new(),
        enums: enums::candidates(schema),
        before: BTreeSet::new(),
        later: BTreeSet::new(),
    };
    for (name, table) in schema.tables() {
        let reason = match kept.get(name) {
            Some(reason) => Err(reason.clone()),
            None => tables::key(schema, name, table)
                .and_then(|key| choice.type_is_there_before(name).map(|()| key)),
        };
        match reason {
            Ok(key) => drop(choice.tables.insert(name.clone(), key)),
            Err(reason) => notes.push(Note {
                object: format!("table {}", name.plain()),
                reason: format!("{reason}; it stands in sql/after, without an entity"),
            }),
        }
    }
    choice.stand_before();
    let mut entities = Vec::new();
    let modules = tables::modules(choice.tables.keys());
    for (name, key) in &choice.tables {
        entities.push(choice.entity(name, key, &modules[name]));
    }
    relations::relate(&choice, &mut entities, &mut notes);
    let used: BTreeSet<&str> = entities
        .iter()
        .flat_map(|entity| &entity.fields)
        .map(|field| field.kind.rust.as_str())
        .collect();
    let enums = choice.enums.into_values().filter(|one| {
        used.contains(one.rust.as_str()) || used.contains(format!("Vec<{}>", one.rust).as_str())
    });
    Chosen {
        entities: Entities {
            enums: enums.collect(),
            entities,
        },
        before: choice.before,
        notes,
    }
}

impl Choice<'_> {
    /// No column is of a type that needs a table.
    fn type_is_there_before(&self, table: &Name) -> Result<(), String> {
        for (column, _) in self.schema.columns(table) {
            let id = ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            };
            let needed = closure(self.schema, self.needed(&id, table));
            if let Some(relation) = needed.iter().find(|id| is_relation(id)) {
                let column = column.as_str();
                return Err(format!(
                    "the type of its column `{column}` needs {relation}"
                ));
            }
        }
        Ok(())
    }

    /// Finds what has to stand before the tables, and which defaults have to wait.
    fn stand_before(&mut self) {
        let mut before = BTreeSet::new();
        let mut later = BTreeSet::new();
        for table in self.tables.keys() {
            for (column, _) in self.schema.columns(table) {
                let id = ObjectId::Column {
                    table: table.clone(),
                    name: column.clone(),
                };
                before.extend(self.beyond_enums(&id, table, &self.needed(&id, table)));
                let id = ObjectId::Default {
                    table: table.clone(),
                    column: column.clone(),
                };
                if self.serial(table, column).is_some() {
                    continue;
                }
                let needed = self.needed(&id, table);
                let all = self.beyond_enums(&id, table, &needed);
                match all.iter().any(is_relation) {
                    true => drop(later.insert(id)),
                    false => before.extend(all),
                }
            }
        }
        // What is needed before the entities can't be made by one of them.
        self.enums
            .retain(|name, _| !before.contains(&ObjectId::Type { name: name.clone() }));
        before.retain(|id| self.schema.contains(id));
        self.before = before;
        self.later = later;
    }

    /// What an object of a table needs besides that table.
    fn needed(&self, id: &ObjectId, of: &Name) -> BTreeSet<ObjectId> {
        self.needs
            .of_object(id)
            .filter(|need| match need {
                ObjectId::Table { name } => name != of,
                _ => need.relation() != Some(of),
            })
            .cloned()
            .collect()
    }

    /// The needs with all that they need, but for an enum that the column itself brings along.
    fn beyond_enums(
        &self,
        id: &ObjectId,
        table: &Name,
        needed: &BTreeSet<ObjectId>,
    ) -> BTreeSet<ObjectId> {
        let column = match id {
            ObjectId::Default { column, .. } => column,
            ObjectId::Column { name, .. } => name,
            _ => return BTreeSet::new(),
        };
        let own = self.column(table, column).and_then(|column| {
            let element = column.data_type.trim_end_matches("[]");
            spelled::name(element).filter(|name| self.enums.contains_key(name))
        });
        let own = own.map(|name| ObjectId::Type { name });
        let needed = needed.iter().filter(|need| Some(*need) != own.as_ref());
        closure(self.schema, needed.cloned().collect())
    }

    fn column(&self, table: &Name, column: &Ident) -> Option<&seachange_schema::model::Column> {
        let id = ObjectId::Column {
            table: table.clone(),
            name: column.clone(),
        };
        match self.schema.get(&id) {
            Some(Object::Column(column)) => Some(column),
            _ => None,
        }
    }

    fn default(&self, table: &Name, column: &Ident) -> Option<&Default> {
        let id = ObjectId::Default {
            table: table.clone(),
            column: column.clone(),
        };
        match self.schema.get(&id) {
            Some(Object::Default(default)) if !self.later.contains(&id) => Some(default),
            _ => None,
        }
    }
}

fn is_relation(id: &ObjectId) -> bool {
    matches!(id, ObjectId::Table { .. } | ObjectId::View { .. }) || id.relation().is_some()
}
