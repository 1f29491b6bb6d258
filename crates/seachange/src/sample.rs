//! A referentially whole, masked sample of a real database, so that a bug can be looked at without the
//! people it happened to.
//!
//! The source is only read, in one snapshot. A share of every table is chosen by a hash of its primary key;
//! then the rows that those refer to are added, until no foreign key leads out of the sample. Rows stream
//! from COPY to COPY and are masked on the way: whatever is not declared safe ([`Masking`]) is replaced by a
//! keyed hash of itself. In memory are eight bytes for each chosen row (twice that of one table at a time),
//! and a few rows.
//!
//! The target has the same schema and no rows. All that happens to it is one transaction: its triggers are
//! switched off meanwhile, since rows come as they are and not as new ones; foreign keys, checks and unique
//! constraints are not. Sequences go on behind the highest number.
//!
//! ```no_run
//! use seachange::sample::{ColumnName, Key, Mask, Masking, Sample, copy};
//!
//! # async fn sample(source: &str, target: &str) -> Result<(), Box<dyn std::error::Error>> {
//! // `users::Column::Role` does as well.
//! let column = |table: &str, column: &str| ColumnName::new("public", table, column);
//! let masking = Masking::new()
//!     .safe(column("users", "role"))
//!     .with(column("users", "name"), Mask::Person);
//! let sample = Sample {
//!     share: "1%".parse()?,
//!     key: Key::random(),
//!     statement_timeout: None,
//! };
//! for table in copy(source, target, &masking, &sample, |_| {}).await? {
//!     println!("{} {} of {}", table.table, table.rows, table.of);
//! }
//! # Ok(())
//! # }
//! ```

mod copy;

mod masking;
mod request;

mod tables;
mod types;

mod mask;
mod rules;

mod choose;
mod rows;
mod source;

mod compare;
mod line;
mod order;
mod target;
mod transfer;

mod error;

pub use copy::copy;
pub use error::{Refused, SampleError};
pub use masking::{ColumnName, Mask, Masking};
pub use request::{Copied, Key, Progress, RequestError, Sample, Share, Step};
