//! Who asks: a signed token names a user, and the user is read from the database for each request, so that a changed
//! role or a deleted account counts at once. Passwords are none of this program's business.

mod hmac;
mod token;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use db::enums::UserRole;
use db::users;
use sea_orm::EntityTrait as _;

use crate::app::App;
use crate::problem::{Code, Problem};

pub use token::{TokenError, Tokens};

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub(crate) struct User(pub(crate) users::Model);

/// An applicant; nobody else gets this far.
pub(crate) struct Applicant(pub(crate) User);
/// A reviewer or a coordinator; nobody else gets this far.
pub(crate) struct Staff(pub(crate) User);
/// A coordinator; nobody else gets this far.
pub(crate) struct Coordinator(pub(crate) User);

impl User {
    pub(crate) fn id(&self) -> uuid::Uuid {
        self.0.id
    }

    pub(crate) fn role(&self) -> UserRole {
        self.0.role
    }
}

impl FromRequestParts<App> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let refused = || Problem::new(Code::Unauthorized, "send `authorization: Bearer TOKEN`");
        let id = bearer(parts)
            .and_then(|token| app.tokens().user(token))
            .ok_or_else(refused)?;
        let user = app
            .database()
            .one(users::Entity::find_by_id(id))
            .await?
            .ok_or_else(refused)?;
        tracing::Span::current().record("user", tracing::field::display(user.id));
        Ok(Self(user))
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// The role is looked at before anything else, so that a refusal tells nothing about what is there.
macro_rules! only {
    ($name:ident, $($role:ident)|+) => {
        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let user = User::from_request_parts(parts, app).await?;
                match user.role() {
                    $(UserRole::$role)|+ => Ok(Self(user)),
                    _ => Err(Problem::forbidden()),
                }
            }
        }
    };
}
only!(Applicant, Applicant);
only!(Staff, Reviewer | Coordinator);
only!(Coordinator, Coordinator);
