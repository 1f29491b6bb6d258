//! Rows made ahead of the server: every core makes pieces of a table's text, and they are handed on in
//! order.

use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::error::SeedError;
use super::table::Planned;

/// Rows of a piece: some tens of kilobytes of text.
const PIECE: u64 = 512;

/// Pieces that a core may be ahead: what bounds the memory.
const AHEAD: usize = 4;

/// Text for COPY, and how many rows it is.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) rows: u64,
}

/// What to write of a table.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Whole rows, with these columns.
    Rows(Vec<usize>),
    /// Keys and values of a column that comes later.
    Later(usize),
}

/// The pieces of one table, in order.
pub(super) struct Pieces {
    /// One for each core; the piece of number `n` comes from the one of number `n` modulo their count.
    cores: Vec<Receiver<Result<Piece, SeedError>>>,
    next: usize,
}

impl Pieces {
    pub(super) fn of(table: &Arc<dyn Planned>, part: &Part) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let cores = (0..cores as u64)
            .map(|core| {
                let (sender, receiver) = channel(AHEAD);
                let (table, part) = (Arc::clone(table), part.clone());
                let stride = cores as u64;
                thread::spawn(move || make(table.as_ref(), &part, core, stride, &sender));
                receiver
            })
            .collect();
        Self { cores, next: 0 }
    }

    /// The next one; none after the last.
    pub(super) async fn next(&mut self) -> Option<Result<Piece, SeedError>> {
        let core = self.next % self.cores.len();
        self.next += 1;
        self.cores[core].recv().await
    }
}

/// Makes every `stride`-th piece from the one of number `first` on. It ends early when nobody takes them.
fn make(
    table: &dyn Planned,
    part: &Part,
    first: u64,
    stride: u64,
    to: &Sender<Result<Piece, SeedError>>,
) {
    let mut number = first;
    while number * PIECE < table.rows() {
        let rows = number * PIECE..((number + 1) * PIECE).min(table.rows());
        let piece = piece(table, part, rows);
        let failed = piece.is_err();
        if to.blocking_send(piece).is_err() || failed {
            return;
        }
        number += stride;
    }
}

fn piece(table: &dyn Planned, part: &Part, rows: Range<u64>) -> Result<Piece, SeedError> {
    let mut text = String::new();
    let count = rows.end - rows.start;
    let written = panic::catch_unwind(AssertUnwindSafe(|| match part {
        Part::Rows(columns) => table.write(rows.clone(), columns, &mut text),
        Part::Later(later) => table.write_later(rows.clone(), *later, &mut text),
    }));
    match written {
        Ok(Ok(())) => Ok(Piece { text, rows: count }),
        Ok(Err((column, unwritten))) => Err(SeedError::Unwritten {
            table: table.name().plain(),
            column: table.columns()[column].to_owned(),
            kind: unwritten.kind,
        }),
        Err(panic) => Err(SeedError::Row {
            table: table.name().plain(),
            first: rows.start,
            last: rows.end - 1,
            message: message(panic.as_ref()),
        }),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "it panicked".to_owned(),
    }
}
