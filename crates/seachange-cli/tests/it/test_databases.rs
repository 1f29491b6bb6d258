//! `reset --test`: databases for tests in any language.

use crate::workspace::Workspace;

const UP: &str = "CREATE TABLE boats (name text);\n";

fn workspace() -> Workspace {
    let workspace = Workspace::with_server();
    workspace
        .run(&["db", "generate", "boats", "--empty"])
        .succeeded();
    let src = workspace.path("migration/src");
    let migration = std::fs::read_dir(src)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    std::fs::write(migration.join("up.sql"), UP).unwrap();
    workspace
}

/// Their names, in the server of the workspace.
fn there(workspace: &Workspace) -> String {
    workspace.sql(
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database \
         WHERE datname LIKE 'harbour\\_%'",
    )
}

fn sql(workspace: &Workspace, url: &str, sql: &str) -> String {
    let line = ["db", "psql", "--database-url", url, "--", "-qtAc", sql];
    workspace.run(&line).succeeded()
}

#[test]
fn a_url_a_line_and_nothing_left_behind() {
    let workspace = workspace();
    let reset = |more: &[&str]| {
        let line = [&["db", "reset", "--test", "--no-seed"], more].concat();
        workspace.run(&line)
    };
    let url = reset(&[]).succeeded();
    let url = url.strip_suffix('\n').unwrap();
    assert!(
        url.contains("/harbour_test?") && !url.contains('\n'),
        "{url}"
    );
    sql(&workspace, url, "INSERT INTO boats VALUES ('Ada')");

    // The next run makes it anew, and is not hindered by who is connected.
    let again = reset(&[]).succeeded();
    assert_eq!(again.trim_end(), url);
    assert_eq!(sql(&workspace, url, "SELECT count(*) FROM boats"), "0\n");

    let urls = reset(&["--jobs", "3"]).succeeded();
    assert_eq!(urls.lines().count(), 3, "{urls}");
    for (job, url) in (1..).zip(urls.lines()) {
        assert!(url.contains(&format!("/harbour_test_{job}?")), "{url}");
        assert_eq!(sql(&workspace, url, "SELECT count(*) FROM boats"), "0\n");
    }
    let shown = reset(&["--jobs", "2", "--json"]).json(0);
    assert_eq!(shown["databases"][0]["name"], "harbour_test_1");
    assert_eq!(shown["databases"][1]["url"], urls.lines().nth(1).unwrap());
    assert_eq!(
        there(&workspace),
        "harbour_test harbour_test_1 harbour_test_2\n"
    );
}

#[test]
fn on_the_throwaway_server_the_url_is_for_every_language() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["db", "reset", "--test", "--no-seed"]);
    assert!(ran.stderr.contains("started PostgreSQL"), "{ran:?}");
    let url = ran.succeeded();
    assert!(url.starts_with("postgres://postgres:"), "{url}");
    assert!(url.contains("@127.0.0.1:"), "{url}");
    let database = sql(&workspace, url.trim_end(), "SELECT current_database()");
    assert_eq!(database, "harbour_test\n");
}

#[test]
fn what_can_not_be_made_is_told() {
    let workspace = workspace();
    let stderr = workspace.run(&["db", "reset", "--test"]).failed_with(1);
    assert!(stderr.contains("the package `seed` has no"), "{stderr}");
    assert!(stderr.contains("help:"), "{stderr}");

    let url = "postgres://ada:s3cret@localhost:1/app";
    let line = ["db", "reset", "--test", "--no-seed"];
    let stderr = workspace
        .run_with(&line, &[("SEACHANGE_TEST_URL", url)])
        .failed_with(1);
    assert!(stderr.contains("localhost:1/app") && !stderr.contains("s3cret"));

    let stderr = workspace
        .run(&[&line[..], &["--database-url", url]].concat())
        .failed_with(64);
    assert!(stderr.contains("SEACHANGE_TEST_URL"), "{stderr}");
    workspace
        .run(&["db", "reset", "--jobs", "2"])
        .failed_with(64);
    workspace
        .run(&["db", "reset", "--test", "--jobs", "0"])
        .failed_with(64);
}
