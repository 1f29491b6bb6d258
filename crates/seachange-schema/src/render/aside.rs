//! Types and collations that step aside while what uses them moves over to their next state.

use super::Work;
use crate::change::Changes;
use crate::model::{Object, ObjectId};
use crate::name::{Ident, Name, free};

/// The name that a type bears while its columns move over to its next state.
fn aside(name: &Name, changes: &Changes) -> Name {
    let taken = |text: &str| {
        let other = name.sibling(&Ident::new(text));
        changes.previous.names(&other) || changes.next.names(&other)
    };
    name.sibling(&Ident::new(free(name.name.as_str(), "__old", taken)))
}

/// Makes room for a type's or a collation's next state. A range type brings a multirange type and constructors, which are in
/// the way of the next ones.
///
/// `subtype_aside` says that a range's subtype has stepped aside already: then its constructors take other types than
/// the next ones.
pub(crate) fn set_aside(
    id: &ObjectId,
    object: &Object,
    changes: &Changes,
    subtype_aside: bool,
) -> Work {
    let (ObjectId::Type { name } | ObjectId::Collation { name }) = id else {
        return Work::default();
    };
    let old = aside(name, changes);
    let word = word(object);
    let mut work = Work::of(format!("ALTER {word} {name} RENAME TO {}", old.name));
    let Object::Range(range) = object else {
        return work;
    };
    let option = |key: &str| {
        let mut found = range.options.iter().filter(|(name, _)| name == key);
        found.next().map(|(_, value)| value.clone())
    };
    let (Some(subtype), Some(multirange)) = (option("subtype"), option("multirange_type_name"))
    else {
        return work;
    };
    let constructors = [
        format!("{subtype}, {subtype}"),
        format!("{subtype}, {subtype}, text"),
    ];
    for arguments in constructors.iter().filter(|_| !subtype_aside) {
        work.add(format!(
            "ALTER FUNCTION {name}({arguments}) RENAME TO {}",
            old.name
        ));
    }
    let many = name.sibling(&Ident::last_of(&multirange));
    let many_old = aside(&many, changes);
    work.add(format!("ALTER TYPE {many} RENAME TO {}", many_old.name));
    for arguments in [String::new(), old.to_string(), format!("{old}[]")] {
        work.add(format!(
            "ALTER FUNCTION {many}({arguments}) RENAME TO {}",
            many_old.name
        ));
    }
    work
}

/// Drops a type's previous state once nothing uses it.
pub(crate) fn drop_set_aside(name: &Name, object: &Object, changes: &Changes) -> Work {
    Work::of(format!("DROP {} {}", word(object), aside(name, changes)))
}

fn word(object: &Object) -> &'static str {
    match object {
        Object::Domain(_) => "DOMAIN",
        Object::Collation(_) => "COLLATION",
        _ => "TYPE",
    }
}
