//! ALTER … OWNER TO.

use crate::model::ObjectId;
use crate::name::Ident;

/// Gives an object to a role, or back to whoever runs the migrations.
pub(crate) fn owner(of: &ObjectId, role: Option<&Ident>) -> String {
    let to = role.map_or_else(|| "CURRENT_USER".to_owned(), Ident::to_string);
    let what = match of {
        ObjectId::Schema { name } => format!("SCHEMA {name}"),
        ObjectId::Type { name } => format!("TYPE {name}"),
        ObjectId::Sequence { name } => format!("SEQUENCE {name}"),
        ObjectId::Function { name, arguments } => format!("ROUTINE {name}({arguments})"),
        // ALTER TABLE takes views and materialized views as well (PostgreSQL manual, ALTER TABLE).
        ObjectId::Table { name } | ObjectId::View { name } => format!("TABLE {name}"),
        ObjectId::Collation { name } => format!("COLLATION {name}"),
        ObjectId::Statistics { name } => format!("STATISTICS {name}"),
        ObjectId::Publication { name } => format!("PUBLICATION {name}"),
        ObjectId::EventTrigger { name } => format!("EVENT TRIGGER {name}"),
        other => unreachable!("{other} has no owner of its own"),
    };
    format!("ALTER {what} OWNER TO {to}")
}
