//! Rows by the million for tables that entities describe: the same ones for the same seed, loaded by
//! COPY in one transaction.
//!
//! A [`Plan`] says of each table how many [`Rows`] it gets and how one [`Row`] becomes the entity's model.
//! The model is built as a whole, so a column that nothing is said about doesn't compile. Every value
//! depends on the seed, the table, the row's number and the column alone: what is added to a plan changes
//! nothing else, rows can be made in any order, and a row that refers to another one asks for that one's
//! values instead of keeping them.
//!
//! ```
//! use rand::RngExt;
//! use seachange::seed::{Plan, Spread};
//! # mod shop {
//! #     pub mod customer {
//! #         use sea_orm::entity::prelude::*;
//! #         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
//! #         #[sea_orm(table_name = "customer")]
//! #         pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub email: String }
//! #         #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
//! #         pub enum Relation {}
//! #         impl ActiveModelBehavior for ActiveModel {}
//! #     }
//! #     pub mod sale {
//! #         use sea_orm::entity::prelude::*;
//! #         #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
//! #         #[sea_orm(table_name = "sale")]
//! #         pub struct Model { #[sea_orm(primary_key)] pub id: i32, pub customer_id: i32, pub amount: i32 }
//! #         #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
//! #         pub enum Relation {}
//! #         impl ActiveModelBehavior for ActiveModel {}
//! #     }
//! # }
//! use shop::{customer, sale};
//!
//! let mut plan = Plan::new(1);
//! let customers = plan.rows::<customer::Entity>(1_000);
//! let sales = plan.rows::<sale::Entity>(5_000);
//! plan.table(&customers, |row| customer::Model {
//!     id: row.serial(),
//!     email: format!("{}@example.org", row.tag(customer::Column::Email)),
//! });
//! plan.table(&sales, move |row| sale::Model {
//!     id: row.serial(),
//!     customer_id: row.pick(sale::Column::CustomerId, &customers, Spread::Skewed(2)).serial(),
//!     amount: row.chance(sale::Column::Amount).random_range(1..100),
//! });
//! ```

mod error;
mod key;
mod shuffle;

mod family;
mod row;
mod rows;

mod encode;
mod plan;
mod table;

mod check;
mod load;
mod order;
mod produce;
mod report;
mod truncate;

pub use error::SeedError;
pub use load::{Existing, Loaded, Progress};
pub use plan::Plan;
pub use report::{NotSeeded, Seeded, VERSION};
pub use row::{Chance, Row, Spread};
pub use rows::Rows;
