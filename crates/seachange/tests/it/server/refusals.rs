//! What cannot be mended from here is refused, and the refusal names the path and the remedy.

use std::fs;
use std::os::unix::fs::chown;

use seachange::server::{self, Role, ServerError};

use super::home::{Home, ORDINARY, is_root, set_mode, told};

/// Every part is in the error as it would be printed.
fn assert_told(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn data_of_another_version_are_left_alone() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    server::stop(&settings, Role::Development).expect("stops");
    let marker = server.data().join("PG_VERSION");
    fs::write(&marker, "9\n").expect("writes");
    let error = server::ensure(&settings, Role::Development).expect_err("no such programs");
    assert!(matches!(error, ServerError::DataVersion { data: 9, .. }));
    let data = server.data();
    assert_told(
        &told(&error),
        &[
            &data.to_string_lossy(),
            "PostgreSQL 9,",
            &server::version_text(server.version()),
            "db install 9",
        ],
    );
    assert_eq!(fs::read_to_string(&marker).expect("is there"), "9\n");
    assert!(server::doctor(&settings).iter().any(|finding| {
        finding.verdict == server::Verdict::Bad && finding.found.contains("none of version 9")
    }));
}

#[test]
fn a_folder_that_is_no_cluster_is_left_alone() {
    let home = Home::new();
    let data = home.path().join("development/data");
    fs::create_dir_all(&data).expect("creates");
    if is_root() {
        chown(data.parent().expect("has one"), Some(ORDINARY), None).expect("root may");
    }
    fs::write(data.join("thesis.txt"), "years of work").expect("writes");
    let error = server::ensure(&home.settings(), Role::Development).expect_err("not a cluster");
    assert_told(&told(&error), &[&data.to_string_lossy(), "move"]);
    assert!(data.join("thesis.txt").exists());
}

#[test]
fn a_home_that_cannot_be_written_is_named() {
    let home = Home::new().called_by_ordinary();
    let workspace = home.path().parent().expect("has one").to_owned();
    set_mode(&workspace, 0o555);
    for role in [Role::Development, Role::Throwaway] {
        let error = home.call("ensure", role).expect_err("may not write");
        assert_told(
            &error,
            &[
                &home.path().to_string_lossy(),
                "Permission denied",
                "help: let user",
                "DATABASE_URL",
            ],
        );
    }
    set_mode(&workspace, 0o755);
}

#[test]
fn a_home_that_the_caller_cannot_enter_is_named() {
    let home = Home::new().called_by_ordinary();
    let workspace = home.path().parent().expect("has one").to_owned();
    set_mode(&workspace, 0);
    let error = home.call("ensure", Role::Development);
    set_mode(&workspace, 0o755);
    assert_told(
        &error.expect_err("may not enter"),
        &[
            &home.path().to_string_lossy(),
            "Permission denied",
            "help: ",
        ],
    );
}

#[test]
fn data_behind_a_closed_door_are_not_replaced() {
    if !is_root() {
        return; // An ordinary user enters its own folders.
    }
    let home = Home::with_data();
    home.close();
    let error = server::ensure(&home.settings(), Role::Development).expect_err("cannot be entered");
    let workspace = home.path().parent().expect("has one").to_owned();
    assert_told(
        &told(&error),
        &[&format!("chmod o+x {}", workspace.display())],
    );
    assert!(
        server::doctor(&home.settings())
            .iter()
            .any(|finding| { finding.topic == "home" && finding.verdict == server::Verdict::Bad })
    );
}

#[test]
fn programs_that_are_none_are_named() {
    let mut home = Home::new();
    let folder = home.path().parent().expect("has one").join("bin");
    home.programs = Some(folder.clone());
    let folder_text = folder.to_string_lossy().into_owned();
    let refusal = |home: &Home| {
        told(&server::ensure(&home.settings(), Role::Throwaway).expect_err("no programs"))
    };
    assert_told(
        &refusal(&home),
        &[&folder_text, "no `postgres`", "SEACHANGE_PG_BIN"],
    );

    fs::create_dir(&folder).expect("creates");
    for (name, script) in [
        ("postgres", "echo 'postgres (PostgreSQL) 9.6.24'"),
        ("initdb", "true"),
    ] {
        fs::write(folder.join(name), format!("#!/bin/sh\n{script}\n")).expect("writes");
        set_mode(&folder.join(name), 0o755);
    }
    assert_told(
        &refusal(&home),
        &[&folder_text, "PostgreSQL 9.6 is older than 14"],
    );

    fs::write(
        folder.join("postgres"),
        "#!/bin/sh\necho 'cannot load libssl' >&2; exit 127\n",
    )
    .expect("writes");
    assert_told(&refusal(&home), &["cannot load libssl"]);
}

#[test]
fn an_initdb_that_fails_says_why_and_leaves_nothing() {
    let mut home = Home::new();
    let folder = home.path().parent().expect("has one").join("bin");
    fs::create_dir(&folder).expect("creates");
    for (name, script) in [
        ("postgres", "echo 'postgres (PostgreSQL) 17.1'"),
        (
            "initdb",
            "echo 'could not write: No space left on device' >&2; exit 1",
        ),
    ] {
        fs::write(folder.join(name), format!("#!/bin/sh\n{script}\n")).expect("writes");
        set_mode(&folder.join(name), 0o755);
    }
    home.programs = Some(folder);
    let error = server::ensure(&home.settings(), Role::Development).expect_err("fails");
    let data = home.path().join("development/data");
    assert_told(
        &told(&error),
        &[
            &data.to_string_lossy(),
            "No space left on device",
            "MiB free",
            "make some",
        ],
    );
    let left: Vec<_> = fs::read_dir(home.path().join("development"))
        .expect("is there")
        .map(|entry| entry.expect("is readable").file_name())
        .collect();
    assert_eq!(left, ["password"]);
}

#[test]
fn a_memory_folder_that_somebody_else_made_is_passed_over() {
    if !is_root() {
        return; // Only root can make a folder that belongs to somebody else.
    }
    let home = Home::with_data();
    let server = server::ensure(&home.settings(), Role::Throwaway).expect("starts");
    let folder = server.data().parent().expect("has one").to_owned();
    server::stop(&home.settings(), Role::Throwaway).expect("stops");
    if folder.starts_with(home.path()) {
        return; // This machine has no room in memory.
    }
    fs::create_dir(&folder).expect("creates");
    chown(&folder, Some(12345), None).expect("root may");
    let elsewhere = server::ensure(&home.settings(), Role::Throwaway).map(|server| server.data());
    server::stop(&home.settings(), Role::Throwaway).expect("stops");
    fs::remove_dir(&folder).expect("is still there, and empty");
    assert!(elsewhere.expect("starts").starts_with(home.path()));
}

#[test]
fn a_socket_folder_that_somebody_else_made_is_refused() {
    if !is_root() {
        return; // Only root can make a folder that belongs to somebody else.
    }
    let home = Home::with_data();
    let server = server::ensure(&home.settings(), Role::Throwaway).expect("starts");
    let sockets = server.socket_folder().parent().expect("has one").to_owned();
    server::stop(&home.settings(), Role::Throwaway).expect("stops");
    fs::create_dir(&sockets).expect("creates");
    chown(&sockets, Some(12345), None).expect("root may");
    let error = server::ensure(&home.settings(), Role::Throwaway).expect_err("is not ours");
    fs::remove_dir(&sockets).expect("removes");
    assert_told(
        &told(&error),
        &[&sockets.to_string_lossy(), "user 12345", "remove"],
    );
}
