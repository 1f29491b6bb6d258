//! Style and modules, from the binary: nothing is fetched from anywhere else.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::Shared;

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! files {
    ($($name:literal as $kind:expr,)*) => {
        const FILES: &[(&str, &str, &str)] =
            &[$(($name, $kind, include_str!(concat!("../assets/", $name))),)*];
    };
}

files! {
    "studio.css" as "text/css; charset=utf-8",
    "icon.svg" as "image/svg+xml",
    "studio.js" as JAVASCRIPT,
    "grid.js" as JAVASCRIPT,
    "edit.js" as JAVASCRIPT,
    "field.js" as JAVASCRIPT,
    "array.js" as JAVASCRIPT,
    "console.js" as JAVASCRIPT,
    "import.js" as JAVASCRIPT,
    "diagram.js" as JAVASCRIPT,
    "migrations.js" as JAVASCRIPT,
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/assets/{version}/{name}", get(file))
}

/// Whether an address is that of a file here.
pub(crate) fn is_of_them(uri: &Uri) -> bool {
    uri.path().starts_with("/assets/")
}

/// Where a file is. The version is in its path, so that a newer program's pages never meet older modules; modules name
/// each other relatively.
pub(crate) fn path(name: &str) -> String {
    format!("/assets/{}/{name}", version())
}

fn version() -> String {
    use sha2::{Digest as _, Sha256};
    use std::sync::OnceLock;
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = VERSION.get_or_init(|| {
        let mut hash = Sha256::new();
        for (name, _, text) in FILES {
            hash.update(name);
            hash.update(text);
        }
        hash.finalize()[..6]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    });
    version.clone()
}

async fn file(Path((given, name)): Path<(String, String)>) -> Response {
    let found = FILES.iter().find(|(known, _, _)| *known == name);
    match found {
        Some((_, kind, text)) if given == version() => {
            let keep = "private, max-age=31536000, immutable";
            (
                [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, keep)],
                *text,
            )
                .into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
