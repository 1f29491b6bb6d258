//! Where one statement of an SQL text ends and the next begins, by PostgreSQL's lexical rules.
//!
//! Nothing is parsed beyond that. Text that is not SQL (an open quote, an odd parenthesis) ends
//! with the text, and the server says what is wrong with it.

mod scan;
#[cfg(test)]
mod tests;

use scan::Scanner;

/// One statement of a text, without its semicolon and the comments around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// As it stands there.
    pub text: &'a str,
    /// Of its first token, from 1.
    pub line: u32,
    /// Of its first token, in bytes from the text's beginning.
    pub offset: usize,
    /// What sending it means.
    pub kind: StatementKind,
}

/// What a statement is to somebody who means to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// Anything else: it is sent as it is.
    Sql,
    /// It begins or ends a transaction: BEGIN, COMMIT, ROLLBACK (not TO a savepoint) and their kin.
    Transaction,
    /// A backslash command, which only psql understands.
    PsqlCommand,
    /// `\restrict` and `\unrestrict`, which pg_dump writes around its output: nothing to the server.
    Restrict,
    /// COPY from or to the client; the rows behind it are not statements.
    CopyData,
}

/// The statements of a text in their order; empty ones are left out.
pub fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut scanner = Scanner::new(text);
    let mut found = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    while let Some((offset, end, kind)) = scanner.statement() {
        let newlines = text[counted..offset].matches('\n').count();
        line += u32::try_from(newlines).unwrap_or(u32::MAX);
        counted = offset;
        found.push(Statement {
            text: &text[offset..end],
            line,
            offset,
            kind,
        });
    }
    found
}

impl<'a> Statement<'a> {
    /// The whole of a text as if it were one statement.
    pub(super) fn whole(text: &'a str) -> Self {
        Self {
            text,
            line: 1,
            offset: 0,
            kind: StatementKind::Sql,
        }
    }
}
