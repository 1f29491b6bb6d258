//! Functions and procedures.

use serde::{Deserialize, Serialize};

/// A function, procedure, window function or aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Which command makes it.
    pub kind: FunctionKind,
    /// `pg_get_functiondef`: a whole CREATE OR REPLACE statement without its semicolon.
    /// For an aggregate, the CREATE AGGREGATE statement that would make it.
    pub definition: String,
    /// `pg_get_function_arguments`: names, modes, types and defaults. A change of names, modes or
    /// lost defaults can't be made by CREATE OR REPLACE.
    pub arguments: String,
    /// `pg_get_function_result`; none for a procedure.
    pub result: Option<String>,
    /// Whether the body is parsed and tracked (SQL-standard `BEGIN ATOMIC` or `RETURN`).
    pub sql_body: bool,
    /// COMMENT ON it.
    pub comment: Option<String>,
}

/// `pg_proc.prokind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionKind {
    /// CREATE FUNCTION.
    Function,
    /// CREATE PROCEDURE.
    Procedure,
    /// CREATE AGGREGATE.
    Aggregate,
    /// CREATE FUNCTION … WINDOW.
    Window,
}
