//! What a person says about a rename, and which object of the two schemas it means.

use std::str::FromStr;

use crate::model::{Object, ObjectId, Schema};
use crate::name::{DEFAULT_SCHEMA, Ident, Name};
use crate::rename::Rename;

/// `users:people`, `users.name:full_name`, `audit.log.entry:action`, `user_role.applicant:candidate`.
///
/// Names are unquoted; dots part them, so a name that holds a dot or a colon can't be said this way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// One to three parts.
    pub from: Vec<String>,
    /// The new name, one part.
    pub to: String,
}

/// Why a hint can't be followed. Its message names the hint as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HintError {
    /// Not `old:new`.
    Malformed(String),
    /// No object has the old name, or none gets the new one.
    NoMatch {
        /// As it was given.
        hint: String,
        /// Which side does not fit.
        why: String,
    },
    /// Several kinds of object fit.
    Ambiguous {
        /// As it was given.
        hint: String,
        /// What it could mean.
        fits: Vec<String>,
    },
}

impl std::fmt::Display for HintError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(hint) => write!(f, "`{hint}` is not a rename of the form `old:new`"),
            Self::NoMatch { hint, why } => write!(f, "rename `{hint}` matches nothing: {why}"),
            Self::Ambiguous { hint, fits } => {
                write!(
                    f,
                    "rename `{hint}` is ambiguous: it fits {}",
                    fits.join(" and ")
                )
            }
        }
    }
}

impl std::error::Error for HintError {}

impl FromStr for Hint {
    type Err = HintError;

    fn from_str(text: &str) -> Result<Self, HintError> {
        let malformed = || HintError::Malformed(text.to_owned());
        let (from, to) = text.split_once(':').ok_or_else(malformed)?;
        let from: Vec<String> = from.split('.').map(str::to_owned).collect();
        // The new name may be given with its table or schema before it, as the old one is.
        let to = to.rsplit('.').next().unwrap_or(to).to_owned();
        if from.len() > 3 || from.iter().any(String::is_empty) || to.is_empty() {
            return Err(malformed());
        }
        Ok(Self { from, to })
    }
}

impl std::fmt::Display for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.from.join("."), self.to)
    }
}

/// The rename that a hint means: something that `previous` has under the old name and `next` has not,
/// while `next` has the new name and `previous` has not. `among` are the hints that are followed
/// together: a name that one of them gives away is free for another, so names can change places.
pub fn resolve(
    previous: &Schema,
    next: &Schema,
    hint: &Hint,
    among: &[Hint],
) -> Result<Rename, HintError> {
    let others: Vec<(ObjectId, ObjectId)> = among.iter().flat_map(readings).collect();
    let given = |id: &ObjectId| others.iter().any(|(from, _)| from == id);
    let taken = |id: &ObjectId| others.iter().any(|(_, to)| to == id);
    let mut fits: Vec<Rename> = readings(hint)
        .into_iter()
        .filter(|(from, to)| {
            previous.contains(from)
                && (!next.contains(from) || taken(from))
                && next.contains(to)
                && (!previous.contains(to) || given(to))
        })
        .map(|(from, to)| Rename::Object { from, to })
        .collect();
    fits.extend(label(previous, next, hint, among));
    match fits.len() {
        1 => Ok(fits.remove(0)),
        0 => Err(HintError::NoMatch {
            hint: hint.to_string(),
            why: why_not(previous, next, hint),
        }),
        _ => Err(HintError::Ambiguous {
            hint: hint.to_string(),
            fits: fits
                .iter()
                .map(|rename| match rename {
                    Rename::Object { from, .. } => format!("the {from}"),
                    Rename::Label { of, from, .. } => format!("the label {}.{from}", of.plain()),
                })
                .collect(),
        }),
    }
}

/// Every pair of identities that the words of a hint can stand for.
fn readings(hint: &Hint) -> Vec<(ObjectId, ObjectId)> {
    let to = Ident::new(hint.to.as_str());
    let mut pairs = Vec::new();
    for (name, part) in splits(&hint.from) {
        let renamed = name.sibling(&to);
        match part {
            None => {
                for make in [
                    |name: Name| ObjectId::Table { name },
                    |name: Name| ObjectId::View { name },
                    |name: Name| ObjectId::Type { name },
                    |name: Name| ObjectId::Index { name },
                    |name: Name| ObjectId::Sequence { name },
                ] {
                    pairs.push((make(name.clone()), make(renamed.clone())));
                }
            }
            Some(part) => {
                for make in [
                    |table: Name, name: Ident| ObjectId::Column { table, name },
                    |table: Name, name: Ident| ObjectId::Constraint { table, name },
                    |table: Name, name: Ident| ObjectId::Trigger { table, name },
                    |table: Name, name: Ident| ObjectId::Policy { table, name },
                ] {
                    pairs.push((
                        make(name.clone(), part.clone()),
                        make(name.clone(), to.clone()),
                    ));
                }
            }
        }
    }
    pairs
}

/// The readings of dotted words as a schema-level name and a part of it.
fn splits(words: &[String]) -> Vec<(Name, Option<Ident>)> {
    match words {
        [name] => vec![(Name::public(name.as_str()), None)],
        [a, b] => vec![
            (Name::public(a.as_str()), Some(Ident::new(b.as_str()))),
            (Name::new(a.as_str(), b.as_str()), None),
        ],
        [schema, name, part] => vec![(
            Name::new(schema.as_str(), name.as_str()),
            Some(Ident::new(part.as_str())),
        )],
        _ => Vec::new(),
    }
}

fn label(previous: &Schema, next: &Schema, hint: &Hint, among: &[Hint]) -> Option<Rename> {
    let others: Vec<(Name, Option<Ident>, &String)> = among
        .iter()
        .flat_map(|other| {
            splits(&other.from)
                .into_iter()
                .map(move |(of, label)| (of, label, &other.to))
        })
        .collect();
    splits(&hint.from).into_iter().find_map(|(of, label)| {
        let from = label?.as_str().to_owned();
        let given = |label: &str| {
            others.iter().any(|(other, from, _)| {
                *other == of && from.as_ref().is_some_and(|from| from.as_str() == label)
            })
        };
        let taken = |label: &str| {
            others
                .iter()
                .any(|(other, _, to)| *other == of && *to == label)
        };
        let labels = |schema: &Schema| match schema.get(&ObjectId::Type { name: of.clone() }) {
            Some(Object::Enum(found)) => Some(found.labels.clone()),
            _ => None,
        };
        let (before, after) = (labels(previous)?, labels(next)?);
        let fits = before.contains(&from)
            && (!after.contains(&from) || taken(&from))
            && after.contains(&hint.to)
            && (!before.contains(&hint.to) || given(&hint.to));
        fits.then(|| Rename::Label {
            of,
            from,
            to: hint.to.clone(),
        })
    })
}

fn why_not(previous: &Schema, next: &Schema, hint: &Hint) -> String {
    let old = hint.from.join(".");
    let pairs = readings(hint);
    let label_known = |schema: &Schema, label: &str| {
        splits(&hint.from).iter().any(|(of, part)| {
            part.is_some()
                && matches!(schema.get(&ObjectId::Type { name: of.clone() }),
                    Some(Object::Enum(found)) if found.labels.iter().any(|l| l == label))
        })
    };
    let last = hint.from.last().map_or("", String::as_str);
    let had = pairs.iter().any(|(from, _)| previous.contains(from)) || label_known(previous, last);
    let keeps = pairs.iter().any(|(from, _)| next.contains(from)) || label_known(next, last);
    let gets = pairs.iter().any(|(_, to)| next.contains(to)) || label_known(next, &hint.to);
    if !had {
        format!("nothing is called `{old}` before the change")
    } else if keeps {
        format!("`{old}` is still declared, so it can't have been renamed")
    } else if !gets {
        format!(
            "nothing of that kind is called `{}` after the change",
            hint.to
        )
    } else {
        format!(
            "`{}` existed before the change, and in schema {DEFAULT_SCHEMA} names are unique",
            hint.to
        )
    }
}
