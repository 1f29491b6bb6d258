//! What a rule is shown, and what it says.

use seachange_schema::{Ident, Name, Schema};

use crate::deed::{ConstraintKind, Deed, NewColumn, NewConstraint, NewTable, What};
use crate::file::{Direction, Read, Statement};
use crate::finding::{Impact, Lock, Work};
use crate::impact::lock_of;
use crate::state::State;

/// How a rule looks.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// At each deed, with what holds before it.
    Deed(fn(&Site<'_, '_>) -> Option<Note>),
    /// At each column that comes into being.
    Column(fn(&ColumnSite<'_>) -> Option<Note>),
    /// At a whole file.
    File(fn(&Read<'_>) -> Vec<Note>),
    /// Not at files: at what is declared, or at comments.
    Declared,
}

/// A deed in its file.
pub(crate) struct Site<'s, 'a> {
    pub(crate) read: &'s Read<'a>,
    pub(crate) state: &'s State<'a>,
    /// The statement's place among the file's.
    pub(crate) at: usize,
    pub(crate) deed: &'s Deed,
}

/// What a rule says, before it is known where that is.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) start: Option<usize>,
    pub(crate) subject: String,
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) impact: Option<Impact>,
}

/// A column that comes into being, in a file or among what is declared.
pub(crate) struct ColumnSite<'s> {
    pub(crate) start: Option<usize>,
    pub(crate) table: &'s Name,
    pub(crate) column: &'s Ident,
    /// As the catalog spells it.
    pub(crate) data_type: &'s str,
    pub(crate) serial: bool,
    /// Whether it is a primary key by itself.
    pub(crate) is_key: bool,
}

impl<'s, 'a> Site<'s, 'a> {
    pub(crate) fn statement(&self) -> &'s Statement<'a> {
        &self.read.statements[self.at]
    }

    /// Whether this is the statement's first deed, for rules about whole statements.
    pub(crate) fn is_first(&self) -> bool {
        let first = self.statement().deeds.first();
        first.is_some_and(|first| std::ptr::eq(first, self.deed))
    }

    pub(crate) fn in_transaction(&self) -> bool {
        self.statement().transaction
    }

    /// The deeds of the statements behind this one.
    pub(crate) fn later(&self) -> impl Iterator<Item = &'s Deed> {
        let behind = self.read.statements[self.at..].iter();
        let start = self.deed.start;
        behind
            .flat_map(|statement| &statement.deeds)
            .filter(move |deed| deed.start > start)
    }

    /// On the way back: the schema that it leads to.
    pub(crate) fn target(&self) -> Option<&'a Schema> {
        match self.read.file.direction {
            Direction::Down { target } => target,
            Direction::Up => None,
        }
    }

    /// The locks that the deed takes on older tables: none when there are no such tables.
    pub(crate) fn locks_nothing(&self) -> bool {
        lock_of(&self.deed.what, self.state).is_empty()
    }

    /// The note, with the strongest lock that the deed takes.
    pub(crate) fn note(&self, subject: impl Into<String>, message: impl Into<String>) -> Note {
        Note::new(self.deed.start, subject, message)
    }

    /// What the deed costs others: its strongest lock, or the one that the transaction holds on that table since
    /// an earlier statement, if that is stronger.
    pub(crate) fn impact(&self, work: Work) -> Option<Impact> {
        let mut locks = lock_of(&self.deed.what, self.state);
        if self.in_transaction() {
            for (table, lock) in &mut locks {
                let held = self.state.held.iter().filter(|(of, ..)| of == table);
                *lock = held.map(|(_, held, _)| *held).fold(*lock, Lock::max);
            }
        }
        let lock = locks.iter().map(|(_, lock)| *lock).max()?;
        let tables = locks
            .into_iter()
            .filter(|(_, of)| *of == lock)
            .map(|(table, _)| table);
        Some(Impact::new(lock, tables, work))
    }

    /// Who waits, and since which line where that is more than the deed's own lock keeps out.
    pub(crate) fn who_waits(&self, impact: Option<&Impact>, own: Lock) -> (&'static str, String) {
        let stronger = impact.filter(|it| it.lock > own && it.blocks != own.blocks());
        let since = stronger.and_then(|impact| {
            let mut held = self.state.held.iter();
            held.find(|(of, lock, _)| {
                *lock == impact.lock && impact.tables.iter().any(|table| *table == of.plain())
            })
        });
        match (stronger, since) {
            (Some(impact), Some((.., start))) => {
                let line = self.read.place(*start).line;
                (
                    impact.blocks,
                    format!(", for the lock that line {line} took"),
                )
            }
            _ => (own.blocks(), String::new()),
        }
    }

    /// The constraints that the deed brings to a table that was there before, and that table.
    pub(crate) fn new_constraints(&self) -> Option<(&'s Name, &'s [NewConstraint])> {
        let (table, constraints) = match &self.deed.what {
            What::AddConstraint { table, constraint } => (table, std::slice::from_ref(constraint)),
            What::AddColumn { table, column } => (table, column.constraints.as_slice()),
            _ => return None,
        };
        self.state.is_old(table).then_some((table, constraints))
    }
}

impl Site<'_, '_> {
    /// The name of a constraint that the deed brings, be it PostgreSQL's own.
    pub(crate) fn called(&self, constraint: &NewConstraint, table: &Name) -> String {
        match &self.deed.what {
            What::AddColumn { column, .. } => constraint.called(table, Some(&column.name)),
            _ => constraint.called(table, None),
        }
    }
}

impl Note {
    pub(crate) fn new(
        start: usize,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            start: Some(start),
            ..Self::of_the_whole(subject, message)
        }
    }

    /// About a file, or something declared, as a whole.
    pub(crate) fn of_the_whole(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            start: None,
            subject: subject.into(),
            message: message.into(),
            help: String::new(),
            impact: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    pub(crate) fn impact(mut self, impact: Option<Impact>) -> Self {
        self.impact = impact;
        self
    }
}

impl<'s> ColumnSite<'s> {
    pub(crate) fn new(
        table: &'s Name,
        column: &'s NewColumn,
        constraints: &[NewConstraint],
    ) -> Self {
        let own = column.constraints.iter();
        let own_key = own.clone().any(|it| it.kind == ConstraintKind::PrimaryKey);
        let key = constraints
            .iter()
            .filter(|it| it.kind == ConstraintKind::PrimaryKey)
            .any(|it| it.columns == [column.name.clone()]);
        Self {
            start: Some(column.start),
            table,
            column: &column.name,
            data_type: column
                .data_type
                .as_ref()
                .map_or("", |data_type| data_type.name.as_str()),
            serial: column.data_type.as_ref().is_some_and(|it| it.serial),
            is_key: own_key || key,
        }
    }

    pub(crate) fn of_table(table: &'s NewTable) -> Vec<Self> {
        let columns = table.columns.iter();
        columns
            .map(|column| Self::new(&table.name, column, &table.constraints))
            .collect()
    }

    pub(crate) fn subject(&self) -> String {
        format!("{}.{}", self.table.plain(), self.column.as_str())
    }

    pub(crate) fn note(&self, message: impl Into<String>) -> Note {
        let note = Note::of_the_whole(self.subject(), message);
        Note {
            start: self.start,
            ..note
        }
    }
}
