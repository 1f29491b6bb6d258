//! Identifiers: unescaped inside, quoted here and nowhere else.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The schema whose name is left out when SQL is written, because every connection that runs that
/// SQL has `search_path` pinned to it.
pub const DEFAULT_SCHEMA: &str = "public";

/// One identifier as the catalog stores it: unquoted, case kept.
///
/// `Display` writes it quoted (PostgreSQL manual, 4.1.1 "Identifiers and Key Words").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Ident(String);

impl Ident {
    /// Takes the unquoted text of an identifier.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The last of the identifiers in a name as PostgreSQL writes it: `s."a.b"`.
    pub(crate) fn last_of(name: &str) -> Self {
        let mut quoted = false;
        let dot = name.rfind(|character| {
            quoted ^= character == '"';
            character == '.' && !quoted
        });
        let last = &name[dot.map_or(0, |at| at + 1)..];
        match last.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(inside) => Self::new(inside.replace("\"\"", "\"")),
            None => Self::new(last),
        }
    }

    /// The unquoted text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl From<&str> for Ident {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The name of a schema-level object.
///
/// `Display` writes it quoted, and without its schema where that is [`DEFAULT_SCHEMA`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Name {
    /// The namespace that holds it.
    pub schema: Ident,
    /// Its own name, unquoted.
    pub name: Ident,
}

impl Name {
    /// A name from its two unquoted parts.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            schema: Ident::new(schema),
            name: Ident::new(name),
        }
    }

    /// A name in [`DEFAULT_SCHEMA`].
    pub fn public(name: impl Into<String>) -> Self {
        Self::new(DEFAULT_SCHEMA, name)
    }

    /// The same schema with another name.
    pub fn sibling(&self, name: &Ident) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.clone(),
        }
    }

    /// As people write it on a command line: unquoted, the default schema left out.
    pub fn plain(&self) -> String {
        if self.schema.as_str() == DEFAULT_SCHEMA {
            self.name.as_str().to_owned()
        } else {
            format!("{}.{}", self.schema.as_str(), self.name.as_str())
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.schema.as_str() == DEFAULT_SCHEMA {
            write!(f, "{}", self.name)
        } else {
            write!(f, "{}.{}", self.schema, self.name)
        }
    }
}

/// A string literal, quoted (PostgreSQL manual, 4.1.2.1 "String Constants").
///
/// A backslash makes it an escape string, so that the text reads the same whatever
/// `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// A name near `text` that is not `taken`, for what has to step aside: `text` with `end` behind it. Identifiers hold 63
/// bytes (PostgreSQL manual, 4.1.1); the cut stays on a character.
pub fn free(text: &str, end: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut number = 0_u32;
    loop {
        let end = match number {
            0 => end.to_owned(),
            again => format!("{end}{}", again + 1),
        };
        let mut cut = text.to_owned();
        while cut.len() + end.len() > 63 {
            cut.pop();
        }
        let name = format!("{cut}{end}");
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}
