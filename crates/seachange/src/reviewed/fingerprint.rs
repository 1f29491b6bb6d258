//! A live schema as a hash, with one for each of its objects, so that a refusal can say what is another.

use std::collections::BTreeMap;

use seachange_schema::Schema;
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection};

use super::file::hash;
use super::refusal::{PlanError, PlanRefusal};
use crate::catalog;

/// What a schema was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    whole: String,
    /// By what they are called.
    objects: BTreeMap<String, String>,
}

impl Fingerprint {
    pub(crate) fn of(schema: &Schema) -> Result<Self, PlanError> {
        let mut objects: BTreeMap<String, String> = BTreeMap::new();
        for (id, object) in &schema.objects {
            let text = serde_json::to_string(&(id, object)).map_err(PlanError::Form)?;
            let mut digest = hash(text.as_bytes());
            digest.truncate(12);
            // Two of one name are told by both.
            let all = objects.entry(id.to_string()).or_default();
            all.push_str(&digest);
        }
        let whole = serde_json::to_string(schema).map_err(PlanError::Form)?;
        Ok(Self {
            whole: hash(whole.as_bytes()),
            objects,
        })
    }

    /// Whether the live schema is the one that was planned for.
    pub(crate) fn check(&self, live: &Self) -> Result<(), PlanRefusal> {
        if self.whole == live.whole {
            return Ok(());
        }
        let mut what = Vec::new();
        for (name, digest) in &self.objects {
            match live.objects.get(name) {
                None => what.push(format!("{name} is gone")),
                Some(other) if other != digest => what.push(format!("{name} is another")),
                Some(_) => {}
            }
        }
        let new = live.objects.keys();
        let new = new.filter(|name| !self.objects.contains_key(*name));
        what.extend(new.map(|name| format!("{name} is new")));
        if what.is_empty() {
            what.push("what its objects need of each other, or what can't be planned".to_owned());
        }
        Err(PlanRefusal::Schema { what })
    }
}

/// The fingerprint of what is there, in the caller's open transaction, whose `search_path` stays as it was.
pub(crate) async fn live(connection: &mut PgConnection) -> Result<Fingerprint, PlanError> {
    let mut inner = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL search_path = public")
        .execute(&mut *inner)
        .await?;
    let schema = catalog::read_within(&mut inner).await?;
    inner.rollback().await?;
    Fingerprint::of(&schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(whole: &str, objects: &[(&str, &str)]) -> Fingerprint {
        Fingerprint {
            whole: whole.to_owned(),
            objects: objects
                .iter()
                .map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn what_is_another_is_named() {
        let planned = fingerprint("1", &[("table a", "1"), ("table b", "1"), ("table c", "1")]);
        assert!(planned.check(&planned).is_ok());
        let live = fingerprint("2", &[("table b", "2"), ("table c", "1"), ("table d", "1")]);
        let Err(PlanRefusal::Schema { what }) = planned.check(&live) else {
            panic!("it is another");
        };
        assert_eq!(
            what,
            ["table a is gone", "table b is another", "table d is new"]
        );
        let edges = Fingerprint {
            whole: "3".to_owned(),
            ..planned.clone()
        };
        assert!(planned.check(&edges).is_err());
    }
}
