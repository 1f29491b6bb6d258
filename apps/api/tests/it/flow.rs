//! An application's whole way, and what keeps it from going wrong on it.

use axum::http::header;
use db::enums::ApplicationStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::Api;
use crate::routes::program;

async fn opened(api: &Api) -> String {
    let made = api
        .ask(api.coordinator, "POST /v1/programs", Some(program()))
        .await
        .is(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("POST /v1/programs/{id}/transitions");
    api.ask(api.coordinator, &path, Some(json!({ "to": "active" })))
        .await
        .is(200);
    id
}

async fn applied(api: &Api, program: &str) -> (Uuid, String) {
    let applicant = api.application(ApplicationStatus::Draft).await.applicant_id;
    let body = json!({ "program_id": program });
    let begun = api
        .ask(applicant, "POST /v1/applications", Some(body))
        .await
        .is(201);
    (applicant, begun.json()["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn from_a_program_to_a_decision() {
    let api = Api::seeded().await;
    let program = opened(&api).await;
    let (applicant, id) = applied(&api, &program).await;
    let application = format!("/v1/applications/{id}");
    let to = |status: &str| Some(json!({ "to": status }));
    let transit = format!("POST {application}/transitions");
    let advance = format!("POST {application}/advance");
    let answer = async |data: Value| {
        let body = Some(json!({ "data": data }));
        api.ask(applicant, &format!("PATCH {application}"), body)
            .await
    };

    let early = api.ask(applicant, &transit, to("submitted")).await.is(409);
    assert_eq!(early.code(), "incomplete");
    assert_eq!(early.json()["errors"][0]["pointer"], "#/data/phone");
    assert_eq!(
        api.ask(applicant, &advance, None).await.code(),
        "incomplete"
    );
    let wrong = answer(json!({ "phone": "call me", "agreed": true }))
        .await
        .is(422)
        .json();
    let codes: Vec<_> = wrong["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert_eq!(codes, ["unknown", "phone"]);
    answer(json!({ "phone": "(555) 123-4567", "note": "=HYPERLINK(\"x\")" }))
        .await
        .is(200);
    api.ask(applicant, &advance, None).await.is(200);
    assert_eq!(
        api.ask(applicant, &advance, None).await.is(409).code(),
        "wrong-state"
    );
    answer(json!({ "agreed": true })).await.is(200);
    api.ask(applicant, &transit, to("submitted")).await.is(200);
    // What was handed in is being read: an earlier stage stays.
    answer(json!({ "note": "later" })).await.is(422);

    let reviews = format!("POST {application}/reviews");
    let nobody = json!({ "reviewer_id": applicant });
    api.ask(api.coordinator, &reviews, Some(nobody))
        .await
        .is(422);
    let who = json!({ "reviewer_id": api.reviewer });
    let review = api
        .ask(api.coordinator, &reviews, Some(who))
        .await
        .is(201)
        .json();
    let review = format!("/v1/reviews/{}", review["id"].as_str().unwrap());
    api.ask(api.coordinator, &transit, to("accepted"))
        .await
        .is(409);
    api.ask(api.coordinator, &transit, to("under_review"))
        .await
        .is(200);
    assert_eq!(
        api.ask(api.coordinator, &transit, to("accepted"))
            .await
            .code(),
        "incomplete"
    );

    let score = format!("PATCH {review}");
    let wrong = json!({ "scores": { "all": 6, "more": 1 } });
    let wrong = api
        .ask(api.reviewer, &score, Some(wrong))
        .await
        .is(422)
        .json();
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);
    let complete = format!("POST {review}/complete");
    assert_eq!(
        api.ask(api.reviewer, &complete, None).await.is(409).code(),
        "incomplete"
    );
    let scored = json!({ "scores": { "all": 4 }, "comments": "Good" });
    let scored = api
        .ask(api.reviewer, &score, Some(scored))
        .await
        .is(200)
        .json();
    assert_eq!(
        (&scored["total"], &scored["status"]),
        (&json!(75.0), &json!("in_progress"))
    );
    api.ask(api.reviewer, &complete, None).await.is(200);
    api.ask(api.reviewer, &score, Some(json!({}))).await.is(409);
    api.ask(api.coordinator, &transit, to("waitlisted"))
        .await
        .is(200);
    let end = api
        .ask(api.coordinator, &transit, to("accepted"))
        .await
        .is(200)
        .json();
    assert_eq!(end["status"], "accepted");

    let path = format!("GET /v1/programs/{program}/roster.csv");
    let roster = api.ask(api.coordinator, &path, None).await.is(200);
    assert_eq!(
        roster.headers[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let lines: Vec<&str> = roster.text.split("\r\n").collect();
    assert_eq!(lines[0], "E-mail,Note,Phone,Status");
    assert!(
        lines[1].ends_with(",\"'=HYPERLINK(\"\"x\"\")\",(555) 123-4567,accepted"),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 3);
}

/// Both read the same and both send it; one of them wins.
#[tokio::test]
async fn of_two_at_once_one_wins() {
    let api = Api::seeded().await;
    let waiting = api.application(ApplicationStatus::Waitlisted).await;
    let path = format!("POST /v1/applications/{}/transitions", waiting.id);
    let to = |status: &str| Some(json!({ "to": status }));
    let (one, other) = tokio::join!(
        api.ask(api.coordinator, &path, to("accepted")),
        api.ask(api.coordinator, &path, to("rejected")),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn an_edit_needs_the_tag_of_what_was_read() {
    let api = Api::seeded().await;
    let draft = api.application(ApplicationStatus::Draft).await;
    let token = format!("Bearer {}", api.token(draft.applicant_id));
    let path = format!("/v1/applications/{}", draft.id);
    let read = api
        .ask_with(&token, "", &format!("GET {path}"), None)
        .await
        .is(200);
    let tag = read.headers[header::ETAG].to_str().unwrap().to_owned();
    let path = format!("PATCH {path}");
    let body = || Some(json!({ "data": { "full_name": "Another Name" } }));
    assert_eq!(
        api.ask_with(&token, "", &path, body()).await.is(428).code(),
        "no-precondition"
    );
    assert_eq!(
        api.ask_with(&token, "\"x\"", &path, body())
            .await
            .is(412)
            .code(),
        "stale"
    );
    let changed = api.ask_with(&token, &tag, &path, body()).await.is(200);
    api.ask_with(&token, &tag, &path, body()).await.is(412);
    let tag = changed.headers[header::ETAG].to_str().unwrap();
    api.ask_with(&token, tag, &path, body()).await.is(200);
}

#[tokio::test]
async fn pages_go_through_all_rows_once() {
    let api = Api::seeded().await;
    let mut seen = Vec::new();
    let mut path = "GET /v1/audit-logs?limit=7".to_owned();
    loop {
        let page = api.ask(api.coordinator, &path, None).await.is(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 7);
        seen.extend(items.iter().map(|item| {
            let text = |name: &str| item[name].as_str().unwrap().to_owned();
            (text("created_at"), text("id"))
        }));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("GET /v1/audit-logs?limit=7&cursor={next}");
    }
    assert_eq!(seen.len(), api.entries().await);
    assert!(seen.is_sorted_by(|one, next| one.0 >= next.0 && one != next));
    for wrong in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "more=1",
        "resource=secrets",
    ] {
        let path = format!("GET /v1/audit-logs?{wrong}");
        assert_eq!(
            api.ask(api.coordinator, &path, None).await.is(422).code(),
            "invalid"
        );
    }
}

#[tokio::test]
async fn a_program_that_is_open_keeps_what_is_judged_by() {
    let api = Api::seeded().await;
    let id = opened(&api).await;
    let path = format!("PATCH /v1/programs/{id}");
    let stages = json!({ "stages": program()["stages"] });
    assert_eq!(
        api.ask(api.coordinator, &path, Some(stages))
            .await
            .is(409)
            .code(),
        "wrong-state"
    );
    let mapping = json!({ "export_mapping": { "A": "data.gone" } });
    let wrong = api
        .ask(api.coordinator, &path, Some(mapping))
        .await
        .is(422)
        .json();
    assert_eq!(wrong["errors"][0]["pointer"], "#/export_mapping/A");
}
