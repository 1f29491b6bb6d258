//! Roles belong to a server, not to a database: those that grants and policies name have to exist on the
//! scratch server too. There they can't log in.

use std::collections::BTreeSet;
use std::error::Error;

use seachange_schema::{Ident, Object, ObjectId, Schema, model::Grantee};

use super::error::ScratchError;
use super::handle::Scratch;

impl Scratch {
    /// Makes those of the roles that the server does not have.
    pub async fn provide_roles(&self, roles: &BTreeSet<Ident>) -> Result<(), ScratchError> {
        if roles.is_empty() {
            return Ok(());
        }
        let wanted: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
        let query = "SELECT name FROM unnest($1::text[]) AS name \
                     WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)";
        let doing = "look for roles";
        let host = self.host().await?;
        for role in host.names(doing, query, &wanted).await? {
            let sql = format!("CREATE ROLE {} NOLOGIN", Ident::new(role));
            match host.run("create a role", sql).await {
                // Another process was faster.
                Err(error) if matches!(error.sqlstate().as_deref(), Some("42710" | "23505")) => {}
                made => made?,
            }
        }
        Ok(())
    }
}

/// Every role that a schema names.
pub fn roles_of(schema: &Schema) -> BTreeSet<Ident> {
    let mut roles = BTreeSet::new();
    let named = |grantee: &Grantee| match grantee {
        Grantee::Role(name) => Some(name.clone()),
        Grantee::Public | Grantee::Owner => None,
    };
    for (id, object) in &schema.objects {
        match id {
            ObjectId::Privileges { to, .. } => roles.extend(named(to)),
            ObjectId::DefaultPrivileges { role, to, .. } => {
                roles.extend(role.clone());
                roles.extend(named(to));
            }
            _ => {}
        }
        match object {
            Object::Policy(policy) => roles.extend(policy.roles.iter().filter_map(named)),
            Object::Owner(role) => {
                roles.insert(role.clone());
            }
            _ => {}
        }
    }
    roles
}

/// The role that an error says the server does not have.
pub(crate) fn missing_role(error: &dyn Error) -> Option<Ident> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        let name = text
            .split_once("role \"")
            .and_then(|(_, rest)| rest.split_once("\" does not exist"));
        if let Some((name, _)) = name {
            return Some(Ident::new(name));
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::missing_role;

    #[test]
    fn a_role_is_found_in_what_postgresql_says() {
        let error =
            std::io::Error::other("up.sql:3: role \"app reader\" does not exist (SQLSTATE 42704)");
        assert_eq!(missing_role(&error), Some("app reader".into()));
        let other = std::io::Error::other("relation \"t\" does not exist");
        assert_eq!(missing_role(&other), None);
    }
}
