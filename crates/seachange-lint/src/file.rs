//! A file to be linted: its text, what it is run as, and the schema that it meets; its statements.

use seachange_schema::{Name, Schema};

use crate::deed::{Deed, What, deeds};
use crate::finding::Place;
use crate::syntax::{Comment, Node, SyntaxKind, name, parse};

/// One SQL file and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// As findings are to name it.
    pub path: &'a str,
    /// The whole of it.
    pub text: &'a str,
    /// Whether it leads on or back.
    pub direction: Direction<'a>,
    /// Whether it runs inside a transaction. If not, what stands between its BEGIN and COMMIT does.
    pub transaction: bool,
    /// The schema before its first statement; none where that is not known, and every table that the
    /// file did not make counts as one with rows.
    pub before: Option<&'a Schema>,
}

/// Which way a file leads.
#[derive(Clone, Copy, Debug)]
pub enum Direction<'a> {
    /// On, to the next schema.
    Up,
    /// Back again; with the schema that it is to lead back to, if that is known.
    Down {
        /// The schema before the migration.
        target: Option<&'a Schema>,
    },
}

/// A file, read.
pub(crate) struct Read<'a> {
    pub(crate) file: File<'a>,
    pub(crate) statements: Vec<Statement<'a>>,
    pub(crate) errors: Vec<(usize, String)>,
    pub(crate) comments: Vec<Comment<'a>>,
}

pub(crate) struct Statement<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) deeds: Vec<Deed>,
    /// Whether it runs inside a transaction.
    pub(crate) transaction: bool,
}

pub(crate) fn read<'a>(file: &File<'a>) -> Read<'a> {
    let parsed = parse(file.text);
    let mut open = false;
    let statement = |node| {
        let deeds = deeds(&node);
        let word = deeds.iter().find_map(|deed| match &deed.what {
            What::Transaction { word } => Some(word.as_str()),
            _ => None,
        });
        let inside = open;
        open = match word {
            Some(word) => matches!(word, "BEGIN" | "START"),
            None => open,
        };
        Statement {
            transaction: file.transaction || inside,
            node,
            deeds,
        }
    };
    Read {
        file: *file,
        statements: parsed.statements.into_iter().map(statement).collect(),
        errors: parsed.errors,
        comments: parsed.comments,
    }
}

impl File<'_> {
    pub(crate) fn is_down(&self) -> bool {
        matches!(self.direction, Direction::Down { .. })
    }
}

impl Read<'_> {
    /// Whether some statement creates a function of that name.
    pub(crate) fn makes_function(&self, wanted: &Name) -> bool {
        self.statements.iter().any(|statement| {
            let called = statement.node.child(SyntaxKind::FUNCTION_NAME);
            called.and_then(name).is_some_and(|name| name == *wanted)
        })
    }

    /// Where an offset lies, and the statement around it.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let text = self.file.text;
        let offset = offset.min(text.len());
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let around = self
            .statements
            .iter()
            .find(|one| (one.node.start..one.node.end.max(one.node.start + 1)).contains(&offset));
        let (statement, end) = match around {
            Some(one) => (one.node.text(), one.node.end),
            None => {
                let end = text[offset..]
                    .find('\n')
                    .map_or(text.len(), |at| offset + at);
                (&text[line_start..end], end)
            }
        };
        Place {
            line: line(before),
            column: number(text[line_start..offset].chars().count() + 1),
            end_line: line(&text[..end]),
            statement: statement.trim_end_matches([';', ' ', '\n']).to_owned(),
        }
    }
}

fn line(before: &str) -> u32 {
    number(before.matches('\n').count() + 1)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
