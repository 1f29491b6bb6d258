//! One cell of an export: where its value comes from, and how it stands in CSV. Pure.

use axum::body::Bytes;
use db::{applications, users};
use serde_json::Value;

use crate::definition::Stage;
use crate::transition::label;

/// A path of an export mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Id,
    Status,
    CurrentStage,
    CreatedAt,
    UpdatedAt,
    ApplicantId,
    ApplicantEmail,
    ApplicantName,
    ApplicantPhone,
    Data(String),
}

impl Source {
    /// What a path names; nothing, if it names nothing.
    pub(crate) fn of(path: &str, stages: &[Stage]) -> Option<Self> {
        Some(match path {
            "id" => Self::Id,
            "status" => Self::Status,
            "current_stage" => Self::CurrentStage,
            "created_at" => Self::CreatedAt,
            "updated_at" => Self::UpdatedAt,
            "applicant.id" => Self::ApplicantId,
            "applicant.email" => Self::ApplicantEmail,
            "applicant.name" => Self::ApplicantName,
            "applicant.phone_number" => Self::ApplicantPhone,
            _ => {
                let id = path.strip_prefix("data.")?;
                let mut fields = stages.iter().flat_map(|stage| &stage.fields);
                Self::Data(fields.find(|field| field.id == id)?.id.clone())
            }
        })
    }

    pub(super) fn cell(
        &self,
        row: &applications::Model,
        applicant: Option<&users::Model>,
    ) -> String {
        let of = |pick: fn(&users::Model) -> String| applicant.map(pick).unwrap_or_default();
        match self {
            Self::Id => row.id.to_string(),
            Self::Status => label(row.status),
            Self::CurrentStage => row.current_stage.to_string(),
            Self::CreatedAt => row.created_at.to_rfc3339(),
            Self::UpdatedAt => row.updated_at.to_rfc3339(),
            Self::ApplicantId => row.applicant_id.to_string(),
            Self::ApplicantEmail => of(|user| user.email.clone()),
            Self::ApplicantName => of(|user| user.name.clone()),
            Self::ApplicantPhone => of(|user| user.phone_number.clone().unwrap_or_default()),
            Self::Data(field) => row.data.get(field).map(text).unwrap_or_default(),
        }
    }
}

/// An answer as a cell: the choices of a list with `; ` between.
fn text(answer: &Value) -> String {
    match answer {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// What a spreadsheet would take for a formula is one no longer.
fn harmless(cell: String) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell,
    }
}

/// A line of CSV.
pub(super) fn line(cells: impl IntoIterator<Item = String>) -> Bytes {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer
        .write_record(cells.into_iter().map(harmless))
        .expect("memory takes every line");
    writer.into_inner().expect("memory takes every line").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(cell: &str) -> String {
        let line = line([cell.to_owned(), "end".to_owned()]);
        String::from_utf8(line.to_vec()).unwrap()
    }

    #[test]
    fn formulas_are_defused_and_quotes_doubled() {
        for (cell, expected) in [
            ("plain", "plain,end\r\n"),
            ("=1+1", "'=1+1,end\r\n"),
            ("+49", "'+49,end\r\n"),
            ("-1", "'-1,end\r\n"),
            ("@a", "'@a,end\r\n"),
            ("\tx", "'\tx,end\r\n"),
            ("\rx", "\"'\rx\",end\r\n"),
            ("a,\"b\"", "\"a,\"\"b\"\"\",end\r\n"),
        ] {
            assert_eq!(one(cell), expected, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_like_a_formula(cell in "\\PC{0,20}|[=+@\t\r-]{1,3}") {
            let line = one(&cell);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert!(record[0].ends_with(cell.as_str()));
        }
    }
}
