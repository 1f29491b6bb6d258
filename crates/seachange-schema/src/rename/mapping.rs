//! What a person says about rows that hold a label which is removed: which label they hold instead.

use std::str::FromStr;

use serde::Serialize;

use super::Rename;
use crate::model::{Object, ObjectId, Schema};
use crate::name::Name;

/// `user_role.coordinator:reviewer`, or `audit.level.debug:info`, as `--map` takes it.
///
/// Names are unquoted; dots part them, so a name that holds a dot or a colon can't be said this way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mapping {
    /// The enum.
    pub of: Name,
    /// The label that goes.
    pub from: String,
    /// The label that its rows get.
    pub to: String,
}

/// Why a mapping can't be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingError {
    /// Not `enum.old:new`.
    Malformed(String),
    /// Nothing to map, or nothing to map it to.
    NoMatch {
        /// As it was given.
        mapping: String,
        /// Which side does not fit.
        why: String,
    },
}

impl std::fmt::Display for MappingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(text) => {
                write!(
                    f,
                    "`{text}` is not a mapping of the form `enum.removed:kept`"
                )
            }
            Self::NoMatch { mapping, why } => {
                write!(f, "mapping `{mapping}` matches nothing: {why}")
            }
        }
    }
}

impl std::error::Error for MappingError {}

impl FromStr for Mapping {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        let malformed = || MappingError::Malformed(text.to_owned());
        let (from, to) = text.split_once(':').ok_or_else(malformed)?;
        let words: Vec<&str> = from.split('.').collect();
        if to.is_empty() || words.iter().any(|word| word.is_empty()) {
            return Err(malformed());
        }
        let (of, from) = match words.as_slice() {
            [of, label] => (Name::public(*of), *label),
            [schema, of, label] => (Name::new(*schema, *of), *label),
            _ => return Err(malformed()),
        };
        Ok(Self {
            of,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }
}

impl std::fmt::Display for Mapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}:{}", self.of.plain(), self.from, self.to)
    }
}

impl Mapping {
    /// The mapping under the names that `renames` lead to, checked against both sides.
    ///
    /// # Errors
    /// Where `previous`, which has the renames behind it, has no such label, `next` still has it, or has
    /// not the one that it becomes.
    pub fn resolve(
        &self,
        renames: &[Rename],
        previous: &Schema,
        next: &Schema,
    ) -> Result<Self, MappingError> {
        let mut id = ObjectId::Type {
            name: self.of.clone(),
        };
        for rename in renames {
            if let Rename::Object { from, to } = rename {
                id = id.renamed(from, to);
            }
        }
        let ObjectId::Type { name: of } = &id else {
            unreachable!("a type's rename is a type's");
        };
        let has = |schema: &Schema, label: &str| match schema.get(&id) {
            Some(Object::Enum(found)) => found.labels.iter().any(|one| one == label),
            _ => false,
        };
        let why = if !has(previous, &self.from) {
            format!("no label `{}` before the change", self.from)
        } else if has(next, &self.from) {
            format!("`{}` is still declared", self.from)
        } else if !has(next, &self.to) {
            format!("no label `{}` after the change", self.to)
        } else {
            return Ok(Self {
                of: of.clone(),
                ..self.clone()
            });
        };
        Err(MappingError::NoMatch {
            mapping: self.to_string(),
            why,
        })
    }
}
