//! How a program's applications are written out as a table.

use std::collections::BTreeMap;

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// `programs.export_mapping`: the path of a field (`applicant.email`, `data.motivation`) by the name
/// of the column it is exported to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct ExportMapping(pub BTreeMap<String, String>);
