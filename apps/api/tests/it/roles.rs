//! Every route, asked by every role, by nobody, and with tokens that are not good.

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::enums::{ApplicationStatus, UserRole};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::{
    ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, ModelTrait as _, Set,
};
use serde_json::{Value, json};

use crate::harness::{Api, KEY, settings};
use crate::routes::{Stand, TABLE};

#[tokio::test]
async fn each_route_answers_each_role_as_the_table_says() {
    let mut wrong = Vec::new();
    for who in 0..5 {
        let api = Api::seeded().await;
        let stand = Stand::of(&api).await;
        for (route, sent, expected) in TABLE {
            let answer = api
                .ask(stand.people[who], &stand.path(route), stand.body(sent))
                .await;
            let status = answer.status.as_u16();
            let fits = match expected[who] {
                2 => answer.status.is_success(),
                exact => status == exact && !answer.code().is_empty(),
            };
            if !fits {
                let (expected, text) = (expected[who], answer.text);
                wrong.push(format!("{who} {route}: {status}, not {expected} {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The router is built from the document's routes, so neither has one that the other lacks.
#[test]
fn the_table_has_every_route_of_the_document() {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            if path.starts_with("/v1/") {
                routes.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let names = [
        "{program}",
        "{draft}",
        "{application}",
        "{review}",
        "{file}",
    ];
    let plain = |route: &str| {
        names
            .iter()
            .fold(route.to_owned(), |route, name| route.replace(name, "{id}"))
    };
    let mut listed: Vec<String> = TABLE.iter().map(|(route, _, _)| plain(route)).collect();
    listed.sort();
    listed.dedup();
    routes.sort();
    assert_eq!(routes, listed);
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token() {
    let api = Api::seeded().await;
    let stand = Stand::of(&api).await;
    let good = api.token(api.coordinator);
    let parts: Vec<&str> = good.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let made = |key: &str, more: Value| {
        let now = chrono::Utc::now().timestamp();
        let mut claims = json!({ "sub": api.coordinator, "iss": "cohortflow", "aud": "cohortflow-api",
            "iat": now, "exp": now + 600 });
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        format!("Bearer {}", signed(key, &claims))
    };
    let later = chrono::Utc::now().timestamp() + 600;
    let refused = [
        String::new(),
        "Bearer".to_owned(),
        format!("Basic {good}"),
        format!("Bearer {none}.{}.", parts[1]),
        format!("Bearer {none}.{}.{}", parts[1], parts[2]),
        format!("Bearer {}.{}.{}", parts[0], parts[1], &parts[2][1..]),
        format!("Bearer {}", api.token(uuid::Uuid::from_u128(1))),
        made("another key of thirty-two bytes or more", json!({})),
        made(KEY, json!({ "exp": 1 })),
        made(KEY, json!({ "exp": "soon" })),
        made(KEY, json!({ "exp": null })),
        made(KEY, json!({ "aud": "another" })),
        made(KEY, json!({ "iss": "another" })),
        made(KEY, json!({ "nbf": later })),
    ];
    let path = "GET /v1/me";
    api.ask_with(&made(KEY, json!({})), "", path, None)
        .await
        .is(200);
    for (route, sent, _) in TABLE {
        for authorization in &refused {
            let sent = stand.body(sent);
            let answer = api
                .ask_with(authorization, "*", &stand.path(route), sent)
                .await;
            assert_eq!(answer.code(), "unauthorized", "{route} {authorization}");
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        }
    }
    let other = api::App::new(settings(KEY, "another"), api.pool.clone());
    let token = other
        .tokens()
        .make(api.coordinator, std::time::Duration::from_secs(60));
    let token = format!("Bearer {}", token.unwrap());
    api.ask_with(&token, "", path, None).await.is(401);
}

/// As whoever has the key would.
fn signed(key: &str, claims: &Value) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let code = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    let code = code.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(code))
}

#[tokio::test]
async fn a_changed_role_and_a_deleted_user_count_at_once() {
    let api = Api::seeded().await;
    let token = format!("Bearer {}", api.token(api.reviewer));
    api.ask_with(&token, "", "GET /v1/reviews", None)
        .await
        .is(200);
    let user = db::users::Entity::find_by_id(api.reviewer)
        .one(&api.pool)
        .await;
    let mut changed = user.unwrap().unwrap().into_active_model();
    changed.role = Set(UserRole::Applicant);
    changed.update(&api.pool).await.unwrap();
    api.ask_with(&token, "", "GET /v1/reviews", None)
        .await
        .is(403);
    let new = db::users::ActiveModel {
        email: Set("short@example.org".to_owned()),
        name: Set("Short".to_owned()),
        ..Default::default()
    };
    let new = new.insert(&api.pool).await.unwrap();
    let token = format!("Bearer {}", api.token(new.id));
    api.ask_with(&token, "", "GET /v1/me", None).await.is(200);
    new.delete(&api.pool).await.unwrap();
    api.ask_with(&token, "", "GET /v1/me", None).await.is(401);
}

#[tokio::test]
async fn a_role_sees_its_own_part() {
    let api = Api::seeded().await;
    let application = api.application(ApplicationStatus::Draft).await;
    let applicant = application.applicant_id;
    let path = format!("GET /v1/programs/{}", application.program_id);
    for (who, rubric, mapping) in [
        (applicant, false, false),
        (api.reviewer, true, false),
        (api.coordinator, true, true),
    ] {
        let shown = api.ask(who, &path, None).await.is(200).json();
        assert_eq!(shown.get("rubric").is_some(), rubric);
        assert_eq!(shown.get("export_mapping").is_some(), mapping);
    }
    let listed = api
        .ask(applicant, "GET /v1/applications", None)
        .await
        .json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let listed = api
        .ask(api.reviewer, "GET /v1/applications", None)
        .await
        .json();
    // The draft has no review.
    assert_eq!(listed["items"].as_array().unwrap().len(), 9);
    let reviews = api.ask(api.reviewer, "GET /v1/reviews", None).await.json();
    let reviews = reviews["items"].as_array().unwrap().clone();
    assert!(
        reviews
            .iter()
            .all(|item| item["reviewer_id"] == json!(api.reviewer))
    );
    assert_eq!(reviews.len(), 9);
}
