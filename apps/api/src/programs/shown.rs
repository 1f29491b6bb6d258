//! A program as each role sees it: the rubric is the staff's, the export mapping the coordinators'.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::enums::{ProgramStatus, UserRole};
use db::programs;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::definition::{Criterion, Stage, each};
use crate::identity::User;
use crate::openapi;

/// What can be applied to.
#[derive(Serialize, ToSchema)]
#[schema(as = Program)]
pub(super) struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(example = "Hospital Volunteer Program 2026/27")]
    name: String,
    description: String,
    #[schema(value_type = openapi::ProgramStatus)]
    status: ProgramStatus,
    stages: Vec<Stage>,
    /// For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    rubric: Option<Vec<Criterion>>,
    /// The path of a field by the column's name; for coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    export_mapping: Option<BTreeMap<String, String>>,
    #[schema(value_type = openapi::Id)]
    creator_id: Uuid,
    created_at: DateTime<Utc>,
}

impl Shown {
    pub(super) fn to(user: &User, row: programs::Model) -> Self {
        let (staff, coordinator) = match user.role() {
            UserRole::Applicant => (None, None),
            UserRole::Reviewer => (Some(()), None),
            UserRole::Coordinator => (Some(()), Some(())),
        };
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            status: row.status,
            stages: each(row.stages.0),
            rubric: staff.map(|()| each(row.rubric.0)),
            export_mapping: coordinator.and(row.export_mapping).map(|mapping| mapping.0),
            creator_id: row.creator_id,
            created_at: row.created_at,
        }
    }
}
