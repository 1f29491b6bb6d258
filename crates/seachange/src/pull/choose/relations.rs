//! Foreign keys as relations, both ways; and the way through a table that does nothing but join two.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::ForeignKeyAction;
use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId};

use super::super::declared::{BelongsTo, Entity, Field, Has, How};
use super::super::{Note, names};
use super::{Choice, spelled, tables};

/// PostgreSQL cuts names behind this many bytes.
const NAME_LENGTH: usize = 63;

/// A foreign key between two entities.
struct Key {
    from: usize,
    to: usize,
    columns: Vec<Ident>,
    to_columns: Vec<Ident>,
    on_delete: Option<ForeignKeyAction>,
    on_update: Option<ForeignKeyAction>,
    /// Whether an entity can say all of it.
    plain: bool,
}

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

fn keys(choice: &Choice<'_>, entities: &[Entity], notes: &mut Vec<Note>) -> Vec<Key> {
    let place = |table: &Name| entities.iter().position(|entity| entity.table == *table);
    let mut keys = Vec::new();
    for (id, object) in &choice.schema.objects {
        let (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) = (id, object)
        else {
            continue;
        };
        if constraint.kind != ConstraintKind::ForeignKey {
            continue;
        }
        let (Some(from), Some(target)) = (place(table), &constraint.references) else {
            continue;
        };
        let key = place(target).and_then(|to| parsed(constraint, from, to));
        match key {
            Some(key) => keys.push(key),
            None => notes.push(Note {
                object: id.to_string(),
                reason: format!(
                    "it leads to `{}`, which is no entity, so it is no relation; it stands in sql/after",
                    target.plain()
                ),
            }),
        }
    }
    keys
}

/// `FOREIGN KEY (a) REFERENCES t(b) ON UPDATE … ON DELETE …`.
fn parsed(constraint: &Constraint, from: usize, to: usize) -> Option<Key> {
    let text = constraint.definition.strip_prefix("FOREIGN KEY ")?;
    let (columns, text) = spelled::list(text)?;
    let text = text.strip_prefix(" REFERENCES ")?;
    let (_, text) = spelled::identifier(text)?;
    let text = match text.strip_prefix('.') {
        Some(text) => spelled::identifier(text)?.1,
        None => text,
    };
    let (to_columns, mut rest) = spelled::list(text)?;
    let mut action = |clause: &str| {
        let after = rest.strip_prefix(clause)?;
        let actions = [
            (" CASCADE", ForeignKeyAction::Cascade),
            (" SET NULL", ForeignKeyAction::SetNull),
            (" SET DEFAULT", ForeignKeyAction::SetDefault),
            (" RESTRICT", ForeignKeyAction::Restrict),
        ];
        let (word, action) = actions
            .into_iter()
            .find(|(word, _)| after.starts_with(word))?;
        rest = &after[word.len()..];
        Some(action)
    };
    let on_update = action(" ON UPDATE");
    let on_delete = action(" ON DELETE");
    Some(Key {
        from,
        to,
        columns,
        to_columns,
        on_delete,
        on_update,
        plain: rest.is_empty() && constraint.validated,
    })
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

/// Whether there can be but one row for each of the other table.
fn is_one(choice: &Choice<'_>, from: &Entity, key: &Key) -> bool {
    let columns: BTreeSet<&Ident> = key.columns.iter().collect();
    let primary: BTreeSet<&Ident> = choice.tables[&from.table].iter().collect();
    primary == columns
        || choice
            .schema
            .objects
            .iter()
            .any(|(id, object)| match object {
                Object::Constraint(constraint) => {
                    id.relation() == Some(&from.table)
                        && constraint.kind == ConstraintKind::Unique
                        && constraint.columns.iter().collect::<BTreeSet<_>>() == columns
                }
                _ => false,
            })
}

/// Whether the entity itself makes the columns unique. What is only made so behind the entities, a
/// foreign key of theirs can't refer to.
fn is_declared_unique(choice: &Choice<'_>, entity: &Entity, columns: &[Ident]) -> bool {
    let columns: BTreeSet<&Ident> = columns.iter().collect();
    let fields = || entity.fields.iter();
    let of = |fields: Vec<&Field>| fields.iter().map(|it| &it.column).collect::<BTreeSet<_>>();
    let key = of(fields().filter(|field| field.primary_key).collect());
    (key == columns && tables::is_plain(choice.schema, &entity.table))
        || fields().any(|field| field.unique && of(vec![field]) == columns)
        || fields().any(|field| {
            let same =
                |it: &&Field| field.unique_key.is_some() && it.unique_key == field.unique_key;
            of(fields().filter(same).collect()) == columns
        })
        || entity
            .indexes
            .iter()
            .any(|index| index.unique && index.columns.iter().collect::<BTreeSet<_>>() == columns)
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
        let known = keys.iter().any(|key| key.to == join);
        let covered: BTreeSet<&Ident> = a.columns.iter().chain(&b.columns).collect();
        let primary = entity.fields.iter().filter(|field| field.primary_key);
        let primary: BTreeSet<&Ident> = primary.map(|field| &field.column).collect();
        if known || a.to == b.to || a.to == join || b.to == join || covered != primary {
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
