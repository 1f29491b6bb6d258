//! Every change leaves one entry in the audit log, or does not happen.

use axum::http::header;
use db::enums::ApplicationStatus;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, IntoActiveModel as _, ModelTrait as _, Set,
    Statement,
};
use serde_json::json;

use crate::harness::Api;
use crate::routes::{Stand, TABLE};

#[tokio::test]
async fn one_change_is_one_entry_and_no_change_is_none() {
    let mut changes = 0;
    for who in 0..5 {
        let api = Api::seeded().await;
        let stand = Stand::of(&api).await;
        for (route, sent, _) in TABLE {
            let before = api.entries().await;
            let answer = api
                .ask(stand.people[who], &stand.path(route), stand.body(sent))
                .await;
            let reads = route.starts_with("GET") && !route.contains("roster");
            let expected = usize::from(answer.status.is_success() && !reads);
            assert_eq!(api.entries().await - before, expected, "{who} {route}");
            changes += expected;
        }
    }
    assert_eq!(changes, 10);
}

/// Where the entry can't be written, nothing is.
#[tokio::test]
async fn without_its_entry_nothing_changes() {
    let api = Api::seeded().await;
    let stand = Stand::of(&api).await;
    api.pool
        .execute_unprepared(
            "CREATE FUNCTION no_entry() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'secret: the log is full'; END $$;
             CREATE TRIGGER no_entry BEFORE INSERT ON audit_logs
                 FOR EACH ROW EXECUTE FUNCTION no_entry()",
        )
        .await
        .unwrap();
    let before = everything(&api).await;
    let mut failed = 0;
    for who in 0..5 {
        for (route, sent, _) in TABLE {
            let answer = api
                .ask(stand.people[who], &stand.path(route), stand.body(sent))
                .await;
            if answer.status == 500 {
                failed += 1;
                assert_eq!(
                    answer.headers[header::CONTENT_TYPE],
                    "application/problem+json"
                );
                assert!(!answer.text.contains("secret"), "{}", answer.text);
            }
        }
    }
    assert_eq!(failed, 10);
    assert_eq!(everything(&api).await, before);
}

/// The rest of the changes, which the table only sees refused.
#[tokio::test]
async fn steps_and_removals_leave_entries_too() {
    let api = Api::seeded().await;
    let draft = api.application(ApplicationStatus::Draft).await;
    let before = api.entries().await;
    let file = json!({ "filename": "a.pdf", "url": "https://files.example.org/a.pdf" });
    let path = format!("POST /v1/applications/{}/files", draft.id);
    let file = api
        .ask(draft.applicant_id, &path, Some(file))
        .await
        .is(201)
        .json();
    let path = format!("DELETE /v1/files/{}", file["id"].as_str().unwrap());
    api.ask(draft.applicant_id, &path, None).await.is(204);
    let path = format!("DELETE /v1/applications/{}", draft.id);
    api.ask(draft.applicant_id, &path, None).await.is(204);
    let again = json!({ "program_id": draft.program_id });
    api.ask(draft.applicant_id, "POST /v1/applications", Some(again))
        .await
        .is(201);
    let waiting = api.application(ApplicationStatus::Waitlisted).await;
    let path = format!("POST /v1/applications/{}/transitions", waiting.id);
    api.ask(api.coordinator, &path, Some(json!({ "to": "accepted" })))
        .await
        .is(200);
    let submitted = api.application(ApplicationStatus::Submitted).await;
    let reviews = submitted
        .find_related(db::reviews::Entity)
        .all(&api.pool)
        .await
        .unwrap();
    for review in reviews {
        let mut review = review.into_active_model();
        review.comments = Set(None);
        let review = review.update(&api.pool).await.unwrap();
        let path = format!("DELETE /v1/reviews/{}", review.id);
        api.ask(api.coordinator, &path, None).await.is(204);
    }
    let path = format!("POST /v1/applications/{}/reviews", submitted.id);
    let who = json!({ "reviewer_id": api.reviewer });
    api.ask(api.coordinator, &path, Some(who.clone()))
        .await
        .is(201);
    assert_eq!(
        api.ask(api.coordinator, &path, Some(who))
            .await
            .is(409)
            .code(),
        "already-there"
    );
    assert_eq!(api.entries().await - before, 8);
    let path = format!(
        "GET /v1/audit-logs?resource=applications&resource_id={}",
        waiting.id
    );
    let log = api.ask(api.coordinator, &path, None).await.is(200).json();
    assert_eq!(
        log["items"][0]["metadata"],
        json!({ "from": "waitlisted", "to": "accepted" })
    );
    assert_eq!(log["items"][0]["user_id"], json!(api.coordinator));
}

/// Every row of every table, as text.
async fn everything(api: &Api) -> Vec<String> {
    let mut all = Vec::new();
    for table in [
        "users",
        "programs",
        "applications",
        "files",
        "reviews",
        "comments",
        "audit_logs",
    ] {
        let sql = format!("SELECT t::text AS row FROM {table} t ORDER BY 1");
        let statement = Statement::from_string(sea_orm::DbBackend::Postgres, sql);
        for row in api.pool.query_all_raw(statement).await.unwrap() {
            all.push(row.try_get::<String>("", "row").unwrap());
        }
    }
    all
}
