//! `check --drift`: the live database against its applied migrations, and what `seachange.toml` overlooks.

use crate::folder::{add, apply, declare};
use crate::workspace::Workspace;

const DRIFT: [&str; 3] = ["db", "check", "--drift"];

/// A workspace with one migration, applied: a table `boats`.
fn applied() -> Workspace {
    let workspace = Workspace::with_server();
    let first = add(&workspace, 1, "boats");
    declare(&workspace, &["boats"]);
    apply(&workspace, &first, "boats");
    workspace
}

#[test]
fn a_drift_is_shown_both_ways() {
    let workspace = applied();
    let in_sync = workspace.run(&DRIFT).succeeded();
    assert_eq!(in_sync, "in sync with migrations@m20260101_000100_boats\n");

    workspace.sql("ALTER TABLE boats ADD COLUMN name text");
    let ran = workspace.run(&DRIFT);
    assert_eq!(ran.code, 2, "{ran:?}");
    for part in [
        "not in sync with migrations@m20260101_000100_boats: 1 difference",
        "takes the database back",
        "ALTER TABLE \"boats\" DROP COLUMN \"name\";",
        "drops-data",
        "belongs into a migration",
        "ALTER TABLE \"boats\" ADD COLUMN \"name\" text;",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {ran:?}");
    }
    let report = workspace.run(&["db", "check", "--drift", "--json"]).json(2);
    assert_eq!(report["drifted"], true);
    assert_eq!(report["differences"], 1);
    assert_eq!(
        report["back"]["sql"],
        "ALTER TABLE \"boats\" DROP COLUMN \"name\";\n"
    );
    // `status` knows the same.
    let status = workspace.run(&["db", "status", "--json"]).json(0);
    assert_eq!(status["database"]["back"], report["back"]);
    let status = workspace.run(&["db", "status", "-v"]).succeeded();
    assert!(status.contains("DROP COLUMN") && status.contains("ADD COLUMN"));

    // The two ways are what they say: each, run, ends the difference.
    let back = report["back"]["sql"].as_str().unwrap();
    workspace.sql(back);
    workspace.run(&DRIFT).succeeded();

    // Renamed by hand: the plan alone would lose what it holds.
    workspace.sql("ALTER TABLE boats RENAME COLUMN id TO number");
    let ran = workspace.run(&DRIFT);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stdout.contains("perhaps a rename"), "{ran:?}");
}

#[test]
fn what_could_not_be_told_is_not_in_sync() {
    let workspace = applied();
    let away = "postgres://ada@127.0.0.1:1/nothing";
    workspace
        .run(&["db", "check", "--drift", "--database-url", away])
        .failed_with(1);
    workspace
        .run(&["db", "check", "--drift", "--no-database"])
        .failed_with(64);

    // A later one applied, an earlier one not: no version is what is applied.
    let second = add(&workspace, 2, "crews");
    let third = add(&workspace, 3, "piers");
    apply(&workspace, &third, "piers");
    let stderr = workspace.run(&DRIFT).failed_with(1);
    assert!(
        stderr.contains(&second) && stderr.contains("help:"),
        "{stderr}"
    );
    apply(&workspace, &second, "crews");
    workspace.run(&DRIFT).succeeded();

    // Applied, and its files are elsewhere.
    workspace.sql("INSERT INTO seaql_migrations VALUES ('m20250101_000000_old', 0)");
    let stderr = workspace.run(&DRIFT).failed_with(1);
    assert!(stderr.contains("m20250101_000000_old"), "{stderr}");

    // Nothing is started to be asked.
    let stopped = Workspace::new();
    let stderr = stopped.run(&DRIFT).failed_with(1);
    assert!(stderr.contains("does not run"), "{stderr}");
}

#[test]
fn rules_overlook_and_say_so() {
    let workspace = applied();
    workspace.sql(
        "CREATE TABLE tmp_load (id serial PRIMARY KEY, note text); \
         CREATE INDEX tmp_load_note ON tmp_load (note); \
         CREATE INDEX idx_manual_boats ON boats (id)",
    );
    let count = |code: i32| {
        let report = workspace
            .run(&["db", "check", "--drift", "--json"])
            .json(code);
        let ignored = report["ignored"].as_array().map_or(0, Vec::len);
        (report["differences"].as_u64().unwrap(), ignored)
    };
    let all = count(2).0;
    assert!(all >= 3, "{all}");

    // The table goes with its column, sequence, key and index.
    workspace.write(
        "seachange.toml",
        "[drift]\nignore = [\"table public.tmp_*\"]\n",
    );
    assert_eq!(count(2).0, 1);
    workspace.write(
        "seachange.toml",
        "[drift]\nignore = [\"table tmp_*\", \"index *.idx_manual_*\", \"extension postgis\"]\n",
    );
    assert_eq!(count(0), (0, usize::try_from(all).unwrap()));
    let said = workspace.run(&DRIFT).succeeded();
    assert!(
        said.contains(&format!("{all} differences ignored by seachange.toml")),
        "{said}"
    );
    assert!(!said.contains("postgis"), "{said}");
    let more = workspace.run(&["db", "check", "--drift", "-v"]).succeeded();
    assert!(
        more.contains("`extension postgis` of seachange.toml ignores nothing"),
        "{more}"
    );
    assert!(
        more.contains("tmp_load") && !more.contains("`table tmp_*`"),
        "{more}"
    );
    for command in [&["db", "status"][..], &["db", "check"]] {
        let ran = workspace.run(command);
        assert!(ran.stdout.contains("ignored by seachange.toml"), "{ran:?}");
    }

    // What one role was given by hand.
    workspace.sql("CREATE ROLE reporting; GRANT SELECT ON boats TO reporting");
    assert_eq!(count(2).0, 1);
    workspace.write(
        "seachange.toml",
        "[drift]\nignore = [\"table tmp_*\", \"index *.idx_manual_*\", \"grant to reporting\"]\n",
    );
    assert_eq!(count(0), (0, usize::try_from(all).unwrap() + 1));
    workspace.sql("REVOKE SELECT ON boats FROM reporting");

    // What is not covered is still seen, and what is declared is missed.
    workspace.sql("ALTER TABLE boats ADD COLUMN name text");
    assert_eq!(count(2).0, 1);
    workspace.write("seachange.toml", "[drift]\nignore = [\"table *\"]\n");
    assert_eq!(count(0).0, 0);
    workspace.write(
        "seachange.toml",
        "[drift]\nignore = [\"column boats.name\", \"table tmp_*\"]\n",
    );
    assert_eq!(count(2).0, 1);
}

#[test]
fn a_rule_that_is_no_rule() {
    let workspace = applied();
    workspace.write(
        "seachange.toml",
        "[drift]\nignore = [\n  \"tabel tmp_*\",\n]\n",
    );
    for command in [&DRIFT[..], &["db", "status"]] {
        let stderr = workspace.run(command).failed_with(1);
        for part in ["seachange.toml:3:3", "`tabel tmp_*`", "help:", "`table`"] {
            assert!(stderr.contains(part), "{part}: {stderr}");
        }
    }
    workspace.write("seachange.toml", "[drift]\nignored = []\n");
    let stderr = workspace.run(&DRIFT).failed_with(1);
    assert!(stderr.contains("seachange.toml:2:1"), "{stderr}");
}
