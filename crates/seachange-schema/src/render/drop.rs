//! DROP, without CASCADE: what goes along is a step of its own and seen.

use super::comment::routine_word;
use super::{Work, column, owner::owner, privilege, statistics};
use crate::model::{Object, ObjectId};
use crate::plan::HazardCode;

/// Drops an object as it was. `recreated` says that it is only taken down to be made again.
pub(crate) fn drop(id: &ObjectId, object: &Object, recreated: bool) -> Work {
    match id {
        ObjectId::Schema { name } => Work::of(format!("DROP SCHEMA {name}")),
        ObjectId::Extension { name } => Work::of(format!("DROP EXTENSION {name}")),
        ObjectId::Type { name } => Work::of(match object {
            Object::Domain(_) => format!("DROP DOMAIN {name}"),
            _ => format!("DROP TYPE {name}"),
        }),
        ObjectId::Sequence { name } => Work::of(format!("DROP SEQUENCE {name}")),
        ObjectId::Function { name, arguments } => {
            Work::of(format!("DROP {} {name}({arguments})", routine_word(object)))
        }
        ObjectId::Table { name } => Work::of(format!("DROP TABLE {name}")).with(
            HazardCode::DropsData,
            name.plain(),
            format!("drops {} and all its rows", name.plain()),
            "if it was renamed, say so with `--rename`",
        ),
        ObjectId::Column { table, name } => {
            let work = Work::of(format!("ALTER TABLE {table} DROP COLUMN {name}"));
            let subject = format!("{}.{}", table.plain(), name.as_str());
            if recreated {
                return work.with(
                    HazardCode::ChangesValues,
                    subject,
                    "the column is made anew: what it holds is replaced by what its expression gives",
                    "",
                );
            }
            work.with(
                HazardCode::DropsData,
                subject.clone(),
                format!("drops every value of {subject}"),
                "if it was renamed, say so with `--rename`",
            )
        }
        ObjectId::Default {
            table,
            column: name,
        } => column::drop_default(table, name, object),
        ObjectId::Constraint { table, name } => {
            Work::of(format!("ALTER TABLE {table} DROP CONSTRAINT {name}"))
        }
        ObjectId::Index { name } => Work::of(format!("DROP INDEX {name}")),
        ObjectId::View { name } => Work::of(match object {
            Object::View(view) if view.materialized => format!("DROP MATERIALIZED VIEW {name}"),
            _ => format!("DROP VIEW {name}"),
        }),
        ObjectId::Trigger { table, name } => Work::of(format!("DROP TRIGGER {name} ON {table}")),
        ObjectId::Policy { table, name } => Work::of(format!("DROP POLICY {name} ON {table}")),
        ObjectId::Rule { table, name } => Work::of(format!("DROP RULE {name} ON {table}")),
        ObjectId::Collation { name } => Work::of(format!("DROP COLLATION {name}")),
        ObjectId::Statistics { name } => Work::of(format!("DROP STATISTICS {name}")),
        ObjectId::ReplicaIdentity { table } | ObjectId::ClusterMark { table } => match object {
            Object::TableMark(mark) => Work::of(statistics::unmark(table, mark)),
            _ => Work::default(),
        },
        ObjectId::Publication { name } => Work::of(format!("DROP PUBLICATION {name}")),
        ObjectId::PublicationTable { publication, table } => Work::of(format!(
            "ALTER PUBLICATION {publication} DROP TABLE ONLY {table}"
        )),
        ObjectId::PublicationSchema {
            publication,
            schema,
        } => Work::of(format!(
            "ALTER PUBLICATION {publication} DROP TABLES IN SCHEMA {schema}"
        )),
        ObjectId::EventTrigger { name } => Work::of(format!("DROP EVENT TRIGGER {name}")),
        ObjectId::Privileges { .. } | ObjectId::DefaultPrivileges { .. } => {
            privilege::change(id, Some(object), None, None)
        }
        ObjectId::Owner { of } => Work::of(owner(of, None)),
    }
}
