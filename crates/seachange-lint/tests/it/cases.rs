//! Every case file below `tests/cases`: what lint finds in it is what the file says, and PostgreSQL agrees. Each
//! statement is run: the locks that a finding names are looked up in `pg_locks`, a table that is rewritten has another
//! file node, and what a finding says is refused, is. `UPDATE_EXPECT=1` writes the findings into the files.

mod file;
mod server;
mod shown;

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use seachange::connection::open;
use seachange::migrations::in_transaction;
use seachange::testing::TestDatabase;
use seachange_lint::{Direction, File, Finding, Linted, lint};
use seachange_schema::Schema;
use sqlx::PgConnection;

use self::file::{Case, Section};

fn paths() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "case"))
        .collect();
    paths.sort();
    paths
}

/// The rule that a case is about, by its name: `small-key` for `small_key__composite`.
fn code_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap().to_string_lossy();
    let name = stem.split("__").next().unwrap_or(&stem);
    name.replace('_', "-")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_case_is_found_and_postgresql_agrees() {
    let mut paths = paths();
    let only = std::env::var("CASE").unwrap_or_default();
    paths.retain(|path| path.display().to_string().contains(&only));
    assert!(!paths.is_empty(), "no case");
    let count = paths.len();
    let failures: Vec<String> = futures_util::stream::iter(paths)
        .map(|path| async move {
            let why = check(&path).await.err()?;
            Some(format!("{}: {why}", path.file_stem()?.display()))
        })
        .buffer_unordered(4)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Every rule has a case in which it finds something, and one in which it finds nothing.
#[test]
fn each_rule_has_its_cases() {
    let mut lacking = Vec::new();
    for rule in seachange_lint::rules() {
        // Not at files: see `declared.rs` and `comments.rs`.
        if [
            "foreign-key-without-index",
            "foreign-key-without-on-delete",
            "allow-comment",
        ]
        .contains(&rule.code)
        {
            continue;
        }
        let own: Vec<String> = paths()
            .into_iter()
            .filter(|path| code_of(path) == rule.code)
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        let found = own
            .iter()
            .any(|text| text.contains(&format!(" {}", rule.code)));
        let good = own.iter().any(|text| text.contains("-- good --"));
        if !found || !good {
            lacking.push(rule.code);
        }
    }
    assert_eq!(lacking, [""; 0]);
}

async fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut case = Case::parse(&text)?;
    let version = {
        let database = TestDatabase::empty().await;
        let connection = open(database.url(), "test").await.unwrap();
        connection.server_version_num().unwrap() / 10_000
    };
    if case.needs() > version {
        return Ok(());
    }
    let code = code_of(path);
    let before = case.before().to_owned();
    let mut changed = false;
    let mut at = 0;
    while at < case.sections.len() {
        let section = case.sections[at].clone();
        let linted = match section.name.as_str() {
            "bad" | "good" => {
                let down = case
                    .sections
                    .get(at + 1)
                    .filter(|it| it.name == "down")
                    .cloned();
                run(&before, &section, down.as_ref()).await?
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let shown = shown::findings(&linted);
        if section.name == "good" {
            if !linted.is_empty() {
                return Err(format!("the good form is found fault with:\n{shown}"));
            }
            at += 1;
            continue;
        }
        if !linted.iter().any(|(_, finding)| finding.code == code) {
            return Err(format!("nothing is `{code}`, but:\n{shown}"));
        }
        let place = (at + 1..case.sections.len())
            .find(|&next| case.sections[next].name == "findings")
            .ok_or("no section `findings` behind `bad`")?;
        if case.sections[place].text != shown {
            if std::env::var_os("UPDATE_EXPECT").is_none() {
                return Err(format!(
                    "finds\n{shown}instead of\n{}",
                    case.sections[place].text
                ));
            }
            case.sections[place].text = shown;
            changed = true;
        }
        at = place + 1;
    }
    if changed {
        std::fs::write(path, case.text()).unwrap();
    }
    Ok(())
}

/// What is found in a file, and in the way back behind it, each with which of the two it is.
async fn run(
    before: &str,
    up: &Section,
    down: Option<&Section>,
) -> Result<Vec<(&'static str, Finding)>, String> {
    let database = TestDatabase::empty().await;
    let mut connection = open(database.url(), "test").await.unwrap();
    server::script(&mut connection, before).await?;
    let previous = schema(&mut connection).await;
    let file = |text, direction, before| File {
        path: "up.sql",
        text,
        direction,
        transaction: in_transaction(up.text.as_str()),
        before: Some(before),
    };
    let linted = lint(&file(&up.text, Direction::Up, &previous));
    server::agrees(
        &mut connection,
        &file(&up.text, Direction::Up, &previous),
        &linted,
    )
    .await?;
    let mut findings = of("up", linted);
    if let Some(down) = down {
        let next = schema(&mut connection).await;
        let target = Some(&previous);
        let file = file(&down.text, Direction::Down { target }, &next);
        let linted = lint(&file);
        server::agrees(&mut connection, &file, &linted).await?;
        findings.extend(of("down", linted));
    }
    Ok(findings)
}

fn of(name: &'static str, linted: Linted) -> Vec<(&'static str, Finding)> {
    let findings = linted.findings.into_iter();
    findings.map(|finding| (name, finding)).collect()
}

async fn schema(connection: &mut PgConnection) -> Schema {
    seachange::catalog::read(connection).await.unwrap()
}
