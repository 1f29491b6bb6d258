//! Which objects the rules cover, with all that is a part of those, and the live schema without what
//! they overlook.

use std::collections::BTreeSet;

use seachange_schema::plan::Plan;
use seachange_schema::{Ident, Name, Object, ObjectId, Schema, diff, plan, script};

use super::rule::Rule;

/// The rules of one place, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

/// What is left of a live schema once the rules have been heard.
#[derive(Clone, Debug)]
pub struct Overlooked {
    /// The live schema, in which what is covered is as it is expected.
    pub live: Schema,
    /// What is overlooked, one line each, as a plan prints it.
    pub differences: Vec<String>,
    /// Rules that overlook nothing.
    pub idle: Vec<String>,
}

/// The two sides of one comparison.
struct Sides<'a> {
    expected: &'a Schema,
    live: &'a Schema,
}

impl FromIterator<Rule> for Rules {
    fn from_iter<T: IntoIterator<Item = Rule>>(rules: T) -> Self {
        Self(rules.into_iter().collect())
    }
}

impl Rules {
    /// Whether nothing is overlooked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Overlooks in `live` what the rules cover and `expected` has otherwise.
    pub fn overlook(&self, expected: &Schema, live: &Schema) -> Overlooked {
        if self.is_empty() {
            return Overlooked {
                live: live.clone(),
                differences: Vec::new(),
                idle: Vec::new(),
            };
        }
        let sides = Sides { expected, live };
        let covered: BTreeSet<&ObjectId> = sides
            .ids()
            .filter(|id| self.covering(&sides, id).is_some())
            .collect();
        let only = sides.with_live(|id| covered.contains(id), |one| self.reports(one).is_some());
        let changes = diff(expected.clone(), only.clone(), Vec::new());
        let plan = plan(&changes);

        let mut at_work: BTreeSet<usize> = BTreeSet::new();
        for id in changes.changes.keys() {
            at_work.extend(self.covering(&sides, id));
        }
        for one in expected.unmodelled.iter().chain(&live.unmodelled) {
            if !(expected.unmodelled.contains(one) && live.unmodelled.contains(one)) {
                at_work.extend(self.reports(one));
            }
        }
        let rules = self.0.iter().enumerate();
        Overlooked {
            live: sides.with_live(
                |id| !covered.contains(id),
                |one| self.reports(one).is_none(),
            ),
            differences: lines(&plan, changes.changes.len()),
            idle: rules
                .filter(|(at, _)| !at_work.contains(at))
                .map(|(_, rule)| rule.to_string())
                .collect(),
        }
    }

    /// The rule that covers an object, by its own name or as a part of something.
    fn covering(&self, sides: &Sides<'_>, id: &ObjectId) -> Option<usize> {
        let object = sides.object(id)?;
        let own = self.0.iter().position(|rule| rule.names(id, object));
        own.or_else(|| {
            sides
                .wholes(id, object)
                .iter()
                .find_map(|whole| self.covering(sides, whole))
        })
    }

    fn reports(&self, one: &seachange_schema::model::Unmodelled) -> Option<usize> {
        self.0.iter().position(|rule| rule.names_unmodelled(one))
    }
}

impl<'a> Sides<'a> {
    fn ids(&self) -> impl Iterator<Item = &'a ObjectId> {
        let ids: BTreeSet<_> = self
            .expected
            .objects
            .keys()
            .chain(self.live.objects.keys())
            .collect();
        ids.into_iter()
    }

    /// As it is in the live schema, else as it was expected.
    fn object(&self, id: &ObjectId) -> Option<&'a Object> {
        self.live.get(id).or_else(|| self.expected.get(id))
    }

    /// The expected schema, but for what is taken from the live one.
    fn with_live(
        &self,
        taken: impl Fn(&ObjectId) -> bool,
        reported: impl Fn(&seachange_schema::model::Unmodelled) -> bool,
    ) -> Schema {
        let mut schema = Schema {
            reader: self.live.reader.clone(),
            ..Schema::default()
        };
        for (side, is_live) in [(self.expected, false), (self.live, true)] {
            let objects = side.objects.iter().filter(|(id, _)| taken(id) == is_live);
            for (id, object) in objects {
                schema.objects.insert(id.clone(), object.clone());
                if let Some(needs) = side.depends.get(id) {
                    schema.depends.insert(id.clone(), needs.clone());
                }
            }
            let unmodelled = side.unmodelled.iter();
            let unmodelled = unmodelled.filter(|one| reported(one) == is_live);
            schema.unmodelled.extend(unmodelled.cloned());
        }
        schema.unmodelled.sort();
        let objects = &schema.objects;
        schema.depends.retain(|_, needs| {
            needs.retain(|need| objects.contains_key(need));
            !needs.is_empty()
        });
        schema
    }

    /// What an object is a part of.
    fn wholes(&self, id: &ObjectId, object: &Object) -> Vec<ObjectId> {
        let mut wholes = Vec::new();
        let mut relation = |name: &Name| {
            wholes.push(ObjectId::Table { name: name.clone() });
            wholes.push(ObjectId::View { name: name.clone() });
        };
        match object {
            Object::Index(index) => relation(&index.table),
            Object::Statistics(statistics) => relation(&statistics.table),
            Object::Table(table) => {
                table
                    .partition_of
                    .iter()
                    .for_each(|of| relation(&of.parent));
            }
            Object::Sequence(sequence) => {
                if let Some((table, column)) = &sequence.owned_by {
                    wholes.push(column_of(table, column));
                }
            }
            _ => {}
        }
        match id {
            ObjectId::Privileges { of, .. } | ObjectId::Owner { of } => wholes.push((**of).clone()),
            ObjectId::Default { table, column } => wholes.push(column_of(table, column)),
            ObjectId::PublicationTable { publication, .. }
            | ObjectId::PublicationSchema { publication, .. } => {
                wholes.push(ObjectId::Publication {
                    name: publication.clone(),
                });
            }
            _ => {}
        }
        // A constraint or an index can't be there without its columns.
        if matches!(id, ObjectId::Constraint { .. } | ObjectId::Index { .. }) {
            let side = if self.live.contains(id) {
                self.live
            } else {
                self.expected
            };
            let needs = side.needs(id);
            wholes.extend(
                needs
                    .filter(|need| matches!(need, ObjectId::Column { .. }))
                    .cloned(),
            );
        }
        if let Some(name) = id.relation() {
            wholes.push(ObjectId::Table { name: name.clone() });
            wholes.push(ObjectId::View { name: name.clone() });
        }
        if let Some(schema) = schema_of(id) {
            wholes.push(ObjectId::Schema {
                name: schema.clone(),
            });
        }
        wholes
    }
}

fn column_of(table: &Name, name: &Ident) -> ObjectId {
    ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    }
}

fn schema_of(id: &ObjectId) -> Option<&Ident> {
    match id {
        ObjectId::Type { name }
        | ObjectId::Sequence { name }
        | ObjectId::Function { name, .. }
        | ObjectId::Table { name }
        | ObjectId::Index { name }
        | ObjectId::View { name }
        | ObjectId::Collation { name }
        | ObjectId::Statistics { name } => Some(&name.schema),
        _ => None,
    }
}

/// What is overlooked is never nothing, whatever becomes of it in a plan.
fn lines(plan: &Plan, changes: usize) -> Vec<String> {
    let mut lines: Vec<String> = plan.steps().map(script::line).collect();
    let refusals = plan.refusals.iter();
    lines.extend(refusals.map(|refusal| format!("{} {}", refusal.object, refusal.reason)));
    if lines.is_empty() && changes > 0 {
        lines.push(format!("{changes} objects"));
    }
    lines
}
