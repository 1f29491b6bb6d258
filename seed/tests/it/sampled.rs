//! A masked sample of another database, through the program.

use std::process::Command;

use crate::command::{run, seed};
use crate::database::TestDatabase;
use crate::rows::everything;

#[tokio::test]
async fn one_key_gives_one_copy_and_no_name_is_in_it() {
    let source = TestDatabase::seeded().await;
    let (first, second) = (TestDatabase::create().await, TestDatabase::create().await);
    for target in [&first, &second] {
        let run = run(Command::new(env!("CARGO_BIN_EXE_seed"))
            .args([
                "--database-url",
                &target.url,
                "--from-database",
                &source.url,
            ])
            .args(["--sample", "100%"])
            .env("SEACHANGE_MASK_KEY", "0f".repeat(32)));
        assert!(!run.stderr.contains("0f0f"), "the key is shown: {run:?}");
        run.succeeded();
    }
    let copy = everything(&first.connection).await;
    assert_eq!(copy, everything(&second.connection).await);
    let original = everything(&source.connection).await;
    for (rows, copied) in original.iter().zip(&copy) {
        assert_eq!(rows.len(), copied.len());
    }
    let copy = format!("{copy:?}");
    for name in [
        "Sarah",
        "Johnson",
        "Chen",
        "Rodriguez",
        "coordinator@",
        "cohortflow.org",
        "example.org",
    ] {
        assert!(format!("{original:?}").contains(name), "{name}");
        assert!(!copy.contains(name), "{name}");
    }

    let again = ["--database-url", &first.url, "--from-database", &source.url];
    let refused = seed(&again).failed(1);
    assert!(
        refused.contains("has rows already") && refused.contains("--no-seed"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let run = run(Command::new(env!("CARGO_BIN_EXE_seed"))
        .args([
            "--database-url",
            "postgres://localhost/x",
            "--from-database",
            "postgres://localhost/y",
        ])
        .env("SEACHANGE_MASK_KEY", "secret"));
    let refused = run.failed(64);
    assert!(
        refused.contains("openssl rand -hex 32") && !refused.contains("secret"),
        "{refused}"
    );
}
