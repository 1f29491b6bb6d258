//! The migration folder: written, read back, damaged in the ways that people and merges do.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use seachange::migrations::{
    Body, Folder, Kind, LIB_RS, MigrationsError, NO_TRANSACTION, NewMigration, Problem, Written,
    read, sql_hash, write,
};
use tempfile::TempDir;

struct Package {
    home: TempDir,
}

impl Package {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("src")).unwrap();
        fs::write(home.path().join("src/lib.rs"), LIB_RS).unwrap();
        Self { home }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn read(&self) -> Folder {
        read(self.home.path()).unwrap()
    }

    fn add(&self, name: &str) -> Written {
        write(&self.read(), &sql(name)).unwrap()
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Everything below it, with its contents.
    fn snapshot(&self) -> Vec<(PathBuf, String)> {
        fn visit(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    found.push((path.clone(), String::new()));
                    visit(&path, found);
                } else {
                    found.push((path.clone(), fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let mut found = Vec::new();
        visit(self.home.path(), &mut found);
        found.sort();
        found
    }

    #[track_caller]
    fn check_problems(&self, expected: &[Problem]) {
        assert_eq!(self.read().problems(), expected);
    }
}

fn at(second: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 10, 15, second).unwrap()
}

fn sql(name: &str) -> NewMigration<'_> {
    NewMigration {
        at: at(0),
        name,
        about: "",
        body: Body::Sql {
            up: format!("-- Up.\nCREATE TABLE {name} (id int);\n"),
            down: format!("DROP TABLE {name};\n"),
        },
        schema_sql: None,
    }
}

const ONE: &str = "m20261122_101500_one";
const TWO: &str = "m20261122_101501_two";
const THREE: &str = "m20261122_101502_three";

#[test]
fn a_migration_is_written_registered_and_locked() {
    let package = Package::new();
    let written = write(
        &package.read(),
        &NewMigration {
            about: "Adds a table.",
            schema_sql: Some("CREATE TABLE one (id int);\n".to_owned()),
            ..sql("one")
        },
    )
    .unwrap();
    assert_eq!(written.version, ONE);
    assert_eq!(written.created.len(), 3);
    assert_eq!(written.changed.len(), 3);
    package.add("two");

    let folder = package.read();
    assert_eq!(folder.problems(), []);
    assert_eq!(folder.registered, [ONE, TWO]);
    let one = folder.migration(ONE).unwrap();
    assert_eq!(one.kind, Kind::Sql);
    assert!(one.transaction);
    assert_eq!(one.about.as_deref(), Some("Adds a table."));
    assert_eq!(
        one.up_sql.as_deref(),
        Some("-- Up.\nCREATE TABLE one (id int);\n")
    );
    let entry = folder.lock.entry(ONE).unwrap();
    assert_eq!(entry.files, one.hash);
    assert_eq!(entry.up, Some(sql_hash(one.up_sql.as_ref().unwrap())));
    assert_eq!(entry.parent, "root");
    assert_eq!(folder.lock.entries[1].parent, entry.chain());
    assert_eq!(package.text("schema.sql"), "CREATE TABLE one (id int);\n");
    assert!(folder.relock().unwrap().is_empty());
    // No temporary file stays behind.
    assert_eq!(package.snapshot().len(), 3 + 1 + 2 * 4);
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let package = Package::new();
    let probe = package.path("probe");
    fs::write(&probe, "").unwrap();
    let usual = fs::metadata(&probe).unwrap().permissions().mode();
    fs::remove_file(probe).unwrap();
    let written = package.add("one");
    for path in written.created.iter().chain(&written.changed) {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode(), usual);
    }
}

#[test]
fn empty_migrations_are_written_for_people() {
    let package = Package::new();
    let empty = |name, body| NewMigration { body, ..sql(name) };
    write(
        &package.read(),
        &empty(
            "one",
            Body::EmptySql {
                in_transaction: true,
            },
        ),
    )
    .unwrap();
    write(&package.read(), &empty("two", Body::EmptyRust)).unwrap();
    let folder = package.read();
    assert_eq!(folder.problems(), []);
    assert_eq!(folder.migrations[0].kind, Kind::Sql);
    assert!(folder.migrations[0].transaction);
    assert_eq!(folder.migrations[1].kind, Kind::Rust);
    assert_eq!(folder.migrations[1].up, None);
    let rust = package.text(&format!("src/{TWO}.rs"));
    syn::parse_file(&rust).unwrap();
    assert!(!rust.contains("todo"));
}

#[test]
fn one_that_needs_no_transaction_says_so_to_seaorm() {
    let package = Package::new();
    write(
        &package.read(),
        &NewMigration {
            body: Body::Sql {
                up: format!("{NO_TRANSACTION}\nCREATE INDEX CONCURRENTLY i ON t (a);\n"),
                down: "DROP INDEX i;\n".to_owned(),
            },
            ..sql("one")
        },
    )
    .unwrap();
    let folder = package.read();
    assert!(!folder.migrations[0].transaction);
    assert!(
        package
            .text(&format!("src/{ONE}.rs"))
            .contains("Some(false)")
    );
    assert_eq!(folder.problems(), []);

    fs::write(package.path(&format!("src/{ONE}/up.sql")), "SELECT 1;\n").unwrap();
    folder.relock().unwrap();
    package.read().relock().unwrap();
    package.check_problems(&[Problem::Transaction {
        version: ONE.to_owned(),
    }]);
}

#[test]
fn an_edit_is_seen_and_names_the_file() {
    let package = Package::new();
    package.add("one");
    package.add("two");
    for (file, named) in [
        (format!("src/{ONE}/up.sql"), format!("{ONE}/up.sql")),
        (format!("src/{ONE}/down.sql"), format!("{ONE}/down.sql")),
    ] {
        let before = package.text(&file);
        fs::write(package.path(&file), format!("{before} ")).unwrap();
        package.check_problems(&[Problem::Edited {
            version: ONE.to_owned(),
            files: vec![named],
        }]);
        fs::write(package.path(&file), before).unwrap();
        package.check_problems(&[]);
    }
    let rs = format!("src/{ONE}.rs");
    fs::write(
        package.path(&rs),
        format!("//! More.\n{}", package.text(&rs)),
    )
    .unwrap();
    package.check_problems(&[Problem::Edited {
        version: ONE.to_owned(),
        files: vec![format!("{ONE}.rs")],
    }]);

    // It does not keep the next one from being written, and locking anew settles it.
    package.add("three");
    let relocked = package.read().relock().unwrap();
    assert_eq!(relocked.edited, [ONE]);
    assert_eq!(relocked.moved, [TWO, THREE]);
    package.check_problems(&[]);
}

#[test]
fn what_is_gone_or_unknown_is_named() {
    let package = Package::new();
    package.add("one");
    package.add("two");
    let lib = package.text("src/lib.rs");
    fs::rename(
        package.path(&format!("src/{TWO}.rs")),
        package.path("two.rs"),
    )
    .unwrap();
    let gone = |version: &str| Problem::Gone {
        version: version.to_owned(),
    };
    let no_file = |version: &str| Problem::NoFile {
        version: version.to_owned(),
    };
    package.check_problems(&[
        Problem::Incomplete {
            version: TWO.to_owned(),
            missing: package.path(&format!("src/{TWO}.rs")),
        },
        gone(TWO),
        no_file(TWO),
    ]);
    fs::remove_dir_all(package.path(&format!("src/{TWO}"))).unwrap();
    package.check_problems(&[gone(TWO), no_file(TWO)]);
    assert!(matches!(
        write(&package.read(), &sql("three")),
        Err(MigrationsError::Problems { .. })
    ));

    // A file that somebody put there by hand.
    fs::rename(
        package.path("two.rs"),
        package.path(&format!("src/{THREE}.rs")),
    )
    .unwrap();
    fs::write(
        package.path("src/lib.rs"),
        lib.replace(&format!("mod {TWO};\n"), "")
            .replace(&format!("            Box::new({TWO}::Migration),\n"), ""),
    )
    .unwrap();
    package.check_problems(&[
        Problem::Unlocked {
            version: THREE.to_owned(),
        },
        gone(TWO),
        Problem::Unregistered {
            version: THREE.to_owned(),
        },
    ]);
    let relocked = package.read().relock().unwrap();
    assert_eq!(relocked.added, [THREE]);
    assert_eq!(relocked.removed, [TWO]);
}

#[test]
fn a_missing_sql_file_is_named() {
    let package = Package::new();
    package.add("one");
    let down = package.path(&format!("src/{ONE}/down.sql"));
    fs::remove_file(&down).unwrap();
    let problems = package.read().problems();
    assert_eq!(
        problems[0],
        Problem::Incomplete {
            version: ONE.to_owned(),
            missing: down
        }
    );
    assert!(matches!(
        package.read().relock(),
        Err(MigrationsError::Problems { .. })
    ));
}

/// Two people, one parent: git keeps the lines of both sides.
#[test]
fn two_branches_are_seen_after_the_merge() {
    let ours = Package::new();
    ours.add("one");
    let theirs = Package::new();
    theirs.add("one");
    ours.add("two");
    write(
        &theirs.read(),
        &NewMigration {
            at: at(30),
            ..sql("three")
        },
    )
    .unwrap();
    let three = "m20261122_101530_three";

    let merged = format!(
        "{}{}",
        ours.text("seachange.lock"),
        theirs.text("seachange.lock").lines().last().unwrap()
    );
    fs::write(ours.path("seachange.lock"), merged + "\n").unwrap();
    fs::create_dir(ours.path(&format!("src/{three}"))).unwrap();
    for file in [
        format!("src/{three}.rs"),
        format!("src/{three}/up.sql"),
        format!("src/{three}/down.sql"),
    ] {
        fs::copy(theirs.path(&file), ours.path(&file)).unwrap();
    }
    let lib = ours
        .text("src/lib.rs")
        .replace(&format!("mod {TWO};"), &format!("mod {TWO};\nmod {three};"))
        .replace(
            &format!("Box::new({TWO}::Migration),"),
            &format!("Box::new({three}::Migration), Box::new({TWO}::Migration),"),
        );
    fs::write(ours.path("src/lib.rs"), lib).unwrap();

    let branches = Problem::Branches {
        parent: Some(ONE.to_owned()),
        versions: vec![TWO.to_owned(), three.to_owned()],
    };
    ours.check_problems(&[
        branches.clone(),
        Problem::Order {
            version: three.to_owned(),
            before: TWO.to_owned(),
        },
    ]);
    match write(&ours.read(), &sql("four")) {
        Err(MigrationsError::Problems { problems }) => assert_eq!(problems, [branches]),
        other => panic!("{other:?}"),
    }
    assert_eq!(ours.read().relock().unwrap().moved, [three]);
    ours.check_problems(&[Problem::Order {
        version: three.to_owned(),
        before: TWO.to_owned(),
    }]);
}

#[test]
fn a_conflict_in_the_lock_is_named_by_line() {
    let package = Package::new();
    package.add("one");
    let lock = package.text("seachange.lock");
    fs::write(
        package.path("seachange.lock"),
        format!("{lock}<<<<<<< HEAD\n=======\n>>>>>>> theirs\n"),
    )
    .unwrap();
    package.check_problems(&[Problem::LockConflict { line: 6 }]);
    assert!(write(&package.read(), &sql("two")).is_err());
}

#[test]
fn nothing_is_written_when_something_fails() {
    let package = Package::new();
    package.add("one");

    // `lib.rs` changed between reading and writing.
    let folder = package.read();
    let lib = package.text("src/lib.rs");
    fs::write(
        package.path("src/lib.rs"),
        format!("{lib}// another hand\n"),
    )
    .unwrap();
    let before = package.snapshot();
    assert!(matches!(
        write(&folder, &sql("two")),
        Err(MigrationsError::ChangedMeanwhile { .. })
    ));
    assert_eq!(package.snapshot(), before);

    // A leftover in the way.
    fs::write(package.path(&format!("src/{TWO}")), "a file").unwrap();
    let before = package.snapshot();
    assert!(matches!(
        write(&package.read(), &sql("two")),
        Err(MigrationsError::Exists { .. })
    ));
    assert_eq!(package.snapshot(), before);

    // A `lib.rs` that syn can't read.
    fs::write(package.path("src/lib.rs"), "fn main( {}").unwrap();
    let before = package.snapshot();
    match write(&package.read(), &sql("two")) {
        Err(MigrationsError::Shape { lines, .. }) => assert_eq!(
            lines,
            [
                format!("mod {TWO};"),
                format!("Box::new({TWO}::Migration),")
            ]
        ),
        other => panic!("{other:?}"),
    }
    assert_eq!(package.snapshot(), before);
}

#[test]
fn a_folder_that_is_no_package_is_named() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("src")).unwrap();
    assert!(matches!(
        read(home.path()),
        Err(MigrationsError::NotAPackage { .. })
    ));
}
