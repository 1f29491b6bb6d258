//! The managed local PostgreSQL, with real servers in temporary homes: started by root and by an
//! ordinary user, killed, robbed of their files, asked for by many processes at once.

mod home;
mod recovery;
mod refusals;

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use home::{Home, ORDINARY, is_root, query, runtime};
use seachange::server::{self, Role, Stopped};
use sqlx::Connection;

#[test]
fn a_server_starts_once_is_reachable_both_ways_and_keeps_its_port() {
    let home = Home::new();
    let settings = home.settings();
    assert!(
        server::running(&settings, Role::Development)
            .expect("looks")
            .is_none()
    );
    let first = server::ensure(&settings, Role::Development).expect("starts");
    assert!(first.freshly_started);
    let again = server::ensure(&settings, Role::Development).expect("finds it running");
    assert!(!again.freshly_started);
    assert_eq!(
        (first.pid(), first.version(), first.url("a")),
        (again.pid(), again.version(), again.url("a"))
    );

    let version: String = query(&first.socket_url("postgres"), "SHOW server_version_num");
    assert_eq!(version, first.version().to_string());
    let user: String = query(&first.url("postgres"), "SELECT current_user::text");
    assert_eq!(user, server::SUPERUSER);
    let encoding: String = query(&first.url("postgres"), "SHOW server_encoding");
    assert_eq!(encoding, "UTF8");
    let fsync: String = query(&first.socket_url("postgres"), "SHOW fsync");
    assert_eq!(fsync, "on");
    let wrong = first.url("postgres").replacen("postgres:", "postgres:x", 2);
    let refused = runtime().block_on(sqlx::PgConnection::connect(&wrong));
    assert!(refused.is_err(), "a wrong password is refused on TCP");
    let listed = query::<String>(&first.socket_url("postgres"), "SHOW listen_addresses");
    assert_eq!(listed, "127.0.0.1");

    for private in [
        first.socket_folder().to_owned(),
        first.data().with_file_name("password"),
    ] {
        let mode = std::fs::metadata(&private)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{}", private.display());
    }
    assert!(!format!("{first:?}").contains("password"));

    let stop = || server::stop(&settings, Role::Development).expect("stops");
    assert_eq!(stop(), Stopped::Stopped);
    assert_eq!(stop(), Stopped::WasNotRunning);
    assert!(
        server::running(&settings, Role::Development)
            .expect("looks")
            .is_none()
    );
    let second = server::ensure(&settings, Role::Development).expect("starts again");
    assert_eq!(second.url("a"), first.url("a"));
    assert_ne!(second.pid(), first.pid());
}

#[test]
fn the_throwaway_server_is_fast_and_leaves_nothing() {
    let home = Home::new();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Throwaway).expect("starts");
    for setting in [
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "autovacuum",
    ] {
        let value: String = query(&server.socket_url("postgres"), &format!("SHOW {setting}"));
        assert_eq!(value, "off", "{setting}");
    }
    let most: String = query(&server.socket_url("postgres"), "SHOW max_connections");
    assert_eq!(most, "300");
    let (data, sockets) = (server.data(), server.socket_folder().to_owned());
    assert_eq!(
        server::stop(&settings, Role::Throwaway).expect("stops"),
        Stopped::Stopped
    );
    for gone in [
        data.as_path(),
        data.parent().expect("has one"),
        &sockets,
        sockets.parent().expect("has one"),
    ] {
        assert!(!gone.exists(), "{}", gone.display());
    }
    // The second time it is copied from the cluster made for the first.
    let again = server::ensure(&settings, Role::Throwaway).expect("starts again");
    assert!(again.freshly_started);
    let user: String = query(&again.url("postgres"), "SELECT current_user::text");
    assert_eq!(user, server::SUPERUSER);
}

#[test]
fn both_servers_live_side_by_side_and_the_caller_can_end() {
    let home = Home::with_data();
    let development = home.call("ensure", Role::Development).expect("starts");
    let throwaway = home.call("ensure", Role::Throwaway).expect("starts");
    assert_ne!(development.pid, throwaway.pid);
    // Both were started by processes that have ended.
    for role in [Role::Development, Role::Throwaway] {
        let server = server::running(&home.settings(), role)
            .expect("looks")
            .expect("runs");
        let one: i32 = query(&server.socket_url("postgres"), "SELECT 1");
        assert_eq!(one, 1);
    }
    assert_eq!(
        server::stop(&home.settings(), Role::Throwaway).expect("stops"),
        Stopped::Stopped
    );
    let left = server::running(&home.settings(), Role::Development).expect("looks");
    assert_eq!(left.map(|server| server.pid()), Some(development.pid));
}

#[test]
fn eight_processes_at_once_get_one_server() {
    for role in [Role::Throwaway, Role::Development] {
        let home = Home::new();
        let calls: Vec<_> = (0..8).map(|_| home.start_call("ensure", role)).collect();
        let answers: Vec<_> = calls
            .into_iter()
            .map(|call| call.answer().expect("gets the server"))
            .collect();
        let fresh = answers.iter().filter(|answer| answer.fresh).count();
        assert_eq!(fresh, 1, "one of them starts it");
        assert!(
            answers
                .iter()
                .all(|answer| answer.pid == answers[0].pid && answer.url == answers[0].url)
        );
    }
}

#[test]
fn an_ordinary_user_runs_servers_as_itself() {
    let home = Home::of_ordinary();
    let answer = home.call("ensure", Role::Development).expect("starts");
    let owner = std::fs::metadata(format!("/proc/{}", answer.pid)).map(|process| process.uid());
    let caller = if is_root() { ORDINARY } else { home::uid() };
    if let Ok(owner) = owner {
        assert_eq!(owner, caller);
    }
    // Root goes on with the same server and the same data, as their owner.
    let settings = home.settings();
    let seen = server::ensure(&settings, Role::Development).expect("finds it");
    assert_eq!((seen.pid(), seen.url("a")), (answer.pid, answer.url));
    server::stop(&settings, Role::Development).expect("stops");
    let anew = server::ensure(&settings, Role::Development).expect("starts");
    if let Ok(process) = std::fs::metadata(format!("/proc/{}", anew.pid())) {
        assert_eq!(process.uid(), caller);
    }
    server::stop(&settings, Role::Development).expect("stops");
    home.call("ensure", Role::Development)
        .expect("the user still can");
}

#[test]
fn root_finds_a_place_that_the_servers_user_can_enter() {
    if !is_root() {
        return; // An ordinary user enters its own folders.
    }
    let home = Home::new();
    home.close();
    for role in [Role::Development, Role::Throwaway] {
        let server = server::ensure(&home.settings(), role).expect("starts");
        assert!(!server.data().starts_with(home.path()));
        let one: i32 = query(&server.socket_url("postgres"), "SELECT 1");
        assert_eq!(one, 1);
    }
    let note = std::fs::read_to_string(home.path().join("place.txt")).expect("there is a note");
    assert!(note.starts_with("/var/tmp/seachange-"), "{note}");
    server::stop(&home.settings(), Role::Development).expect("stops");
    // The place stays the same when the home could be entered later.
    home.open();
    let server = server::ensure(&home.settings(), Role::Development).expect("starts");
    assert!(!server.freshly_started || !server.data().starts_with(home.path()));
    assert!(
        server
            .data()
            .starts_with(note.lines().next().expect("has a line"))
    );
}

#[test]
fn a_home_with_a_very_long_path_is_fine() {
    let home = Home::below(&format!("{}/{}", "a".repeat(120), "b c".repeat(40)));
    let server = server::ensure(&home.settings(), Role::Throwaway).expect("starts");
    let one: i32 = query(&server.socket_url("postgres"), "SELECT 1");
    assert_eq!(one, 1);
    assert!(server.socket_folder().as_os_str().len() < 60);
}

#[test]
fn doctor_says_what_was_taken_and_what_runs() {
    let home = Home::new();
    let settings = home.settings();
    let found = |topic: &str| {
        let findings = server::doctor(&settings);
        let texts: Vec<String> = findings
            .into_iter()
            .filter(|finding| finding.topic == topic)
            .map(|finding| finding.found)
            .collect();
        texts.join("\n")
    };
    assert!(found("development server").contains("does not run, no data yet"));
    assert!(found("programs").contains("taken, the first that will do"));
    assert!(!home.path().join("development").exists(), "it only looks");
    let server = server::ensure(&settings, Role::Development).expect("starts");
    assert!(found("development server").contains(&format!("process {}", server.pid())));
    assert!(found("programs").contains("like the data"));
}
