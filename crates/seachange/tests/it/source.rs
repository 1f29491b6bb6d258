//! Sources on a real server: the same road for all, and no second time for what was built before.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDateTime;
use sea_orm::{DbBackend, SchemaBuilder};
use seachange::Help;
use seachange::connection::{SqlText, open, run_sql};
use seachange::entities::Declared;
use seachange::migrations::{Body, Kind, LIB_RS, NewMigration, read, write};
use seachange::scratch::Scratch;
use seachange::server::Settings;
use seachange::source::{Places, Road, RunRust, Source, SourceError};
use seachange_schema::Schema;
use sqlx::Connection;
use tempfile::TempDir;

use crate::database::{Fresh, admin_url, unique};
use crate::entities::declared::place;

/// A workspace with one entity and, in their own order, migrations.
struct Workspace {
    folder: TempDir,
}

const FIRST: &str = "m20260101_000000_first";
const SECOND: &str = "m20260102_000000_second";
const THIRD: &str = "m20260103_000000_third";

impl Workspace {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("migration/src")).unwrap();
        fs::write(folder.path().join("migration/src/lib.rs"), LIB_RS).unwrap();
        Self { folder }
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A migration as it is generated; written again, only its `up.sql` changes.
    fn sql_migration(&self, version: &str, up: &str) {
        let root = self.folder.path().join("migration");
        let (at, name) = version.split_at(16);
        let folder = read(&root).unwrap();
        if folder.migration(version).is_some() {
            self.write(&format!("migration/src/{version}/up.sql"), up);
            return;
        }
        let at = NaiveDateTime::parse_from_str(at, "m%Y%m%d_%H%M%S").unwrap();
        let new = NewMigration {
            at: at.and_utc(),
            name: &name[1..],
            about: "One.",
            body: Body::Sql {
                up: up.to_owned(),
                down: up.lines().next().unwrap().to_owned() + "\n",
            },
            schema_sql: None,
        };
        assert_eq!(write(&folder, &new).unwrap().version, version);
    }

    fn places(&self) -> Places {
        Places {
            server: Settings {
                home: self.folder.path().join(".seachange"),
                programs: None,
            },
            declared: Declared {
                builder: || {
                    SchemaBuilder::new(sea_orm::Schema::new(DbBackend::Postgres))
                        .register(place::Entity)
                },
                indexes: Vec::new,
                sql: self.folder.path().join("sql"),
                partitions_made_elsewhere: &[],
            },
            migrations: self.folder.path().join("migration"),
            database: None,
            rust: None,
        }
    }

    async fn road(&self) -> Road {
        Road::with_scratch(self.places(), Scratch::at(admin_url().await))
    }

    /// The schemas that are cached.
    fn caches(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join(".seachange/schemas")).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|it| it == "json"))
            .collect()
    }
}

fn tables(schema: &Schema) -> Vec<String> {
    schema.tables().map(|(name, _)| name.plain()).collect()
}

fn migrations(upto: Option<&str>) -> Source {
    Source::Migrations {
        upto: upto.map(str::to_owned),
    }
}

#[tokio::test]
async fn entities_give_their_schema() {
    let workspace = Workspace::new();
    workspace.write(
        "sql/after/a.sql",
        "create view v as select id from geo.place;",
    );
    let road = workspace.road().await;
    let schema = road.schema(&Source::Entities).await.unwrap();
    assert_eq!(tables(&schema), ["geo.place"]);
    road.close().await.unwrap();
}

#[tokio::test]
async fn what_was_built_before_needs_no_building() {
    let workspace = Workspace::new();
    let road = workspace.road().await;
    assert_eq!(road.key(&Source::Entities).unwrap(), None);
    let schema = road.schema(&Source::Entities).await.unwrap();
    let key = road.key(&Source::Entities).unwrap().unwrap();

    // What is in the file is what comes out, so nothing was built.
    let [cached] = workspace.caches().try_into().unwrap();
    assert!(cached.ends_with(format!("{key}.json")));
    fs::write(&cached, serde_json::to_vec(&Schema::default()).unwrap()).unwrap();
    let again = workspace.road().await;
    assert_eq!(
        *again.schema(&Source::Entities).await.unwrap(),
        Schema::default()
    );

    // Broken files are built anew, and mended.
    fs::write(&cached, "{").unwrap();
    for _ in 0..2 {
        let road = workspace.road().await;
        assert_eq!(road.schema(&Source::Entities).await.unwrap(), schema);
    }
    assert_eq!(workspace.caches().len(), 1);
}

#[tokio::test]
async fn what_was_found_to_agree_need_not_be_compared_again() {
    let workspace = Workspace::new();
    let file = workspace.write("a.sql", "create table one (id int);");
    let (one, other) = (Source::Sql(file), Source::Entities);
    let road = workspace.road().await;
    assert!(
        !road.known_to_agree(&one, &other).unwrap(),
        "nothing is known yet"
    );
    road.remember_agreement(&one, &other).unwrap();
    assert!(
        !road.known_to_agree(&one, &other).unwrap(),
        "nor which server it is"
    );
    road.schema(&Source::Empty).await.unwrap();
    road.remember_agreement(&one, &other).unwrap();

    let later = workspace.road().await;
    assert!(later.known_to_agree(&one, &other).unwrap());
    assert!(!later.known_to_agree(&other, &one).unwrap());
    workspace.write("a.sql", "create table other (id int);");
    assert!(!later.known_to_agree(&one, &other).unwrap());
}

#[tokio::test]
async fn other_inputs_have_other_keys() {
    let workspace = Workspace::new();
    let key = async || {
        let road = workspace.road().await;
        road.schema(&Source::Entities).await.unwrap();
        road.key(&Source::Entities).unwrap().unwrap()
    };
    let first = key().await;
    assert_eq!(key().await, first);
    workspace.write("sql/before/a.sql", "create domain d as int;");
    assert_ne!(key().await, first);
}

#[tokio::test]
async fn another_postgresql_makes_what_was_handed_out_stale() {
    let workspace = Workspace::new();
    workspace.road().await.schema(&Source::Empty).await.unwrap();
    let note = workspace.folder.path().join(".seachange/schemas/server");
    let text = fs::read_to_string(&note).unwrap();
    let (choice, version) = text.split_once(' ').unwrap();
    fs::write(&note, format!("{choice} 9")).unwrap();

    let road = workspace.road().await;
    let old_key = road.key(&Source::Empty).unwrap().unwrap();
    let error = road.schema(&Source::Entities).await.unwrap_err();
    assert!(
        matches!(error, SourceError::ServerChanged { was: 9, .. }),
        "{error}"
    );
    assert!(error.help().unwrap().contains("run it again"));
    assert_eq!(
        fs::read_to_string(&note).unwrap(),
        format!("{choice} {version}")
    );
    assert_ne!(road.key(&Source::Empty).unwrap().unwrap(), old_key);

    // Nothing was handed out: nothing is stale.
    fs::write(&note, format!("{choice} 9")).unwrap();
    workspace
        .road()
        .await
        .schema(&Source::Entities)
        .await
        .unwrap();
    // Another server would be chosen: nothing is assumed.
    fs::write(&note, format!("other {version}")).unwrap();
    assert_eq!(workspace.road().await.key(&Source::Empty).unwrap(), None);
}

#[tokio::test]
async fn migrations_are_replayed_upto_each() {
    let workspace = Workspace::new();
    let mark = unique();
    workspace.sql_migration(FIRST, &format!("-- {mark}\ncreate table one (id int);\n"));
    workspace.sql_migration(
        SECOND,
        "-- seachange: no-transaction\ncreate index concurrently i on one (id);\nset search_path = x;",
    );
    workspace.sql_migration(THIRD, "create table three (id int);");
    let road = workspace.road().await;
    for (upto, expected) in [
        (Some("first"), &["one"][..]),
        (Some("m20260102"), &["one"]),
        (Some(THIRD), &["one", "three"]),
        (None, &["one", "three"]),
    ] {
        let schema = road.schema(&migrations(upto)).await.unwrap();
        assert_eq!(tables(&schema), expected, "{upto:?}");
    }
    let error = road.schema(&migrations(Some("secnod"))).await.unwrap_err();
    assert_eq!(error.to_string(), "no migration is called `secnod`");
    assert!(error.help().unwrap().contains(SECOND));

    let database = road.database(&migrations(Some("second"))).await.unwrap();
    let mut connection = database.connect().await.unwrap();
    let applied: Vec<String> =
        sqlx::query_scalar("SELECT version FROM seaql_migrations ORDER BY 1")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(applied, [FIRST, SECOND]);
    connection.close().await.unwrap();
    database.drop().await.unwrap();

    // Another end of the same history.
    workspace.sql_migration(THIRD, "create table four (id int);");
    road.reread();
    let schema = road.schema(&migrations(None)).await.unwrap();
    assert_eq!(tables(&schema), ["four", "one"]);
    road.close().await.unwrap();
}

#[tokio::test]
async fn a_migration_that_fails_is_named_by_file_and_line() {
    let workspace = Workspace::new();
    workspace.sql_migration(FIRST, "create table one (id int);\n");
    workspace.sql_migration(SECOND, "-- x\n\ncreate table one (id int);\n");
    let road = workspace.road().await;
    let error = road.schema(&migrations(None)).await.unwrap_err();
    let up = workspace
        .folder
        .path()
        .join(format!("migration/src/{SECOND}/up.sql"));
    assert!(
        error
            .to_string()
            .starts_with(&format!("{}:3: ", up.display())),
        "{error}"
    );
    assert_eq!(error.sql().unwrap().sqlstate.as_deref(), Some("42P07"));

    fs::remove_file(up).unwrap();
    road.reread();
    let error = road.schema(&migrations(None)).await.unwrap_err();
    assert!(error.to_string().contains("not in order"), "{error}");
}

/// What the migration binary would do for migrations in Rust.
#[derive(Default)]
struct Binary {
    runs: Arc<AtomicUsize>,
    forgetful: bool,
}

#[async_trait::async_trait]
impl RunRust for Binary {
    async fn up_to(&self, url: &str, version: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let mut connection = open(url, "test").await?;
        let mut text = format!("create table by_{version} (id int);");
        if !self.forgetful {
            text.push_str(&format!(
                "insert into seaql_migrations values ('{version}', 0)"
            ));
        }
        run_sql(
            &mut connection,
            SqlText {
                path: "rust",
                text: &text,
            },
        )
        .await?;
        Ok(())
    }
}

#[tokio::test]
async fn migrations_in_rust_are_run_by_their_binary() {
    let workspace = Workspace::new();
    workspace.sql_migration(FIRST, "create table one (id int);");
    let rust = format!("//! Mine.\nfn {}() {{}}\n", "x".repeat(10) + &unique());
    workspace.write(&format!("migration/src/{SECOND}.rs"), &rust);
    workspace.write(&format!("migration/src/{THIRD}.rs"), &rust);

    let error = workspace
        .road()
        .await
        .schema(&migrations(None))
        .await
        .unwrap_err();
    assert!(
        matches!(error, SourceError::NothingRunsRust { .. }),
        "{error}"
    );

    let with = async |binary: Binary| {
        let places = Places {
            rust: Some(Box::new(binary)),
            ..workspace.places()
        };
        Road::with_scratch(places, Scratch::at(admin_url().await))
    };
    let forgetful = Binary {
        forgetful: true,
        ..Binary::default()
    };
    let error = with(forgetful)
        .await
        .schema(&migrations(None))
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::NotRecorded { .. }), "{error}");

    let binary = Binary::default();
    let runs = Arc::clone(&binary.runs);
    let road = with(binary).await;
    let schema = road.schema(&migrations(None)).await.unwrap();
    assert_eq!(tables(&schema), [format!("by_{THIRD}"), "one".to_owned()]);
    assert_eq!(runs.load(Ordering::Relaxed), 1, "two in a row are one run");
    let key = road.key(&migrations(None)).unwrap();
    workspace.write("migration/src/shared.rs", "//! Shared.");
    road.reread();
    assert_ne!(road.key(&migrations(None)).unwrap(), key);
}

/// The binary of the example's migration package.
struct Program;

#[async_trait::async_trait]
impl RunRust for Program {
    async fn up_to(&self, url: &str, version: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let test = std::env::current_exe()?;
        let program = test.ancestors().nth(2).unwrap().join("examples/migrator");
        let output = std::process::Command::new(program)
            .args(["up", "--to", version])
            .env("DATABASE_URL", url)
            .env_remove("DATABASE_SCHEMA")
            .output()?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8(output.stderr)?.into()),
        }
    }
}

#[tokio::test]
async fn a_replay_and_a_real_binary_take_turns() {
    let workspace = Workspace::new();
    let places = Places {
        migrations: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/migrator")),
        rust: Some(Box::new(Program)),
        ..workspace.places()
    };
    let road = Road::with_scratch(places, Scratch::at(admin_url().await));
    let kinds: Vec<Kind> = road
        .folder()
        .unwrap()
        .migrations
        .iter()
        .map(|one| one.kind)
        .collect();
    assert_eq!(kinds, [Kind::Sql, Kind::Sql, Kind::Rust, Kind::Sql]);
    let schema = road.schema(&migrations(None)).await.unwrap();
    assert_eq!(tables(&schema), ["notes"]);
}

#[tokio::test]
async fn files_folders_and_nothing_are_sources() {
    let workspace = Workspace::new();
    let road = workspace.road().await;
    assert!(tables(&road.schema(&Source::Empty).await.unwrap()).is_empty());
    let one = workspace.write("some/1.sql", "begin;\ncreate table one (id int);\ncommit;");
    workspace.write(
        "some/2.sql",
        "create table two (id int);\ncreate index concurrently i on two (id);\n\
         create type l as enum ('a');\nalter type l add value 'b';\ncreate table three (l l default 'b');",
    );
    let folder = Source::Sql(one.parent().unwrap().to_owned());
    assert_eq!(
        tables(&road.schema(&folder).await.unwrap()),
        ["one", "three", "two"]
    );
    assert_eq!(
        tables(&road.schema(&Source::Sql(one)).await.unwrap()),
        ["one"]
    );

    let third = workspace.write("some/3.sql", "select 1;\n\\d\n");
    let error = road.schema(&folder).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("{}:2: ", third.display())),
        "{error}"
    );
    let empty = workspace.folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for missing in [empty, workspace.folder.path().join("none.sql")] {
        let error = road.schema(&Source::Sql(missing)).await.unwrap_err();
        assert!(error.help().is_some(), "{error}");
    }
}

#[tokio::test]
async fn databases_are_read_as_they_are() {
    let workspace = Workspace::new();
    let mut fresh = Fresh::create().await;
    let sql = SqlText {
        path: "x",
        text: "create table here (id int)",
    };
    run_sql(&mut fresh.connection, sql).await.unwrap();
    let places = Places {
        database: Some(fresh.url().to_owned()),
        ..workspace.places()
    };
    let road = Road::with_scratch(places, Scratch::at("postgres://nobody@localhost:1/none"));
    let url = Source::Url(fresh.url().to_owned());
    for source in [Source::Database, url] {
        assert_eq!(tables(&road.schema(&source).await.unwrap()), ["here"]);
        assert_eq!(road.key(&source).unwrap(), None);
        assert!(matches!(
            road.database(&source).await,
            Err(SourceError::Live { .. })
        ));
    }
    let error = workspace
        .road()
        .await
        .schema(&Source::Database)
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::NoDatabase), "{error}");
}

#[tokio::test]
async fn a_database_for_proofs_has_the_schema_and_is_not_the_template() {
    let workspace = Workspace::new();
    let text = format!("create table one (id int); -- {}", unique());
    let source = Source::Sql(workspace.write("a.sql", &text));
    let road = workspace.road().await;
    let (one, two) = tokio::join!(road.database(&source), road.database(&source));
    let (one, two) = (one.unwrap(), two.unwrap());
    let mut connection = one.connect().await.unwrap();
    let sql = SqlText {
        path: "x",
        text: "drop table one",
    };
    run_sql(&mut connection, sql).await.unwrap();
    let other = Source::Url(two.url().to_owned());
    assert_eq!(tables(&road.schema(&other).await.unwrap()), ["one"]);
    one.drop().await.unwrap();
    two.drop().await.unwrap();
    let nothing = road.database(&Source::Empty).await.unwrap();
    nothing.drop().await.unwrap();
}

#[tokio::test]
async fn many_at_once_build_once_each() {
    let workspace = Workspace::new();
    workspace.sql_migration(
        FIRST,
        &format!("create table one (id int); -- {}", unique()),
    );
    let (one, two) = (workspace.road().await, workspace.road().await);
    let source = migrations(None);
    let (a, b, c, d) = tokio::join!(
        one.schema(&source),
        two.schema(&source),
        one.schema(&Source::Entities),
        two.database(&source),
    );
    assert_eq!(a.unwrap(), b.unwrap());
    c.unwrap();
    d.unwrap().drop().await.unwrap();
}
