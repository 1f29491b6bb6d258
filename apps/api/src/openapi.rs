//! The OpenAPI document, and the page to try it. Each handler says what is its own; what holds for all, such as the
//! problems, is put in here by rule, so that no route forgets it.

use axum::Json;
use axum::Router;
use axum::routing::get;
use sea_orm::{ActiveEnum, Iterable};
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Info, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::app::{App, routes};
use crate::problem::{Body, Code};

const TOKEN: &str = "token";

/// The document as it is served.
pub fn document() -> OpenApi {
    completed(routes().into_openapi())
}

pub(crate) fn begun() -> OpenApiRouter<App> {
    let mut info = Info::new("CohortFlow", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Intake of university-hospital programs: programs, applications, reviews, and who did what.".to_owned(),
    );
    OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
}

/// With the token, and the problems of every route.
pub(crate) fn completed(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("`api token EMAIL` makes one"));
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer.build()));
    let mut schemas = vec![("Problem".to_owned(), Body::schema())];
    Body::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (&mut item.get, Does::Read),
            (&mut item.post, Does::Change),
            (&mut item.patch, Does::Change),
            (&mut item.delete, Does::Change),
        ];
        for (operation, does) in operations {
            if let Some(operation) = operation {
                complete(operation, path, does);
            }
        }
    }
    document
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Read,
    Change,
}

fn complete(operation: &mut Operation, path: &str, does: Does) {
    let mut codes = vec![Code::Internal, Code::Busy];
    if path.starts_with("/v1/") {
        operation.security = Some(vec![SecurityRequirement::new(TOKEN, [""; 0])]);
        codes.extend([Code::Unauthorized, Code::Forbidden]);
    }
    if path.contains('{') {
        codes.push(Code::NotFound);
    }
    let parameters = operation.parameters.iter().flatten();
    let mut names: Vec<&str> = parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter.name.as_str()),
            RefOr::Ref(_) => None,
        })
        .collect();
    names.retain(|name| *name != "id");
    if operation.request_body.is_some() {
        codes.extend([
            Code::Malformed,
            Code::TooLarge,
            Code::NotJson,
            Code::Invalid,
        ]);
    } else if names.iter().any(|name| *name != "If-Match") {
        codes.push(Code::Invalid);
    }
    if names.contains(&"If-Match") {
        codes.extend([Code::Stale, Code::NoPrecondition]);
    }
    if does == Does::Change {
        codes.push(Code::Conflict);
    }
    for code in codes {
        let body = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        let status = code.status();
        let known = Code::ALL.iter().filter(|other| other.status() == status);
        let names: Vec<String> = known.map(|code| format!("`{}`", code.as_str())).collect();
        let response = ResponseBuilder::new()
            .description(names.join(", "))
            .content("application/problem+json", body)
            .build();
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.as_str().to_owned())
            .or_insert(RefOr::T(response));
    }
}

/// `/openapi.json`, and `/docs` with all that it needs.
pub(crate) fn page(document: OpenApi) -> Router<App> {
    let ui = SwaggerUi::new("/docs").config(
        Config::from("/openapi.json")
            .try_it_out_enabled(true)
            .validator_url("none"),
    );
    Router::<App>::from(ui).route("/openapi.json", get(async || Json(document)))
}

/// A row's id.
pub(crate) struct Id;

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::Custom("uuid".to_owned());
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(format))
            .into()
    }
}

impl ToSchema for Id {}

/// An enumeration of the database, with the labels that it has there.
macro_rules! labels {
    ($($name:ident)*) => {$(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let labels = db::enums::$name::iter().map(|label| label.to_value());
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .enum_values(Some(labels))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}
labels!(UserRole ProgramStatus ApplicationStatus ReviewStatus);
