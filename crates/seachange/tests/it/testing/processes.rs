//! Tests as processes of their own: passing, failing, killed, and many at once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Output};

use futures_util::future::join_all;
use seachange::connection::{database_of, open};
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::databases;
use super::workspace::Workspace;
use crate::database::admin;

/// What a test said of its database.
fn url(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout);
    let url = said
        .strip_prefix("URL ")
        .and_then(|rest| rest.split(' ').next());
    url.unwrap_or_else(|| panic!("{output:?}")).to_owned()
}

fn name(output: &Output) -> String {
    database_of(&url(output)).unwrap()
}

/// What is printed where there is no database.
fn told(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn nothing_is_left_of_tests_that_pass_or_fail() {
    let workspace = Workspace::new();
    for (end, succeeds) in [("passes", true), ("fails", false)] {
        let output = workspace.program("empty", end).await.output().unwrap();
        assert_eq!(output.status.success(), succeeds, "{output:?}");
        assert!(databases(&name(&output)).await.is_empty());
    }
}

#[tokio::test]
async fn a_failing_test_keeps_its_database_where_that_is_asked_for() {
    let workspace = Workspace::new();
    workspace.migration("CREATE TABLE one (a int)");
    let run = async |end, keep| {
        let mut program = workspace.program("migrated", end).await;
        program.env("SEACHANGE_KEEP", keep).output().unwrap()
    };
    for (end, keep) in [("passes", "1"), ("fails", "0"), ("fails", "")] {
        let output = run(end, keep).await;
        assert!(databases(&name(&output)).await.is_empty());
    }
    let output = run("fails", "1").await;
    let url = url(&output);
    let stderr = told(&output);
    assert!(
        stderr.contains(&format!(
            "the test failed, and its database is kept: {url}\n"
        )),
        "{stderr}"
    );
    // The next run leaves it alone.
    run("passes", "1").await;
    let mut kept = open(&url, "test").await.unwrap();
    kept.execute("SELECT a FROM one").await.unwrap();
    kept.close().await.unwrap();
    let drop = format!("DROP DATABASE {} WITH (FORCE)", name(&output));
    let drop = sqlx::raw_sql(AssertSqlSafe(drop));
    admin().await.execute(drop).await.unwrap();
}

#[tokio::test]
async fn what_a_killed_run_left_is_swept_by_the_next() {
    let workspace = Workspace::new();
    let mut killed = Vec::new();
    for _ in 0..6 {
        killed.push(workspace.program("empty", "waits").await.spawn().unwrap());
    }
    let mut left = Vec::new();
    for child in &mut killed {
        left.push(first_url(child));
    }
    for mut child in killed {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // Its sessions end when PostgreSQL sees that nobody is there any more.
    let mut admin = admin().await;
    for url in &left {
        let name = database_of(url).unwrap();
        let owner = name.trim_start_matches("seachange_scratch_");
        let owner = owner.rsplit_once('_').unwrap().0;
        let mut sessions = 1_i64;
        while sessions > 0 {
            sessions = sqlx::query_scalar(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1",
            )
            .bind(format!("seachange scratch {owner}"))
            .fetch_one(&mut admin)
            .await
            .unwrap();
        }
    }
    // Another test may be sweeping at this moment, and then it is done at its end.
    for _ in 0..20 {
        let output = workspace.program("empty", "passes").await.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let names = left.iter().map(|url| database_of(url).unwrap());
        let left: Vec<String> = join_all(names.map(async |name| databases(&name).await))
            .await
            .concat();
        if left.is_empty() {
            return;
        }
    }
    panic!("databases of killed runs are left");
}

/// Of a test that still runs.
fn first_url(child: &mut Child) -> String {
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.as_mut().unwrap());
    stdout.read_line(&mut line).unwrap();
    let url = line
        .strip_prefix("URL ")
        .and_then(|rest| rest.split(' ').next());
    url.unwrap_or_else(|| panic!("{line}")).to_owned()
}

#[tokio::test]
async fn many_processes_build_a_template_once() {
    let workspace = Workspace::new();
    workspace.migration("CREATE TABLE one (a int)");
    // A role belongs to the whole server: a second build would fail.
    let role = workspace.migration_that_runs_once();
    workspace.seed(
        "use std::io::Write;\n\
         fn main() {\n\
             let url = std::env::var(\"DATABASE_URL\").unwrap();\n\
             let mut file = std::fs::File::options().create(true).append(true).open(\"ran\").unwrap();\n\
             writeln!(file, \"{url}\").unwrap();\n\
         }\n",
    );
    let mut running = Vec::new();
    for _ in 0..8 {
        running.push(workspace.program("seeded", "passes").await.spawn().unwrap());
    }
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(databases(&name(&output)).await.is_empty());
    }
    let ran = std::fs::read_to_string(workspace.root().join("ran")).unwrap();
    assert_eq!(ran.lines().count(), 1, "{ran}");
    assert!(ran.starts_with("postgres://"), "{ran}");
    workspace.forget(&role).await;
}

#[tokio::test]
async fn what_keeps_a_template_from_being_filled_is_told() {
    let workspace = Workspace::new();
    workspace.migration("CREATE TABLE one (a int)");
    let run = async || {
        workspace
            .program("seeded", "passes")
            .await
            .output()
            .unwrap()
    };
    let stderr = told(&run().await);
    assert!(
        stderr.contains("no test database: the package `seed` has no `"),
        "{stderr}"
    );
    assert!(stderr.contains("\nhelp: name the package"), "{stderr}");

    workspace.seed("fn main() { eprintln!(\"no rows today\"); std::process::exit(3) }");
    let stderr = told(&run().await);
    assert!(
        stderr.contains("exit status: 3:\nno rows today\nhelp: "),
        "{stderr}"
    );

    workspace.seed("fn main() { no }");
    let stderr = told(&run().await);
    assert!(
        stderr.contains("the package `seed` does not compile\n  caused by: error[E0425]"),
        "{stderr}"
    );
}

#[tokio::test]
async fn outside_a_workspace_it_says_what_was_looked_for() {
    let workspace = Workspace::new();
    std::fs::remove_file(workspace.root().join("migration/seachange.lock")).unwrap();
    let output = workspace.program("empty", "passes").await.output().unwrap();
    let stderr = told(&output);
    assert!(
        stderr.contains("no folder with `migration/seachange.lock` in it at or above `"),
        "{stderr}"
    );
    assert!(stderr.contains("\nhelp: "), "{stderr}");
}
