//! Random schemas and pairs of schemas go the circle on a real PostgreSQL: built, compared, planned
//! both ways, carried out with rows in the tables. `cargo xtask fuzz` runs many pairs; the tests a few.

mod build;
mod check;
mod draw;
mod edit;
mod expressions;
mod failure;
mod fuzz;
mod minimize;
mod names;
mod refusals;
mod rows;
mod types;
mod world;
mod write;

use fuzz::Settings;

#[tokio::test]
async fn pairs_go_the_circle() {
    let settings = Settings::from_environment();
    let report = fuzz::run(&settings).await;
    println!("{report}");
    assert!(report.failures.is_empty(), "{}", report.failed());
}
