//! Every route with who may use it, and rows to use it on.

use db::enums::{ApplicationStatus, ProgramStatus, ReviewStatus};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    ModelTrait as _, NotSet, QueryFilter as _, Set,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::Api;

/// Route, what is sent, and the status for: the applicant whose it is, another applicant, the reviewer who is assigned,
/// one who is not, the coordinator. `docs/api.md` has the same in words. 2 stands for any success.
pub(crate) const TABLE: &[(&str, &str, [u16; 5])] = &[
    ("GET /v1/me", "", [2, 2, 2, 2, 2]),
    ("GET /v1/users", "", [403, 403, 403, 403, 2]),
    ("GET /v1/programs", "", [2, 2, 2, 2, 2]),
    ("POST /v1/programs", "program", [403, 403, 403, 403, 2]),
    ("GET /v1/programs/{program}", "", [2, 2, 2, 2, 2]),
    ("GET /v1/programs/{draft}", "", [404, 404, 404, 404, 2]),
    (
        "PATCH /v1/programs/{program}",
        "name",
        [403, 403, 403, 403, 2],
    ),
    (
        "POST /v1/programs/{draft}/transitions",
        "active",
        [403, 403, 403, 403, 2],
    ),
    (
        "GET /v1/programs/{program}/roster.csv",
        "",
        [403, 403, 403, 403, 2],
    ),
    ("GET /v1/applications", "", [2, 2, 2, 2, 2]),
    ("POST /v1/applications", "apply", [409, 409, 403, 403, 403]),
    (
        "GET /v1/applications/{application}",
        "",
        [2, 404, 2, 404, 2],
    ),
    (
        "PATCH /v1/applications/{application}",
        "data",
        [2, 404, 403, 403, 403],
    ),
    (
        "DELETE /v1/applications/{application}",
        "",
        [409, 404, 403, 403, 403],
    ),
    (
        "POST /v1/applications/{application}/transitions",
        "accepted",
        [403, 404, 403, 403, 409],
    ),
    (
        "POST /v1/applications/{application}/advance",
        "",
        [403, 404, 403, 403, 409],
    ),
    (
        "GET /v1/applications/{application}/files",
        "",
        [2, 404, 2, 404, 2],
    ),
    (
        "POST /v1/applications/{application}/files",
        "file",
        [2, 404, 403, 403, 403],
    ),
    ("GET /v1/files/{file}", "", [2, 404, 2, 404, 2]),
    ("DELETE /v1/files/{file}", "", [409, 404, 403, 403, 403]),
    (
        "GET /v1/applications/{application}/comments",
        "",
        [403, 403, 2, 404, 2],
    ),
    (
        "POST /v1/applications/{application}/comments",
        "comment",
        [403, 403, 2, 404, 2],
    ),
    ("GET /v1/reviews", "", [403, 403, 2, 2, 2]),
    (
        "POST /v1/applications/{application}/reviews",
        "assign",
        [403, 403, 403, 403, 409],
    ),
    ("GET /v1/reviews/{review}", "", [403, 403, 2, 404, 2]),
    (
        "PATCH /v1/reviews/{review}",
        "scores",
        [403, 403, 2, 404, 403],
    ),
    (
        "POST /v1/reviews/{review}/complete",
        "",
        [403, 403, 409, 404, 403],
    ),
    ("DELETE /v1/reviews/{review}", "", [403, 403, 403, 403, 2]),
    ("GET /v1/audit-logs", "", [403, 403, 403, 403, 2]),
];

/// An application under review with its parts; one of its two reviewers is assigned no longer, and the other has not
/// scored yet.
pub(crate) struct Stand {
    pub(crate) people: [Uuid; 5],
    ids: Vec<(&'static str, Uuid)>,
    program: Uuid,
    reviewer: Uuid,
}

impl Stand {
    pub(crate) async fn of(api: &Api) -> Self {
        let pool = &api.pool;
        let application = api.application(ApplicationStatus::UnderReview).await;
        let mut kept = Uuid::nil();
        for review in application
            .find_related(db::reviews::Entity)
            .all(pool)
            .await
            .unwrap()
        {
            if review.reviewer_id == api.reviewer {
                kept = review.id;
                let mut review = review.into_active_model();
                review.status = Set(ReviewStatus::InProgress);
                review.scores = Set(db::json::Scores::default());
                review.update(pool).await.unwrap();
            } else if review.reviewer_id == api.other_reviewer {
                review.delete(pool).await.unwrap();
            }
        }
        let program = db::programs::Entity::find()
            .one(pool)
            .await
            .unwrap()
            .unwrap();
        let draft = db::programs::ActiveModel {
            id: NotSet,
            status: Set(ProgramStatus::Draft),
            ..program.clone().into_active_model().reset_all()
        };
        let draft = draft.insert(pool).await.unwrap();
        let file = application.find_related(db::files::Entity).one(pool).await;
        let another = db::applications::Entity::find()
            .filter(db::applications::Column::ApplicantId.ne(application.applicant_id))
            .one(pool)
            .await;
        Self {
            people: [
                application.applicant_id,
                another.unwrap().unwrap().applicant_id,
                api.reviewer,
                api.other_reviewer,
                api.coordinator,
            ],
            ids: vec![
                ("{program}", program.id),
                ("{draft}", draft.id),
                ("{application}", application.id),
                ("{file}", file.unwrap().unwrap().id),
                ("{review}", kept),
            ],
            program: program.id,
            reviewer: api.reviewer,
        }
    }

    pub(crate) fn path(&self, route: &str) -> String {
        let fill = |path: String, (name, id): &(&str, Uuid)| path.replace(name, &id.to_string());
        self.ids.iter().fold(route.to_owned(), fill)
    }

    pub(crate) fn body(&self, name: &str) -> Option<Value> {
        Some(match name {
            "program" => program(),
            "name" => json!({ "name": "Another name" }),
            "active" => json!({ "to": "active" }),
            "accepted" => json!({ "to": "accepted" }),
            "apply" => json!({ "program_id": self.program }),
            "data" => json!({ "data": { "interview_slot": "Monday morning" } }),
            "file" => json!({ "filename": "a.pdf", "url": "https://files.example.org/a.pdf" }),
            "comment" => json!({ "content": "Noted" }),
            "assign" => json!({ "reviewer_id": self.reviewer }),
            "scores" => json!({ "scores": { "motivation": 4 } }),
            _ => return None,
        })
    }
}

/// Two stages, one criterion.
pub(crate) fn program() -> Value {
    json!({
        "name": "Shadowing", "description": "Two weeks on a ward",
        "stages": [
            {"id": "contact", "name": "Contact", "description": "", "order": 0, "fields": [
                {"id": "phone", "type": "phone", "label": "Phone", "required": true},
                {"id": "note", "type": "text", "label": "Note", "required": false}]},
            {"id": "consent", "name": "Consent", "description": "", "order": 1, "fields": [
                {"id": "agreed", "type": "checkbox", "label": "I agree", "required": true}]},
        ],
        "rubric": [{"id": "all", "name": "All", "description": "", "weight": 1, "scale": {"min": 1, "max": 5}}],
        "export_mapping": {"Phone": "data.phone", "E-mail": "applicant.email", "Note": "data.note", "Status": "status"},
    })
}
