//! A seeded database, the router on it, and people who ask.

use std::time::Duration;

use api::{App, Settings, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use db::enums::ApplicationStatus;
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use seachange::testing::TestDatabase;
use serde_json::Value;
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const KEY: &str = "a key of thirty-two bytes or more";

pub(crate) struct Api {
    pub(crate) pool: DatabaseConnection,
    pub(crate) app: App,
    pub(crate) coordinator: Uuid,
    pub(crate) reviewer: Uuid,
    pub(crate) other_reviewer: Uuid,
    router: Router,
    /// Outlives the pool.
    pub(crate) database: TestDatabase,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

pub(crate) fn settings(key: &str, issuer: &str) -> Settings {
    let settings = Settings::read(|name| match name {
        "COHORTFLOW_TOKEN_KEY" => Some(key.to_owned()),
        "COHORTFLOW_TOKEN_ISSUER" => Some(issuer.to_owned()),
        _ => None,
    });
    settings.unwrap()
}

impl Api {
    pub(crate) async fn seeded() -> Self {
        Self::seeded_with("COHORTFLOW_TOKEN_ISSUER", "cohortflow").await
    }

    /// The same with a setting that is another.
    pub(crate) async fn seeded_with(variable: &str, value: &str) -> Self {
        let database = TestDatabase::seeded().await;
        let pool = database.connect().await;
        let settings = Settings::read(|name| match name {
            "COHORTFLOW_TOKEN_KEY" => Some(KEY.to_owned()),
            name => (name == variable).then(|| value.to_owned()),
        });
        let app = App::new(settings.unwrap(), pool.clone());
        let id = async |email: &str| {
            let select = db::users::Entity::find().filter(db::users::Column::Email.eq(email));
            select.one(&pool).await.unwrap().unwrap().id
        };
        Self {
            coordinator: id("coordinator@cohortflow.org").await,
            reviewer: id("reviewer1@cohortflow.org").await,
            other_reviewer: id("reviewer2@cohortflow.org").await,
            router: router(app.clone()),
            pool,
            app,
            database,
        }
    }

    pub(crate) fn token(&self, user: Uuid) -> String {
        let token = self.app.tokens().make(user, Duration::from_secs(600));
        token.unwrap()
    }

    /// The oldest application of that status.
    pub(crate) async fn application(&self, status: ApplicationStatus) -> db::applications::Model {
        db::applications::Entity::find()
            .filter(db::applications::Column::Status.eq(status))
            .order_by_asc(db::applications::Column::CreatedAt)
            .one(&self.pool)
            .await
            .unwrap()
            .unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// As that user; a change of whatever is there.
    pub(crate) async fn ask(&self, user: Uuid, what: &str, body: Option<Value>) -> Answer {
        self.ask_with(&format!("Bearer {}", self.token(user)), "*", what, body)
            .await
    }

    pub(crate) async fn ask_with(
        &self,
        authorization: &str,
        tag: &str,
        what: &str,
        body: Option<Value>,
    ) -> Answer {
        let (method, path) = what.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in [
            (header::AUTHORIZATION, authorization),
            (header::IF_MATCH, tag),
        ] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn entries(&self) -> usize {
        let entries = db::audit_logs::Entity::find().all(&self.pool).await;
        entries.unwrap().len()
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}", self.text))
    }

    /// The problem's code.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        body["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}
