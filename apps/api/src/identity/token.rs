//! Tokens: JSON Web Tokens signed with HMAC-SHA-256 by the key of the environment. Whoever signs in users makes them
//! with the same key; `api token` makes them for operators.

use std::collections::HashSet;
use std::time::Duration;

use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use seachange::Help;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::hmac;
use crate::Settings;

/// Who a token is for: this API, no other that may have the same key.
const AUDIENCE: &str = "cohortflow-api";
/// Clocks that differ by so many seconds agree.
const LEEWAY: u64 = 30;

/// Makes and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    issuer: String,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("cannot sign a token")]
    Sign(#[source] jsonwebtoken::errors::Error),
    #[error("a token for {0:?} ends outside of time")]
    TooLong(Duration),
}

impl Tokens {
    pub fn new(settings: &Settings) -> Self {
        hmac::install();
        // The algorithm is ours to say, never the token's.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[&settings.token_issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.required_spec_claims =
            HashSet::from(["exp", "iss", "aud", "sub"].map(str::to_owned));
        Self {
            encoding: EncodingKey::from_secret(&settings.token_key),
            decoding: DecodingKey::from_secret(&settings.token_key),
            issuer: settings.token_issuer.clone(),
            validation,
        }
    }

    /// A token of that user, good for so long.
    pub fn make(&self, user: Uuid, lasting: Duration) -> Result<String, TokenError> {
        let now = Utc::now();
        let exp = chrono::TimeDelta::from_std(lasting)
            .ok()
            .and_then(|lasting| now.checked_add_signed(lasting))
            .ok_or(TokenError::TooLong(lasting))?;
        let claims = Claims {
            sub: user,
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            iat: now.timestamp(),
            exp: exp.timestamp(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(TokenError::Sign)
    }

    /// Whom a token names; nobody, if it is not good.
    pub(crate) fn user(&self, token: &str) -> Option<Uuid> {
        match decode::<Claims>(token, &self.decoding, &self.validation) {
            Ok(token) => Some(token.claims.sub),
            Err(error) => {
                // Why, and never the token.
                tracing::debug!(reason = ?error.kind(), "a token is refused");
                None
            }
        }
    }
}

impl Help for TokenError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Sign(_) => None,
            Self::TooLong(_) => Some("some hours are enough: `--for 8h`".to_owned()),
        }
    }
}
