//! The file: one JSON object with its version, what it is for, and a seal over all of it, so that neither a
//! part of one nor an edited one passes for what was reviewed. The seal is a checksum and no signature.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::identity::Identity;
use super::refusal::{PlanError, PlanRefusal};

/// Rises when a reader would have to change.
const VERSION: u32 = 1;

/// Which command made it, and may apply it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Migrate,
    Push,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Push => "push",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct File<T> {
    version: u32,
    /// For `migrate` or for `push`.
    plan_for: Kind,
    made_at: DateTime<Utc>,
    tool_version: String,
    target: Identity,
    plan: T,
}

/// Writes a plan; what has the name already is replaced as a whole.
pub(crate) fn write<T: Serialize>(
    path: &Path,
    kind: Kind,
    target: Identity,
    plan: &T,
) -> Result<(), PlanError> {
    let file = File {
        version: VERSION,
        plan_for: kind,
        made_at: Utc::now().trunc_subsecs(0),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        target,
        plan,
    };
    let failed = |source| PlanError::Io {
        doing: "write",
        path: path.to_owned(),
        source,
    };
    let value = serde_json::to_value(&file).map_err(|error| failed(error.into()))?;
    let text = serde_json::to_string_pretty(&file).map_err(|error| failed(error.into()))?;
    // The seal comes last, so that whoever reads the file begins with what matters.
    let body = text.strip_suffix("\n}").unwrap_or(&text);
    let text = format!("{body},\n  \"seal\": \"{}\"\n}}\n", seal(&value));

    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    tempfile::NamedTempFile::new_in(folder)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.persist(path)?;
            Ok(())
        })
        .map_err(failed)
}

/// Reads a plan for that command, with the database that it is for.
pub(crate) fn read<T: DeserializeOwned>(
    path: &Path,
    kind: Kind,
) -> Result<(Identity, T), PlanError> {
    let text = fs::read(path).map_err(|source| PlanError::Io {
        doing: "read",
        path: path.to_owned(),
        source,
    })?;
    parse(&text, kind).map_err(PlanError::Refused)
}

fn parse<T: DeserializeOwned>(text: &[u8], kind: Kind) -> Result<(Identity, T), PlanRefusal> {
    let unreadable = |error: serde_json::Error| PlanRefusal::Unreadable {
        why: error.to_string(),
    };
    let mut value: Value = serde_json::from_slice(text).map_err(unreadable)?;
    match value.get("version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => {
            return Err(PlanRefusal::Version {
                found: version,
                known: VERSION,
            });
        }
        None => {
            return Err(PlanRefusal::Unreadable {
                why: "it has no version".to_owned(),
            });
        }
    }
    let found = value
        .as_object_mut()
        .and_then(|object| object.remove("seal"));
    if found != Some(Value::String(seal(&value))) {
        return Err(PlanRefusal::Edited);
    }
    let file: File<Value> = serde_json::from_value(value).map_err(unreadable)?;
    if file.plan_for != kind {
        return Err(PlanRefusal::OtherCommand {
            found: file.plan_for.word(),
            wanted: kind.word(),
        });
    }
    let plan = serde_json::from_value(file.plan).map_err(unreadable)?;
    Ok((file.target, plan))
}

fn seal(value: &Value) -> String {
    hash(value.to_string().as_bytes())
}

/// SHA-256, shortened to 128 bits, in hex.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let target = Identity::example();
        write(&path, Kind::Push, target, &vec!["SELECT 1"]).unwrap();
        fs::read_to_string(path).unwrap()
    }

    fn code(text: &str, kind: Kind) -> &'static str {
        match parse::<Vec<String>>(text.as_bytes(), kind) {
            Ok(_) => "ok",
            Err(refusal) => refusal.code(),
        }
    }

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let text = written();
        assert_eq!(code(&text, Kind::Push), "ok");
        assert_eq!(code(&text, Kind::Migrate), "plan-other-command");
        let edited = text.replace("SELECT 1", "SELECT 2");
        assert_eq!(code(&edited, Kind::Push), "plan-edited");
        let later = text.replace("\"version\": 1", "\"version\": 2");
        assert_eq!(code(&later, Kind::Push), "plan-version");
        assert_eq!(code("{}", Kind::Push), "plan-unreadable");
        // Wherever it is cut; behind the last brace there is only a line end.
        for end in 0..text.trim_end().len() {
            assert_eq!(code(&text[..end], Kind::Push), "plan-unreadable", "{end}");
        }
    }
}
