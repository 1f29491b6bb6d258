//! A backup before the first migration: made, listed, named and kept, or nothing is done.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::child::{M, Setting, finished, is};
use super::database::{TestDatabase, execute};
use crate::backup::no_pg_dump;

const UP: &str = "ALTER TABLE log ADD COLUMN later int;\n";
const DOWN: &str = "ALTER TABLE log DROP COLUMN later;\n";

/// A folder with a name, since `/` begins the arguments of nothing else here.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn flags(&self) -> String {
        format!("--backup --backup-dir {}", self.path().display())
    }

    /// Whatever is in it, partial ones too.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn only(&self) -> PathBuf {
        let names = self.names();
        assert_eq!(names.len(), 1, "{names:?}");
        self.path().join(&names[0])
    }

    /// Programs of PostgreSQL's names that do what the scripts say.
    fn programs(&self, scripts: &[(&str, &str)]) {
        for (name, script) in scripts {
            let path = self.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

/// The archive as SQL.
fn sql(archive: &Path) -> String {
    let output = Command::new("pg_restore")
        .args(["-f", "-"])
        .arg(archive)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn name_of(path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.split('.').map(str::to_owned).collect()
}

#[tokio::test]
async fn the_database_as_it_was_before_the_first_migration() {
    let setting = Setting::new(UP, DOWN).await;
    if no_pg_dump(&setting.database.url) {
        return;
    }
    setting
        .database
        .execute("INSERT INTO log VALUES (42)")
        .await;
    let folder = Folder::new();
    let text = setting.run(&format!("up {}", folder.flags()), 0);
    let archive = folder.only();
    assert!(
        text.contains(&format!("backed up to {}", archive.display())),
        "{text}"
    );
    let mode = fs::metadata(&archive).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let [database, _, version, _, ending] = &name_of(&archive)[..] else {
        panic!("{archive:?}");
    };
    let name = setting.database.value("SELECT current_database()").await;
    assert_eq!(Some(database), name.as_ref());
    assert_eq!((version.as_str(), ending.as_str()), ("unmigrated", "dump"));
    let before = sql(&archive);
    assert!(
        before.contains("COPY public.log (n)") && before.contains("\n42\n"),
        "{before}"
    );
    assert!(!before.contains("later"), "{before}");

    // Nothing to do, nothing to lose.
    let text = setting.run(&format!("up {}", folder.flags()), 0);
    assert!(text.contains("no backup was made"), "{text}");
    folder.only();

    let jobs = Folder::new();
    let text = setting.run(&format!("down {} --backup-jobs 2 --json", jobs.flags()), 0);
    let archive = jobs.only();
    assert_eq!(
        (&name_of(&archive)[2][..], &name_of(&archive)[4][..]),
        (M, "dir")
    );
    assert!(
        text.contains("\"backup\": {") && text.contains("\"entries\": "),
        "{text}"
    );
    assert!(sql(&archive).contains("later"));
    for entry in fs::read_dir(&archive).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn older_ones_of_the_same_database_go_and_no_others() {
    let setting = Setting::new(UP, DOWN).await;
    if no_pg_dump(&setting.database.url) {
        return;
    }
    let folder = Folder::new();
    setting.run(&format!("up {}", folder.flags()), 0);
    let parts = name_of(&folder.only());
    let with = |at: &str, database: &str, server: &str, ending: &str| {
        format!("{database}.{at}.{M}.{server}.{ending}")
    };
    let (database, server) = (parts[0].as_str(), parts[3].as_str());
    let old = "20200101T000000Z";
    let gone = [
        with(old, database, server, "dump"),
        with(old, database, server, "dir"),
    ];
    let stay = [
        with(old, "another", server, "dump"),
        with(old, database, "00000000", "dump"),
        with("2020-01-01", database, server, "dump"),
        format!("{database}.sql"),
        format!("{}.mine", with(old, database, server, "dump")),
    ];
    for name in gone.iter().chain(&stay) {
        let path = folder.path().join(name);
        match name.ends_with(".dir") {
            true => fs::create_dir(path).unwrap(),
            false => fs::write(path, "").unwrap(),
        }
    }
    // What fails deletes nothing.
    let programs = Folder::new();
    programs.programs(&[
        (
            "pg_dump",
            "[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.0' && exit; echo half; exit 1",
        ),
        ("pg_restore", "echo 'pg_restore (PostgreSQL) 99.0'"),
    ]);
    let flags = format!("{} --keep 7d", folder.flags());
    let bin = programs.path().display();
    let before = folder.names();
    let text = setting.run(&format!("down {flags} --server-bin {bin}"), 1);
    assert!(
        text.contains("there is no backup, so nothing was done"),
        "{text}"
    );
    assert_eq!(folder.names(), before);
    assert_eq!(setting.database.applied().await, [M]);

    let text = setting.run(&format!("down {flags}"), 0);
    let names = folder.names();
    for name in &gone {
        assert!(
            text.contains(&format!(
                "deleted the older backup {}",
                folder.path().join(name).display()
            )),
            "{text}"
        );
        assert!(!names.contains(name), "{names:?}");
    }
    for name in stay.iter().chain([&parts.join(".")]) {
        assert!(names.contains(name), "{name} of {names:?}");
    }
    assert_eq!(names.len(), stay.len() + 2);
}

#[tokio::test]
async fn an_older_pg_dump_is_refused() {
    let setting = Setting::new(UP, DOWN).await;
    let programs = Folder::new();
    programs.programs(&[("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")]);
    let folder = Folder::new();
    let line = format!(
        "up {} --server-bin {}",
        folder.flags(),
        programs.path().display()
    );
    let text = setting.run(&line, 3);
    let server = setting
        .database
        .value("SELECT current_setting('server_version_num')")
        .await;
    let major = server.unwrap()[..2].to_owned();
    for words in [
        format!("the server is PostgreSQL {major}."),
        "found 9.6".to_owned(),
        format!("postgresql-client-{major}"),
    ] {
        assert!(text.contains(&words), "{words}: {text}");
    }
    let nothing = Folder::new();
    let line = format!(
        "up {} --server-bin {}",
        folder.flags(),
        nothing.path().display()
    );
    let text = setting.run(&line, 3);
    assert!(text.contains("`pg_dump` was not found in"), "{text}");
    assert_eq!(folder.names(), [""; 0]);
    setting
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;
}

/// Every user of a machine can read the command lines of all processes.
#[tokio::test]
async fn the_password_is_on_no_command_line() {
    let setting = Setting::new(UP, DOWN).await;
    let programs = Folder::new();
    let script = "[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.0' && exit; \
        echo \"words: $*\" >&2; echo \"password: $PGPASSWORD\" >&2; exit 1";
    programs.programs(&[
        ("pg_dump", script),
        ("pg_restore", "echo 'pg_restore (PostgreSQL) 99.0'"),
    ]);
    let folder = Folder::new();
    let line = format!(
        "up {} --server-bin {}",
        folder.flags(),
        programs.path().display()
    );
    let url = setting
        .database
        .url
        .replacen("postgres@", "postgres:s3%20cret@", 1);
    let text = finished(setting.command_on(&url, &line).output().unwrap(), 1);
    assert!(text.contains("password: s3 cret"), "{text}");
    let words = text.lines().find(|line| line.contains("words: ")).unwrap();
    assert!(
        words.contains("--dbname=postgres") && !words.contains("s3"),
        "{words}"
    );
    assert_eq!(text.matches("s3").count(), 1, "{text}");
}

#[tokio::test]
async fn what_cannot_be_listed_is_no_backup() {
    let setting = Setting::new(UP, DOWN).await;
    if no_pg_dump(&setting.database.url) {
        return;
    }
    let programs = Folder::new();
    programs.programs(&[
        (
            "pg_dump",
            "[ $1 = --version ] && exec pg_dump --version; echo no archive",
        ),
        ("pg_restore", "exec pg_restore \"$@\""),
    ]);
    let folder = Folder::new();
    let line = format!(
        "up {} --server-bin {}",
        folder.flags(),
        programs.path().display()
    );
    let text = setting.run(&line, 1);
    assert!(text.contains("can't be read as a backup"), "{text}");
    assert_eq!(folder.names(), [""; 0]);
    setting
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;
}

#[test]
fn a_folder_has_to_be_named() {
    let url = "postgres://ada@127.0.0.1:1/app";
    for line in [
        "up --backup",
        "up --keep 7d --backup-dir /tmp",
        "up --backup --backup-dir /tmp --keep 7w",
        "up --backup --backup-dir /tmp --dry-run",
        "status --backup --backup-dir /tmp",
    ] {
        super::process::run(url, line, 64);
    }
}

/// Holds pg_dump up: it locks every table before it begins.
async fn held(database: &TestDatabase) -> sqlx::PgConnection {
    let mut connection = database.connect().await;
    execute(&mut connection, "BEGIN; LOCK TABLE log").await;
    connection
}

const DUMPING: &str = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%' AND application_name <> 'seachange test'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ctrl_c_ends_pg_dump_and_leaves_no_file() {
    let setting = Setting::new(UP, DOWN).await;
    if no_pg_dump(&setting.database.url) {
        return;
    }
    let _holder = held(&setting.database).await;
    let folder = Folder::new();
    let child = setting
        .spawn_until(&format!("up {}", folder.flags()), DUMPING)
        .await;
    assert_eq!(
        folder.names().len(),
        1,
        "what is not whole has another name"
    );
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let text = finished(child.wait_with_output().unwrap(), 130);
    assert!(
        text.contains("interrupted while the backup was made: nothing was done"),
        "{text}"
    );
    assert_eq!(folder.names(), [""; 0]);
    setting
        .check("SELECT to_regclass('seaql_migrations') IS NULL", "true")
        .await;
    // On the server, too.
    let mut connection = setting.database.connect().await;
    while is(&mut connection, DUMPING).await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_killed_leaves_nothing_that_passes_for_a_backup() {
    let setting = Setting::new(UP, DOWN).await;
    if no_pg_dump(&setting.database.url) {
        return;
    }
    let mut holder = held(&setting.database).await;
    let folder = Folder::new();
    setting
        .kill_when(&format!("up {}", folder.flags()), DUMPING)
        .await;
    let left = folder.names();
    assert!(
        left.len() == 1 && left[0].starts_with('.') && left[0].ends_with(".partial"),
        "{left:?}"
    );
    // pg_dump itself was not killed; it goes when its session does.
    execute(
        &mut holder,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LOCK TABLE%' \
        AND datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    execute(&mut holder, "ROLLBACK").await;
    let unlocked = || {
        fs::File::open(folder.path().join(&left[0]))
            .unwrap()
            .try_lock()
            .is_ok()
    };
    while !unlocked() {
        tokio::task::yield_now().await;
    }
    setting.run(&format!("up {}", folder.flags()), 0);
    assert!(sql(&folder.only()).contains("CREATE TABLE public.log"));
}
