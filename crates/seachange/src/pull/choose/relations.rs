//! Foreign keys as relations, both ways; and the way through a table that does nothing but join two.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::Ident;

use super::super::declared::{BelongsTo, Entity, Has, How};
use super::super::{Note, names};
use super::Choice;
use super::keys::{Key, is_declared_unique, is_one, keys};

/// PostgreSQL cuts names behind this many bytes.
const NAME_LENGTH: usize = 63;

pub(super) fn relate(choice: &Choice<'_>, entities: &mut [Entity], notes: &mut Vec<Note>) {
    let keys = keys(choice, entities, notes);
    let mut between: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for key in &keys {
        let pair = (key.from.min(key.to), key.from.max(key.to));
        *between.entry(pair).or_default() += 1;
    }
    let alone = |key: &Key| between[&(key.from.min(key.to), key.from.max(key.to))] == 1;
    let mut names = Names::of(entities);
    for key in keys.iter().filter(|key| alone(key) && key.from != key.to) {
        names.variants[key.from].insert(names::camel(&entities[key.to].module));
        names.variants[key.to].insert(names::camel(&entities[key.from].module));
    }
    let mut fk_names = BTreeSet::new();
    for key in &keys {
        relation(choice, entities, key, alone(key), &mut names, &mut fk_names);
    }
    through_joins(&keys, &between, entities, &mut names);
}

/// What fields and relations are called already, by entity.
struct Names {
    fields: Vec<BTreeSet<String>>,
    /// Of their `Relation` enums.
    variants: Vec<BTreeSet<String>>,
}

impl Names {
    fn of(entities: &[Entity]) -> Self {
        let fields = |entity: &Entity| entity.fields.iter().map(|it| it.name.clone()).collect();
        Self {
            fields: entities.iter().map(fields).collect(),
            variants: vec![BTreeSet::new(); entities.len()],
        }
    }

    fn field(&mut self, entity: usize, name: String) -> String {
        names::free(name, &mut self.fields[entity], str::to_owned)
    }

    fn variant(&mut self, entity: usize, name: &str) -> String {
        let taken = &mut self.variants[entity];
        names::free(names::relation(name), taken, |name| name.replace('_', "")).replace('_', "")
    }
}

fn relation(
    choice: &Choice<'_>,
    entities: &mut [Entity],
    key: &Key,
    alone: bool,
    names: &mut Names,
    fk_names: &mut BTreeSet<(usize, String)>,
) {
    let (from, to) = (&entities[key.from], &entities[key.to]);
    let itself = key.from == key.to;
    let named = itself || !alone;
    let field = names.field(key.from, field_name(key, from, to, alone));
    let variant = named.then(|| names.variant(key.from, &field));
    let back_field = match named {
        true => format!("{}_by_{field}", from.module.trim_end_matches('_')),
        false => from.module.trim_end_matches('_').to_owned(),
    };
    let back_field = names.field(key.to, back_field);
    let back_variant = named.then(|| names.variant(key.to, &back_field));
    let how = match (&variant, &back_variant) {
        (Some(variant), Some(back)) => How::Named {
            variant: back.clone(),
            reverse: variant.clone(),
        },
        _ if is_one(choice, from, key) => How::One,
        _ => How::Many,
    };
    let has = Has {
        field: back_field,
        module: (!itself).then(|| from.module.clone()),
        how,
    };
    let columns: Vec<&str> = key.columns.iter().map(Ident::as_str).collect();
    let fk_name = format!("fk-{}-{}", from.table.name.as_str(), columns.join("-"));
    let sayable = key.plain
        && is_declared_unique(choice, to, &key.to_columns)
        && fk_name.len() <= NAME_LENGTH
        && fk_names.insert((key.from, fk_name));
    let field_of = |entity: &Entity, column: &Ident| {
        let field = entity.fields.iter().find(|field| field.column == *column);
        field.map_or_else(String::new, |field| field.name.clone())
    };
    let null = from
        .fields
        .iter()
        .any(|field| field.null && key.columns.contains(&field.column));
    let belongs_to = BelongsTo {
        field,
        module: (!itself).then(|| to.module.clone()),
        target: to.table.clone(),
        from_fields: key.columns.iter().map(|it| field_of(from, it)).collect(),
        to_fields: key.to_columns.iter().map(|it| field_of(to, it)).collect(),
        from: key.columns.clone(),
        to: key.to_columns.clone(),
        on_delete: key.on_delete,
        on_update: key.on_update,
        null,
        skip_fk: !sayable,
        variant,
        reverse: back_variant.filter(|_| itself),
    };
    entities[key.from].belongs_to.push(belongs_to);
    entities[key.to].has.push(has);
}

/// `author` for `author_id`; else the other table's name, behind the column's where there are several.
fn field_name(key: &Key, from: &Entity, to: &Entity, alone: bool) -> String {
    let other = to.module.trim_end_matches('_');
    let [column] = key.columns.as_slice() else {
        return other.to_owned();
    };
    let field = from.fields.iter().find(|field| field.column == *column);
    let Some(field) = field else {
        return other.to_owned();
    };
    match field.name.strip_suffix("_id") {
        Some(name) => name.to_owned(),
        None if alone => other.to_owned(),
        None => format!("{}_{other}", field.name),
    }
}

/// A table whose primary key is two foreign keys, to two entities that know no other way to each other.
fn through_joins(
    keys: &[Key],
    between: &BTreeMap<(usize, usize), usize>,
    entities: &mut [Entity],
    names: &mut Names,
) {
    let mut joins: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (join, entity) in entities.iter().enumerate() {
        let out: Vec<&Key> = keys.iter().filter(|key| key.from == join).collect();
        let &[a, b] = out.as_slice() else { continue };
        let alone =
            |other: usize| other != join && between[&(join.min(other), join.max(other))] == 1;
        let covered: BTreeSet<&Ident> = a.columns.iter().chain(&b.columns).collect();
        let primary = entity.fields.iter().filter(|field| field.primary_key);
        let primary: BTreeSet<&Ident> = primary.map(|field| &field.column).collect();
        if a.to == b.to || !alone(a.to) || !alone(b.to) || covered != primary {
            continue;
        }
        joins
            .entry((a.to.min(b.to), a.to.max(b.to)))
            .or_default()
            .push(join);
    }
    for ((a, b), joins) in joins {
        let &[join] = joins.as_slice() else { continue };
        let taken = |one: usize, other: usize| {
            names.variants[one].contains(&names::camel(&entities[other].module))
        };
        if between.contains_key(&(a, b)) || taken(a, b) || taken(b, a) {
            continue;
        }
        let via = entities[join].module.clone();
        for (one, other) in [(a, b), (b, a)] {
            let module = entities[other].module.clone();
            let field = names.field(one, module.trim_end_matches('_').to_owned());
            entities[one].has.push(Has {
                field,
                module: Some(module),
                how: How::Via(via.clone()),
            });
        }
    }
}
