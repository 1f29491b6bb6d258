//! The one JSON object of a fleet. Its `version` rises when a reader would have to change.

use crate::telemetry::note;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Help as _;
use crate::runner::command::output::write;
use crate::runner::event::Planned;
use crate::runner::fleet::{Entry, FleetError, Summary};
use crate::runner::report::ErrorReport;

const VERSION: u32 = 1;

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(super) struct Report<'a> {
    #[cfg_attr(feature = "schemas", schemars(extend("const" = VERSION)))]
    version: u32,
    command: &'static str,
    summary: Option<&'a Summary>,
    /// In the order of the list.
    targets: &'a [Entry],
    /// What is the same at many, with how many.
    notes: Vec<Note<'a>>,
    /// Only for a dry run: what the versions of `targets` are, once each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    planned: Vec<&'a Planned>,
    /// Why there was no list to go through.
    error: Option<ErrorReport>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Note<'a> {
    note: &'a str,
    targets: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        command: &'static str,
        summary: &'a Summary,
        entries: &'a [Entry],
        notes: &'a BTreeMap<String, usize>,
        planned: &'a BTreeMap<String, Planned>,
    ) -> Self {
        let note = |(note, targets): (&'a String, &usize)| Note {
            note,
            targets: *targets,
        };
        Self {
            version: VERSION,
            command,
            summary: Some(summary),
            targets: entries,
            notes: notes.iter().map(note).collect(),
            planned: planned.values().collect(),
            error: None,
        }
    }

    pub(super) fn failed(command: &'static str, error: &FleetError) -> Self {
        Self {
            version: VERSION,
            command,
            summary: None,
            targets: &[],
            notes: Vec::new(),
            planned: Vec::new(),
            error: Some(ErrorReport::new(
                error.code(),
                error.to_string(),
                error.help(),
            )),
        }
    }

    pub(super) fn print(&self) {
        match serde_json::to_string_pretty(self) {
            Ok(text) => write(&text),
            Err(error) => note!("error: could not write the report: {error}"),
        }
    }
}
