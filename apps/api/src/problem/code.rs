//! The kinds of failure: stable names, each with its status.

use axum::http::StatusCode;

macro_rules! codes {
    ($($name:ident $text:literal $status:ident $title:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name),* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

codes! {
    Malformed "malformed" BAD_REQUEST "Not readable";
    Unauthorized "unauthorized" UNAUTHORIZED "Not signed in";
    Forbidden "forbidden" FORBIDDEN "Not allowed";
    NotFound "not-found" NOT_FOUND "Not found";
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "Method not allowed";
    AlreadyThere "already-there" CONFLICT "Already there";
    WrongState "wrong-state" CONFLICT "Not in this state";
    Incomplete "incomplete" CONFLICT "Not complete";
    Conflict "conflict" CONFLICT "Changed by somebody else";
    Stale "stale" PRECONDITION_FAILED "Changed since it was read";
    TooLarge "too-large" PAYLOAD_TOO_LARGE "Too large";
    NotJson "not-json" UNSUPPORTED_MEDIA_TYPE "Not JSON";
    Invalid "invalid" UNPROCESSABLE_ENTITY "Not valid";
    NoPrecondition "no-precondition" PRECONDITION_REQUIRED "If-Match is required";
    Internal "internal" INTERNAL_SERVER_ERROR "Unexpected failure";
    Busy "busy" SERVICE_UNAVAILABLE "Busy";
    NotReady "not-ready" SERVICE_UNAVAILABLE "Not ready";
}
