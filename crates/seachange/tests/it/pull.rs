//! What is written of a schema: each case file holds one as SQL, and the files that come out, proven on
//! a real server and formatted. `UPDATE_EXPECT=1` writes them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use seachange::Help;
use seachange::pull::{Existing, PullError, Pulled, Selection, pull, write};
use seachange::source::Source;

use crate::cases::road;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_schema_becomes_its_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pull");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "case"))
        .collect();
    paths.sort();
    let only = std::env::var("CASE").unwrap_or_default();
    paths.retain(|path| path.display().to_string().contains(&only));
    assert!(!paths.is_empty(), "no case in {}", folder.display());
    let mut failures = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (sql, _) = text.split_once("\n=== ").unwrap_or((&text, ""));
        let pulled = pulled(sql, &Selection::Everything).await.unwrap();
        let actual = format!("{}\n{}", sql.trim_end(), files(pulled));
        if actual == text {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, actual).unwrap();
            continue;
        }
        let difference = similar::TextDiff::from_lines(text.as_str(), &actual);
        failures.push(format!("{}\n{}", path.display(), difference.unified_diff()));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

async fn pulled(sql: &str, selection: &Selection) -> Result<Pulled, PullError> {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("schema.sql");
    fs::write(&file, sql).unwrap();
    let road = road(home.path()).await;
    let schema = road.schema(&Source::Sql(file)).await.unwrap();
    let pulled = pull(&road, &schema, selection).await;
    road.close().await.unwrap();
    pulled
}

/// As they stand on disk, but for the module file, which says little; then the notes.
fn files(pulled: Pulled) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    let notes = pulled.notes.clone();
    let written = write(pulled, folder.path(), Existing::Refused).unwrap();
    for path in written.written.iter().filter(|it| *it != "src/entity.rs") {
        let file = fs::read_to_string(folder.path().join(path)).unwrap();
        let _ = write!(text, "\n=== {path}\n{file}");
    }
    for note in notes {
        let _ = write!(text, "\n=== note\n{}: {}\n", note.object, note.reason);
    }
    text
}

const TWO_SCHEMAS: &str = "CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('a', 'b');
    CREATE TABLE one (id int PRIMARY KEY, mood mood);
    CREATE TABLE two (id int PRIMARY KEY, one int REFERENCES one);
    CREATE TABLE app.three (id int PRIMARY KEY, two int REFERENCES two, mood mood);
    CREATE VIEW app.moods AS SELECT mood FROM app.three;";

async fn paths(selection: Selection) -> (Vec<String>, Vec<String>) {
    let pulled = pulled(TWO_SCHEMAS, &selection).await.unwrap();
    let paths = pulled.files.into_iter().map(|file| file.path).collect();
    let notes = pulled.notes.into_iter().map(|note| note.object).collect();
    (paths, notes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_comes_with_what_it_needs() {
    let (files, notes) = paths(Selection::Tables(vec!["two".into()])).await;
    assert_eq!(files, ["src/entity.rs", "src/entity/two.rs"]);
    assert_eq!(notes, ["constraint two.two_one_fkey"]);

    let (files, notes) = paths(Selection::Tables(vec!["one".into(), "app.three".into()])).await;
    let expected = ["enums", "one", "three"].map(|name| format!("src/entity/{name}.rs"));
    assert_eq!(files[1..], expected);
    assert_eq!(notes, ["constraint app.three.three_two_fkey"]);

    let (files, _) = paths(Selection::Schema("app".into())).await;
    assert!(
        files.contains(&"src/entity/three.rs".to_owned()),
        "{files:?}"
    );
    assert!(
        files.contains(&"sql/after/views.sql".to_owned()),
        "{files:?}"
    );
    assert!(
        !files.contains(&"src/entity/one.rs".to_owned()),
        "{files:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_said() {
    let none = pulled(TWO_SCHEMAS, &Selection::Tables(vec!["three".into()])).await;
    let error = none.unwrap_err();
    assert_eq!(error.to_string(), "there is no table `three`");
    assert!(error.help().unwrap().contains("`schema.table`"));
    let none = pulled(TWO_SCHEMAS, &Selection::Schema("nowhere".into())).await;
    assert_eq!(
        none.unwrap_err().to_string(),
        "there is no schema `nowhere`"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let pulled = pulled(TWO_SCHEMAS, &Selection::Everything).await.unwrap();
    fs::create_dir_all(at("sql/after")).unwrap();
    fs::create_dir_all(at("src/entity")).unwrap();
    fs::write(at("sql/after/old.sql"), "SELECT 1").unwrap();
    fs::write(at("src/entity/one.rs"), "// mine").unwrap();
    fs::write(at("src/lib.rs"), "// mine").unwrap();

    let refused = write(pulled.clone(), folder.path(), Existing::Refused).unwrap_err();
    let PullError::InTheWay { paths } = refused else {
        panic!("{refused}");
    };
    assert_eq!(paths, ["src/entity/one.rs", "sql/after/old.sql"]);
    assert!(!at("src/entity.rs").exists());

    write(pulled.clone(), folder.path(), Existing::Replaced).unwrap();
    let written = write(pulled.clone(), folder.path(), Existing::Refused).unwrap();
    assert_eq!(written.removed, Vec::<String>::new());
    assert!(!at("sql/after/old.sql").exists());
    assert_eq!(fs::read_to_string(at("src/lib.rs")).unwrap(), "// mine");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(
        left.len(),
        2,
        "src and sql, and nothing temporary: {left:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_half_way_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let pulled = pulled(TWO_SCHEMAS, &Selection::Everything).await.unwrap();
    fs::create_dir_all(at("src/entity")).unwrap();
    fs::write(at("src/entity/one.rs"), "// mine").unwrap();
    // Where a folder has to be.
    fs::write(at("sql"), "mine").unwrap();
    let error = write(pulled, folder.path(), Existing::Replaced).unwrap_err();
    assert!(matches!(error, PullError::Write { .. }), "{error}");
    assert_eq!(
        fs::read_to_string(at("src/entity/one.rs")).unwrap(),
        "// mine"
    );
    assert!(!at("src/entity.rs").exists());
    assert_eq!(fs::read_to_string(at("sql")).unwrap(), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
