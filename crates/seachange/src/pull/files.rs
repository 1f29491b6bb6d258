//! A plan as SQL files, by what their statements are about, in an order of names that is an order in
//! which they can run.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::needs::Needs;
use seachange_schema::plan::{Phase, Step};
use seachange_schema::{Name, ObjectId, Plan, Schema, script};

use super::selection::table_of;
use super::{PulledFile, names};

/// The files of `before` or `after`.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) files: Vec<PulledFile>,
}

/// Ways to lay the plan out: by subject, and, in case that order does not hold, as it stands. There is
/// always at least one.
pub(super) fn layouts(plan: &Plan, schema: &Schema, folder: &str) -> Vec<Layout> {
    let steps: Vec<&Step> = plan.steps().collect();
    if steps.is_empty() {
        return vec![Layout { files: Vec::new() }];
    }
    let groups = grouped(&steps, schema);
    let all: Vec<usize> = (0..steps.len()).collect();
    let mut found = Vec::new();
    if let Some(order) = order(&steps, &groups, schema) {
        // Where the names are in order already they need no numbers.
        let numbers = !order.is_sorted();
        let files = order.iter().enumerate().map(|(at, name)| {
            let stem = match numbers {
                true => format!("{:02}_{name}", at + 1),
                false => name.clone(),
            };
            file(folder, &stem, name, &groups[name], &steps)
        });
        found.push(Layout {
            files: files.collect(),
        });
    }
    found.push(Layout {
        files: vec![file(folder, "schema", "schema", &all, &steps)],
    });
    found
}

type Groups = BTreeMap<String, Vec<usize>>;

fn file(folder: &str, stem: &str, name: &str, places: &[usize], steps: &[&Step]) -> PulledFile {
    let phase = Phase {
        steps: places.iter().map(|at| steps[*at].clone()).collect(),
        ..Phase::default()
    };
    let about = match folder {
        "before" => format!("{}: what the entities need.", name.replace('_', " ")),
        _ => format!("{}: what entities can't say.", name.replace('_', " ")),
    };
    PulledFile {
        path: format!("sql/{folder}/{stem}.sql"),
        text: format!("-- {about}\n\n{}", script::script(&phase)),
    }
}

/// Steps by subject: a table with all its parts, else the kind. What serves one table only stands with
/// it.
fn grouped(steps: &[&Step], schema: &Schema) -> Groups {
    let mut tables: BTreeMap<Name, String> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut subjects: Vec<Option<String>> = Vec::new();
    for step in steps {
        let table = table_of(schema, &step.object);
        subjects.push(table.map(|table| {
            let named = tables.entry(table.clone()).or_insert_with(|| {
                let name = match table.schema.as_str() {
                    DEFAULT_SCHEMA => names::snake(table.name.as_str()),
                    schema => names::snake(&format!("{schema}_{}", table.name.as_str())),
                };
                names::free(name, &mut taken, str::to_owned)
            });
            named.clone()
        }));
    }
    let needs = Needs::of(schema);
    let alone: Vec<Option<String>> = steps
        .iter()
        .zip(&subjects)
        .map(|(step, subject)| {
            if subject.is_some() {
                return subject.clone();
            }
            let users: BTreeSet<Option<&String>> = steps
                .iter()
                .zip(&subjects)
                .filter(|(user, _)| needs.of_object(&user.object).any(|it| *it == step.object))
                .map(|(_, subject)| subject.as_ref())
                .collect();
            match Vec::from_iter(users).as_slice() {
                [Some(table)] => Some((*table).clone()),
                _ => None,
            }
        })
        .collect();
    let mut groups = Groups::new();
    for (at, (step, subject)) in steps.iter().zip(alone).enumerate() {
        let subject = subject.unwrap_or_else(|| {
            let kind = step.object.kind().replace(' ', "_");
            let kind = format!("{}s", kind.trim_end_matches('s'));
            names::free(kind, &mut taken.clone(), str::to_owned)
        });
        groups.entry(subject).or_default().push(at);
    }
    groups
}

/// The groups in an order in which they can run, by name where that is free; none where two need each
/// other.
fn order(steps: &[&Step], groups: &Groups, schema: &Schema) -> Option<Vec<String>> {
    let needs = Needs::of(schema);
    let group_of: BTreeMap<&ObjectId, &String> = groups
        .iter()
        .flat_map(|(name, places)| places.iter().map(move |at| (&steps[*at].object, name)))
        .collect();
    let mut before: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for (name, places) in groups {
        let mine = before.entry(name).or_default();
        let ids = places
            .iter()
            .flat_map(|at| along(&steps[*at].object, schema));
        for id in ids {
            // A part that was made along with its table is in no step of its own.
            let needed = needs.of_object(id).flat_map(|need| {
                let table = need.relation().map(|table| ObjectId::Table {
                    name: table.clone(),
                });
                [Some(need.clone()), table].into_iter().flatten()
            });
            for need in needed {
                mine.extend(group_of.get(&need).copied().filter(|group| *group != name));
            }
        }
    }
    let mut order = Vec::new();
    while !before.is_empty() {
        let next = *before
            .iter()
            .find(|(_, needed)| needed.iter().all(|name| order.contains(*name)))?
            .0;
        before.remove(next);
        order.push(next.clone());
    }
    Some(order)
}

/// An object, and the parts that CREATE TABLE makes with it.
fn along<'a>(id: &'a ObjectId, schema: &'a Schema) -> Vec<&'a ObjectId> {
    let ObjectId::Table { name } = id else {
        return vec![id];
    };
    let parts = schema.objects.keys().filter(|part| {
        part.relation() == Some(name)
            && matches!(
                part,
                ObjectId::Column { .. } | ObjectId::Default { .. } | ObjectId::Constraint { .. }
            )
    });
    std::iter::once(id).chain(parts).collect()
}
