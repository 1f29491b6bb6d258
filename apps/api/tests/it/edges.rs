//! What no handler sees: other sites, bodies that are too large, requests that take too long; and a roster that is
//! more than one page of rows.

use axum::body::Body;
use axum::http::{Request, header};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, TransactionTrait as _};

use crate::harness::Api;

fn preflight(site: &str) -> Request<Body> {
    Request::options("/v1/programs")
        .header(header::ORIGIN, site)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization")
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn pages_of_named_sites_may_ask_and_no_others() {
    let named = "https://apply.example.org";
    let open = Api::seeded_with("COHORTFLOW_CORS_ORIGINS", named).await;
    let answer = open.send(preflight(named)).await.is(200);
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], named);
    let answer = open.send(preflight("https://evil.example")).await;
    assert!(
        !answer
            .headers
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );

    let closed = Api::seeded().await;
    let answer = closed.send(preflight(named)).await;
    assert!(
        !answer
            .headers
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_a_problem_and_changes_nothing() {
    let api = Api::seeded_with("COHORTFLOW_BODY_LIMIT", "2000").await;
    let entries = api.entries().await;
    let name = "x".repeat(3000);
    let body = serde_json::json!({ "name": name });
    let answer = api
        .ask(api.coordinator, "POST /v1/programs", Some(body))
        .await
        .is(413);
    assert!(!answer.code().is_empty());
    assert_eq!(api.entries().await, entries);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_leaves_nothing() {
    let api = Api::seeded_with("COHORTFLOW_REQUEST_TIMEOUT", "1").await;
    let elsewhere = api.database.connect().await;
    let holder = elsewhere.begin().await.unwrap();
    holder
        .execute_unprepared("LOCK TABLE programs IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let answer = api
        .ask(api.coordinator, "GET /v1/programs", None)
        .await
        .is(503);
    assert_eq!(answer.code(), "busy");
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    holder.rollback().await.unwrap();
    api.ask(api.coordinator, "GET /v1/programs", None)
        .await
        .is(200);
}

/// More rows than are read at a time, several with one time.
#[tokio::test]
async fn a_long_roster_has_every_application_once() {
    let api = Api::seeded().await;
    let program = db::programs::Entity::find()
        .one(&api.pool)
        .await
        .unwrap()
        .unwrap()
        .id;
    let fill = format!(
        "WITH people AS (
            INSERT INTO users (email, name) SELECT 'many' || n || '@example.org', 'Many ' || n FROM generate_series(1, 1203) AS n RETURNING id
         )
         INSERT INTO applications (program_id, applicant_id, created_at)
         SELECT '{program}', id, timestamptz '2026-01-01' + (row_number() OVER () / 7) * interval '1 minute' FROM people"
    );
    api.pool.execute_unprepared(&fill).await.unwrap();
    let all = db::applications::Entity::find()
        .all(&api.pool)
        .await
        .unwrap()
        .len();
    let path = format!("GET /v1/programs/{program}/roster.csv");
    let answer = api.ask(api.coordinator, &path, None).await.is(200);
    let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), all);
    let emails = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "E-mail")
        .unwrap();
    let different: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[emails]).collect();
    assert_eq!(different.len(), all);
}
