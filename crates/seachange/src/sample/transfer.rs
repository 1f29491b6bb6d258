//! One table's rows on their way: out of the source by COPY, masked, into the target by COPY. No more than
//! a few rows are in memory at a time.

use futures_util::TryStreamExt;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;

use super::choose::BATCH;
use super::error::{Refusal, SampleError};
use super::line;
use super::mask::Keyed;
use super::request::{Progress, Step};
use super::rows::{RowId, batches, tids};
use super::rules::Rule;
use super::source::Source;
use super::tables::Table;

/// What is sent at once.
const SEND: usize = 64 * 1024;

/// A table, what becomes of its columns, and which rows.
pub(super) struct Transfer<'a> {
    pub(super) table: &'a Table,
    pub(super) rules: &'a [Rule],
    pub(super) rows: &'a [RowId],
    pub(super) keyed: &'a Keyed,
}

impl Transfer<'_> {
    /// Copies the rows; how many they were.
    pub(super) async fn run(
        &self,
        source: &mut Source,
        target: &mut PgConnection,
        progress: &mut (impl FnMut(Progress<'_>) + Send),
    ) -> Result<u64, SampleError> {
        let refused = |error| SampleError::of_target(error, &self.refusal());
        let into = format!("COPY {}{} FROM STDIN", self.table.name, self.list());
        let mut copy = target.copy_in_raw(&into).await.map_err(refused)?;
        let sent = self.send(source, &mut copy, progress).await;
        match sent {
            Ok(()) => copy.finish().await.map_err(refused),
            Err(error) => {
                // The transaction is rolled back in any case.
                let _ = copy.abort("the rows could not be read or masked").await;
                Err(error)
            }
        }
    }

    async fn send(
        &self,
        source: &mut Source,
        copy: &mut PgCopyIn<&mut PgConnection>,
        progress: &mut (impl FnMut(Progress<'_>) + Send),
    ) -> Result<(), SampleError> {
        let name = self.table.name.plain();
        let failed = SampleError::source(format!("`{name}`"));
        let mut lines = Vec::with_capacity(SEND * 2);
        // What is left of a line whose end has not come yet.
        let mut begun: Vec<u8> = Vec::new();
        let mut done = 0;
        for batch in batches(self.rows, BATCH) {
            let out = format!(
                "COPY (SELECT {} FROM ONLY {} WHERE ctid = ANY ({})) TO STDOUT",
                self.names(),
                self.table.leaves[batch[0].leaf()],
                tids(batch)
            );
            let mut stream = source
                .connection
                .copy_out_raw(&out)
                .await
                .map_err(&failed)?;
            while let Some(chunk) = stream.try_next().await.map_err(&failed)? {
                let mut rest = chunk.as_ref();
                while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
                    let (line, behind) = rest.split_at(end);
                    match begun.is_empty() {
                        true => self.mask(line, &mut lines)?,
                        false => {
                            begun.extend_from_slice(line);
                            self.mask(&begun, &mut lines)?;
                            begun.clear();
                        }
                    }
                    rest = &behind[1..];
                }
                begun.extend_from_slice(rest);
                if lines.len() > SEND {
                    copy.send(lines.as_slice())
                        .await
                        .map_err(|error| SampleError::of_target(error, &self.refusal()))?;
                    lines.clear();
                }
            }
            done += batch.len() as u64;
            progress(Progress {
                step: Step::Copying,
                table: &name,
                rows: done,
                of: self.rows.len() as u64,
            });
        }
        copy.send(lines.as_slice())
            .await
            .map_err(|error| SampleError::of_target(error, &self.refusal()))?;
        Ok(())
    }

    /// One row, masked and with its end.
    fn mask(&self, line: &[u8], to: &mut Vec<u8>) -> Result<(), SampleError> {
        for (place, (field, rule)) in line::fields(line).zip(self.rules).enumerate() {
            if place > 0 {
                to.push(b'\t');
            }
            match rule {
                _ if field == line::NULL => to.extend_from_slice(line::NULL),
                Rule::Keep => to.extend_from_slice(field),
                Rule::Null => to.extend_from_slice(line::NULL),
                Rule::Fixed(value) => line::write(value, to),
                Rule::Mask(masker) => {
                    let value = line::value(field);
                    let masked = masker
                        .mask(self.keyed, &String::from_utf8_lossy(&value))
                        .map_err(|reason| SampleError::Value {
                            column: format!(
                                "{}.{}",
                                self.table.name.plain(),
                                self.table.columns[place].as_str()
                            ),
                            reason: reason.0,
                        })?;
                    line::write(&masked, to);
                }
            }
        }
        to.push(b'\n');
        Ok(())
    }

    /// What of this table is masked, for the error that speaks of it.
    fn refusal(&self) -> Refusal {
        let masked = self.table.columns.iter().zip(self.rules);
        Refusal {
            table: self.table.name.plain(),
            masked: masked
                .filter(|(_, rule)| !matches!(rule, Rule::Keep))
                .map(|(column, _)| column.as_str().to_owned())
                .collect(),
        }
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.table.columns.iter().map(ToString::to_string).collect();
        names.join(", ")
    }

    /// Empty parentheses are no SQL.
    fn list(&self) -> String {
        match self.table.columns.is_empty() {
            true => String::new(),
            false => format!(" ({})", self.names()),
        }
    }
}
