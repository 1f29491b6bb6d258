//! `baseline`: a database that has a schema already, with and without a history of its own.

use crate::folder::{add, declare};
use crate::workspace::Workspace;

/// What is recorded, and what the history says about it.
fn records(workspace: &Workspace) -> (String, String) {
    (
        workspace.sql("SELECT string_agg(version, ' ' ORDER BY version) FROM seaql_migrations"),
        workspace.sql(
            "SELECT string_agg(concat_ws(' ', version, direction, outcome), ', ' ORDER BY version) \
             FROM seachange_history",
        ),
    )
}

#[test]
fn a_database_without_migrations_gets_its_first_one() {
    let workspace = Workspace::with_server();
    let empty = workspace.run(&["db", "baseline", "--yes"]).failed_with(1);
    assert!(empty.contains("no schema to adopt"), "{empty}");
    workspace.sql(
        "CREATE TABLE boats (id serial PRIMARY KEY, name text NOT NULL); \
         CREATE TABLE tmp_load (id integer); INSERT INTO boats (name) VALUES ('Argo')",
    );
    workspace.write("seachange.toml", "[drift]\nignore = [\"table tmp_*\"]\n");
    declare(&workspace, &[]);

    let stderr = workspace.run(&["db", "baseline"]).failed_with(3);
    assert!(
        stderr.contains("--yes") && stderr.contains("harbour ("),
        "{stderr}"
    );
    let dry = workspace.run(&["db", "baseline", "--dry-run"]).succeeded();
    assert!(
        dry.contains("CREATE TABLE \"boats\"") && !dry.contains("tmp_load"),
        "{dry}"
    );
    assert_eq!(
        workspace.sql("SELECT to_regclass('seaql_migrations') IS NULL"),
        "t\n"
    );

    let done = workspace
        .run(&["db", "baseline", "--yes", "--json"])
        .json(0);
    assert_eq!(done["outcome"], "recorded");
    let version = done["recorded"][0].as_str().unwrap().to_owned();
    assert!(version.ends_with("_initial_schema"), "{done}");
    assert_eq!(
        records(&workspace),
        (format!("{version}\n"), format!("{version} up done\n"))
    );
    assert_eq!(
        workspace.sql("SELECT name FROM boats"),
        "Argo\n",
        "nothing was run"
    );
    // Its history knows its hash: status sees no edit, and no drift but what is ignored.
    let status = workspace.run(&["db", "status", "--json"]).json(0);
    assert_eq!(status["migrations"][0]["state"], "applied");
    assert_eq!(status["migrations"][0]["edited"], false);
    assert_eq!(status["database"]["differences"], 0);
    workspace.run(&["db", "check", "--drift"]).succeeded();

    let again = workspace
        .run(&["db", "baseline", "--yes", "--json"])
        .json(0);
    assert_eq!(again["outcome"], "nothing");
    assert_eq!(
        workspace.sql("SELECT count(*) FROM seachange_history"),
        "1\n"
    );
}

#[test]
fn the_version_is_found_by_the_schema() {
    let workspace = Workspace::with_server();
    let first = add(&workspace, 1, "boats");
    let second = add(&workspace, 2, "crews");
    let third = add(&workspace, 3, "piers");
    workspace.sql("CREATE TABLE boats (id integer); CREATE TABLE crews (id integer)");
    let dry = workspace
        .run(&["db", "baseline", "--dry-run", "--json"])
        .json(0);
    assert_eq!(dry["outcome"], "would_be");
    assert_eq!(dry["stands_at"], second.as_str());

    // Another version, and a database that is none.
    let stderr = workspace
        .run(&["db", "baseline", "--yes", "--to", &third])
        .failed_with(3);
    assert!(
        stderr.contains("piers") && stderr.contains("--allow-drift"),
        "{stderr}"
    );
    workspace.sql("ALTER TABLE boats ADD COLUMN name text");
    let stderr = workspace.run(&["db", "baseline", "--yes"]).failed_with(3);
    assert!(
        stderr.contains("boats.name") && stderr.contains(&second),
        "{stderr}"
    );
    assert!(stderr.contains("DROP COLUMN \"name\""), "{stderr}");
    let refused = workspace
        .run(&["db", "baseline", "--yes", "--to", "crews", "--json"])
        .json(3);
    assert_eq!(refused["missing"], serde_json::json!(["--allow-drift"]));
    assert_eq!(
        workspace.sql("SELECT to_regclass('seaql_migrations') IS NULL"),
        "t\n"
    );

    let done = workspace
        .run(&[
            "db",
            "baseline",
            "--yes",
            "--to",
            "crews",
            "--allow-drift",
            "--json",
        ])
        .json(0);
    assert_eq!(done["recorded"], serde_json::json!([first, second]));
    assert_eq!(done["differences"], 1);
    assert_eq!(records(&workspace).0, format!("{first} {second}\n"));
    assert_eq!(workspace.run(&["db", "check", "--drift"]).code, 2);
    workspace.sql("ALTER TABLE boats DROP COLUMN name");
    let again = workspace
        .run(&["db", "baseline", "--yes", "--json"])
        .json(0);
    assert_eq!(again["outcome"], "nothing");
    let stderr = workspace
        .run(&["db", "baseline", "--yes", "--to", "boats", "--allow-drift"])
        .failed_with(1);
    assert!(
        stderr.contains("recorded as applied, and comes after"),
        "{stderr}"
    );
}

#[test]
fn an_old_history_is_kept_or_moved() {
    let workspace = Workspace::with_server();
    let first = add(&workspace, 1, "boats");
    workspace.sql(
        "CREATE TABLE boats (id integer); \
         CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL); \
         INSERT INTO seaql_migrations VALUES ('m20220101_000001_create_table', 1640995201), \
             ('m20220102_000001_more', 1641081601)",
    );
    let refused = workspace
        .run(&["db", "baseline", "--yes", "--json"])
        .json(3);
    assert_eq!(refused["missing"], serde_json::json!(["--replace-history"]));
    let status = workspace.run(&["db", "status"]).succeeded();
    assert!(status.contains("its files are not here"), "{status}");

    let kept = workspace
        .run(&["db", "baseline", "--yes", "--keep-history", "--json"])
        .json(0);
    assert_eq!(kept["kept"].as_array().unwrap().len(), 2);
    let status = workspace.run(&["db", "status", "--json"]).json(0);
    assert_eq!(
        status["migrations"].as_array().unwrap().len(),
        1,
        "{status}"
    );
    assert_eq!(status["kept"].as_array().unwrap().len(), 2, "{status}");
    assert_eq!(status["database"]["differences"], 0, "{status}");
    for flags in [&["--keep-history"][..], &[]] {
        let again = [&["db", "baseline", "--yes", "--json"], flags].concat();
        assert_eq!(workspace.run(&again).json(0)["outcome"], "nothing");
    }

    let moved = workspace
        .run(&["db", "baseline", "--yes", "--replace-history", "--json"])
        .json(0);
    assert_eq!(moved["replaced"].as_array().unwrap().len(), 2);
    assert_eq!(records(&workspace).0, format!("{first}\n"));
    assert_eq!(
        workspace.sql(
            "SELECT string_agg(substring(note FROM 'applied at .*'), ', ' ORDER BY version) \
             FROM seachange_history WHERE direction = 'down'"
        ),
        "applied at 2022-01-01 00:00:01 UTC, applied at 2022-01-02 00:00:01 UTC\n"
    );
    let again = workspace
        .run(&["db", "baseline", "--yes", "--replace-history", "--json"])
        .json(0);
    assert_eq!(again["outcome"], "nothing");
}

#[test]
fn what_changes_rows_alone_has_to_be_named() {
    let workspace = Workspace::with_server();
    add(&workspace, 1, "boats");
    let second = add(&workspace, 2, "crews");
    let up = format!("migration/src/{second}/up.sql");
    workspace.write(&up, "INSERT INTO boats VALUES (1);\n");
    workspace.sql("CREATE TABLE boats (id integer)");
    let stderr = workspace.run(&["db", "baseline", "--yes"]).failed_with(3);
    assert!(
        stderr.contains("can't be told") && stderr.contains(&second),
        "{stderr}"
    );
    let done = workspace
        .run(&["db", "baseline", "--yes", "--to", "boats", "--json"])
        .json(0);
    assert_eq!(done["recorded"].as_array().unwrap().len(), 1);
}

#[test]
fn a_table_of_history_from_before_gets_its_note() {
    let workspace = Workspace::with_server();
    add(&workspace, 1, "boats");
    workspace.sql(
        "CREATE TABLE boats (id integer); \
         CREATE TABLE seachange_history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             version text NOT NULL, direction text NOT NULL, outcome text NOT NULL, hash text, \
             parent text, statement integer, started_at timestamptz NOT NULL, \
             finished_at timestamptz, duration_ms bigint, executed_by text NOT NULL, \
             tool_version text NOT NULL, error text)",
    );
    workspace.run(&["db", "status"]).succeeded();
    workspace.run(&["db", "baseline", "--yes"]).succeeded();
    let note = workspace.sql("SELECT note FROM seachange_history");
    assert_eq!(note, "baselined: recorded, not run\n");
}
