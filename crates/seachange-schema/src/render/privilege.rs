//! GRANT and REVOKE, on an object and for objects to come.

use std::collections::BTreeMap;

use super::Work;
use crate::model::{Grantee, Object, ObjectId, Privileges};
use crate::name::Ident;
use crate::plan::HazardCode;

/// What leads from one state of a grantee's privileges to another; none is what an object is born with.
/// First what is taken, then what is given. `owner` is whose the object is, where that has to be said.
pub(crate) fn change(
    id: &ObjectId,
    previous: Option<&Object>,
    next: Option<&Object>,
    owner: Option<&Ident>,
) -> Work {
    let none = Privileges::default();
    let (previous, next) = (held(previous, &none), held(next, &none));
    let Some(place) = Place::of(id, owner) else {
        return Work::default();
    };
    let mut work = Work::default();
    let taken: Vec<&str> = (previous.granted.keys())
        .filter(|privilege| !next.granted.contains_key(*privilege))
        .chain(next.revoked.difference(&previous.revoked))
        .map(String::as_str)
        .collect();
    if !taken.is_empty() {
        work.add(place.revoke("", &taken));
        if let ObjectId::Privileges { of, to } = id {
            work.risk(
                HazardCode::BreaksQueries,
                of.plain(),
                format!("{} loses {} on {of}", to.plain(), taken.join(", ")),
                "",
            );
        }
    }
    let options: Vec<&str> = (previous.granted.iter())
        .filter(|(privilege, grantable)| {
            **grantable && next.granted.get(*privilege) == Some(&false)
        })
        .map(|(privilege, _)| privilege.as_str())
        .collect();
    if !options.is_empty() {
        work.add(place.revoke("GRANT OPTION FOR ", &options));
    }
    let mut given: BTreeMap<bool, Vec<&str>> = BTreeMap::new();
    for privilege in previous.revoked.difference(&next.revoked) {
        given.entry(false).or_default().push(privilege);
    }
    for (privilege, grantable) in &next.granted {
        let before = previous.granted.get(privilege);
        if before.is_none() || (before == Some(&false) && *grantable) {
            given.entry(*grantable).or_default().push(privilege);
        }
    }
    for (grantable, privileges) in given {
        let option = if grantable { " WITH GRANT OPTION" } else { "" };
        work.add(format!("{}{option}", place.grant(&privileges)));
    }
    work
}

impl Privileges {
    /// Whether something has to be revoked on the way to `next`.
    pub(crate) fn loses(&self, next: &Self) -> bool {
        let Self { granted, revoked } = self;
        granted.iter().any(|(privilege, grantable)| {
            next.granted
                .get(privilege)
                .is_none_or(|kept| *grantable && !*kept)
        }) || !next.revoked.is_subset(revoked)
    }
}

fn held<'a>(object: Option<&'a Object>, none: &'a Privileges) -> &'a Privileges {
    match object {
        Some(Object::Privileges(held) | Object::DefaultPrivileges(held)) => held,
        _ => none,
    }
}

/// What stands around a list of privileges.
struct Place {
    before: String,
    /// `(column)` behind each privilege.
    column: String,
    on: String,
    grantee: String,
}

impl Place {
    fn of(id: &ObjectId, owner: Option<&Ident>) -> Option<Self> {
        let grantee = |to: &Grantee| match (to, owner) {
            (Grantee::Owner, Some(role)) => role.to_string(),
            _ => to.to_string(),
        };
        match id {
            ObjectId::Privileges { of, to } => {
                let column = match &**of {
                    ObjectId::Column { name, .. } => format!(" ({name})"),
                    _ => String::new(),
                };
                Some(Self {
                    before: String::new(),
                    column,
                    on: target(of)?,
                    grantee: grantee(to),
                })
            }
            ObjectId::DefaultPrivileges {
                role,
                schema,
                on,
                to,
            } => {
                let mut before = "ALTER DEFAULT PRIVILEGES ".to_owned();
                if let Some(role) = role {
                    before.push_str(&format!("FOR ROLE {role} "));
                }
                if let Some(schema) = schema {
                    before.push_str(&format!("IN SCHEMA {schema} "));
                }
                Some(Self {
                    before,
                    column: String::new(),
                    on: on.word().to_owned(),
                    grantee: grantee(to),
                })
            }
            _ => None,
        }
    }

    fn list(&self, privileges: &[&str]) -> String {
        let privileges: Vec<String> = privileges
            .iter()
            .map(|privilege| format!("{privilege}{}", self.column))
            .collect();
        privileges.join(", ")
    }

    fn grant(&self, privileges: &[&str]) -> String {
        let Self {
            before,
            on,
            grantee,
            ..
        } = self;
        format!(
            "{before}GRANT {} ON {on} TO {grantee}",
            self.list(privileges)
        )
    }

    fn revoke(&self, option: &str, privileges: &[&str]) -> String {
        let Self {
            before,
            on,
            grantee,
            ..
        } = self;
        let list = self.list(privileges);
        format!("{before}REVOKE {option}{list} ON {on} FROM {grantee}")
    }
}

/// An object as GRANT names it; none for a kind that bears no privileges.
fn target(of: &ObjectId) -> Option<String> {
    match of {
        ObjectId::Schema { name } => Some(format!("SCHEMA {name}")),
        ObjectId::Type { name } => Some(format!("TYPE {name}")),
        ObjectId::Sequence { name } => Some(format!("SEQUENCE {name}")),
        ObjectId::Function { name, arguments } => Some(format!("ROUTINE {name}({arguments})")),
        ObjectId::Table { name } | ObjectId::View { name } => Some(format!("TABLE {name}")),
        ObjectId::Column { table, .. } => Some(format!("TABLE {table}")),
        _ => None,
    }
}
