//! Tables: CREATE TABLE with the parts that can stand in it, and what ALTER TABLE changes of the
//! table itself.

use super::comment::{comment_of, comment_on};
use super::create::parameter_list;
use super::{Alteration, Work, column, comment, heir};
use crate::model::{
    Constraint, ConstraintKind, Object, ObjectId, Partition, Persistence, Schema, Table,
};
use crate::name::Name;

/// Whether a constraint stands in its table's CREATE TABLE. Foreign keys never do, so that tables can
/// come in any order; nor does a second key of the same columns, which PostgreSQL would drop there.
pub(crate) fn inline(
    id: &ObjectId,
    constraint: &Constraint,
    schema: &Schema,
    merged: bool,
) -> bool {
    !constraint.local
        || match constraint.kind {
            ConstraintKind::PrimaryKey => true,
            ConstraintKind::Unique => id.relation().is_none_or(|table| {
                constraints(schema, table)
                    .into_iter()
                    .find(|(_, key)| {
                        key.kind <= ConstraintKind::Unique && key.columns == constraint.columns
                    })
                    .is_none_or(|(first, _)| first == id)
            }),
            ConstraintKind::Check | ConstraintKind::Exclusion => merged && constraint.validated,
            ConstraintKind::ForeignKey => false,
        }
}

/// CREATE TABLE with its columns and, where `merged`, their defaults and checks; then what has no
/// place in that statement.
pub(crate) fn create_table(name: &Name, table: &Table, schema: &Schema, merged: bool) -> Work {
    let Table {
        persistence,
        parameters,
        partition_by,
        partition_of,
        inherits,
        row_security,
        force_row_security,
        comment: _,
    } = table;
    let mut lines: Vec<String> = Vec::new();
    let mut after: Vec<String> = Vec::new();
    for (column_name, found) in schema.columns(name) {
        let id = ObjectId::Column {
            table: name.clone(),
            name: column_name.clone(),
        };
        if found.local && partition_of.is_none() {
            lines.push(column::definition(name, column_name, found, schema, merged));
        } else {
            after.extend(heir::overrides(name, column_name, found, schema, merged));
        }
        after.extend(column::settings(name, column_name, found));
        after.extend(found.comment.as_deref().and_then(|text| {
            let object = schema.get(&id)?;
            Some(comment_on(&id, object, Some(text)))
        }));
    }
    for (id, constraint) in constraints(schema, name) {
        let ObjectId::Constraint { name: own, .. } = id else {
            continue;
        };
        if constraint.local && inline(id, constraint, schema, merged) {
            lines.push(format!("CONSTRAINT {own} {}", constraint.definition));
            if let Some(object) = schema.get(id)
                && let Some(text) = comment_of(object)
            {
                after.push(comment_on(id, object, Some(text)));
            }
        }
    }

    let unlogged = match persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "UNLOGGED ",
    };
    let mut sql = format!("CREATE {unlogged}TABLE {name}");
    if let Some(Partition { parent, .. }) = partition_of {
        sql.push_str(&format!(" PARTITION OF {parent}"));
    }
    if !(lines.is_empty() && partition_of.is_some()) {
        sql.push_str(" (");
        for (at, line) in lines.iter().enumerate() {
            sql.push_str(if at == 0 { "\n    " } else { ",\n    " });
            sql.push_str(line);
        }
        sql.push_str(if lines.is_empty() { ")" } else { "\n)" });
    }
    if let Some(Partition { bound, .. }) = partition_of {
        sql.push_str(&format!(" {bound}"));
    }
    if !inherits.is_empty() {
        let parents: Vec<String> = inherits.iter().map(Name::to_string).collect();
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(key) = partition_by {
        sql.push_str(&format!(" PARTITION BY {key}"));
    }
    if !parameters.is_empty() {
        sql.push_str(&format!(" WITH ({})", parameter_list(parameters)));
    }
    let mut work = Work::of(sql);
    if *row_security {
        work.add(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
    }
    if *force_row_security {
        work.add(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
    }
    if let Some(text) = &table.comment {
        let id = ObjectId::Table { name: name.clone() };
        work.add(comment_on(&id, &Object::Table(table.clone()), Some(text)));
    }
    work.statements.extend(after);
    work
}

/// A table's constraints: the primary key first, then unique, check, exclusion and foreign keys.
fn constraints<'a>(schema: &'a Schema, table: &Name) -> Vec<(&'a ObjectId, &'a Constraint)> {
    let first = ObjectId::Constraint {
        table: table.clone(),
        name: "".into(),
    };
    let mut found: Vec<_> = schema
        .objects
        .range(first..)
        .map_while(|(id, object)| match (id, object) {
            (ObjectId::Constraint { table: of, .. }, Object::Constraint(constraint))
                if of == table =>
            {
                Some((id, constraint))
            }
            _ => None,
        })
        .collect();
    found.sort_by_key(|(_, constraint)| constraint.kind);
    found
}

/// What of the table itself can be changed.
pub(super) fn alter(name: &Name, previous: &Table, next: &Table) -> Alteration {
    let Table {
        persistence,
        parameters,
        partition_by,
        partition_of,
        inherits,
        row_security,
        force_row_security,
        comment: text,
    } = previous;
    if *partition_by != next.partition_by {
        return Alteration::Refused(
            "PostgreSQL can't turn a table into a partitioned one, or back, or change its partition key: write \
             migrations by hand (`generate --empty`) that make the new table beside it (`CREATE TABLE … (LIKE … \
             INCLUDING ALL) PARTITION BY …`), copy the rows in batches, and swap the two names"
                .to_owned(),
        );
    }
    let mut work = Work::default();
    let mut alter = |what: String| work.statements.push(format!("ALTER TABLE {name} {what}"));
    if *persistence != next.persistence {
        alter(match next.persistence {
            Persistence::Permanent => "SET LOGGED".to_owned(),
            Persistence::Unlogged => "SET UNLOGGED".to_owned(),
        });
    }
    let gone: Vec<&str> = parameters
        .iter()
        .filter_map(|pair| pair.split('=').next())
        .filter(|key| {
            !next
                .parameters
                .iter()
                .any(|pair| pair.split('=').next() == Some(key))
        })
        .collect();
    if !gone.is_empty() {
        alter(format!("RESET ({})", gone.join(", ")));
    }
    let set: Vec<String> = next
        .parameters
        .iter()
        .filter(|pair| !parameters.contains(pair))
        .cloned()
        .collect();
    if !set.is_empty() {
        alter(format!("SET ({})", parameter_list(&set)));
    }
    // The new parent first: a column without any parent would become the table's own.
    for parent in next
        .inherits
        .iter()
        .filter(|parent| !inherits.contains(parent))
    {
        alter(format!("INHERIT {parent}"));
    }
    for parent in inherits
        .iter()
        .filter(|parent| !next.inherits.contains(parent))
    {
        alter(format!("NO INHERIT {parent}"));
    }
    if *row_security != next.row_security {
        let verb = if next.row_security {
            "ENABLE"
        } else {
            "DISABLE"
        };
        alter(format!("{verb} ROW LEVEL SECURITY"));
    }
    if *force_row_security != next.force_row_security {
        let verb = if next.force_row_security {
            "FORCE"
        } else {
            "NO FORCE"
        };
        alter(format!("{verb} ROW LEVEL SECURITY"));
    }
    if *partition_of != next.partition_of {
        if let Some(Partition { parent, .. }) = partition_of {
            work.add(format!("ALTER TABLE {parent} DETACH PARTITION {name}"));
        }
        if let Some(Partition { parent, bound }) = &next.partition_of {
            work.add(format!(
                "ALTER TABLE {parent} ATTACH PARTITION {name} {bound}"
            ));
        }
    }
    let id = ObjectId::Table { name: name.clone() };
    work.statements.extend(comment::changed(
        &id,
        &Object::Table(next.clone()),
        text.as_deref(),
        next.comment.as_deref(),
    ));
    Alteration::InPlace(work)
}
