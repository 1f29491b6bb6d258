//! What a crash, a full disk or a careless hand leaves behind, and that the next start copes.

use std::fs;

use rustix::process::Signal;
use seachange::server::{self, Role};

use super::home::{Home, execute, kill, query, signal};

#[test]
fn a_killed_server_comes_back_with_its_data() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    let url = server.socket_url("postgres");
    execute(
        &url,
        "CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 100)",
    );
    kill(server.pid());
    let after = server::ensure(&settings, Role::Development).expect("recovers");
    assert_ne!(after.pid(), server.pid());
    assert_eq!(after.url("a"), server.url("a"));
    let rows: i64 = query(&after.socket_url("postgres"), "SELECT count(*) FROM kept");
    assert_eq!(rows, 100);
}

#[test]
fn a_killed_server_with_busy_children_comes_back() {
    let home = Home::with_data();
    let settings = home.settings();
    for role in [Role::Development, Role::Throwaway] {
        let server = server::ensure(&settings, role).expect("starts");
        let url = server.socket_url("postgres");
        // A backend that computes does not notice the death of its postmaster, and holds the shared memory.
        let busy = std::thread::spawn(move || {
            let count =
                "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000) b";
            std::panic::catch_unwind(|| query::<i64>(&url, count)).is_err()
        });
        let running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()";
        while query::<i64>(&server.socket_url("postgres"), running) == 0 {}
        kill(server.pid());
        let after = server::ensure(&settings, role).expect("recovers");
        assert_ne!(after.pid(), server.pid());
        assert!(busy.join().expect("ends"), "the busy one was ended");
    }
}

#[test]
fn a_killed_server_with_a_stopped_child_comes_back_with_its_data() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    let url = server.socket_url("postgres");
    execute(&url, "CREATE TABLE kept AS SELECT 1 AS id");
    let writer: i32 = query(
        &url,
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'",
    );
    // Hears SIGKILL alone, as a process that hangs.
    signal(writer.cast_unsigned(), Signal::STOP);
    kill(server.pid());
    let after = server::ensure(&settings, Role::Development).expect("recovers");
    let rows: i64 = query(&after.socket_url("postgres"), "SELECT count(*) FROM kept");
    assert_eq!(rows, 1);
}

#[test]
fn a_pid_file_that_lies_is_no_obstacle() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    let pid_file = server.data().join("postmaster.pid");
    let ready = fs::read_to_string(&pid_file).expect("is there");
    let gone = server.pid().to_string();
    server::stop(&settings, Role::Development).expect("stops");
    // Of a process that is gone; of one that lives and is no server; cut off by a full disk.
    let another = ready.replacen(&gone, &std::process::id().to_string(), 1);
    for text in [ready.as_str(), another.as_str(), ""] {
        fs::write(&pid_file, text).expect("writes");
        assert!(
            server::running(&settings, Role::Development)
                .expect("looks")
                .is_none()
        );
        let server = server::ensure(&settings, Role::Development).expect("starts");
        assert!(server.freshly_started);
        server::stop(&settings, Role::Development).expect("stops");
    }
}

#[test]
fn lost_sockets_passwords_and_ports_are_replaced() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    fs::remove_dir_all(server.socket_folder()).expect("removes");
    let reachable = server::ensure(&settings, Role::Development).expect("starts again");
    assert_ne!(reachable.pid(), server.pid());

    fs::remove_file(server.data().with_file_name("password")).expect("removes");
    let changed = server::ensure(&settings, Role::Development).expect("starts again");
    assert_ne!(changed.url("a"), server.url("a"));
    let one: i32 = query(&changed.url("postgres"), "SELECT 1");
    assert_eq!(one, 1);

    server::stop(&settings, Role::Development).expect("stops");
    let taken = std::net::TcpListener::bind(("127.0.0.1", changed.port())).expect("is free now");
    let moved = server::ensure(&settings, Role::Development).expect("starts");
    assert_eq!(moved.port_moved_from, Some(changed.port()));
    assert_ne!(moved.port(), changed.port());
    drop(taken);
}

#[test]
fn broken_throwaway_data_are_made_anew() {
    let home = Home::with_data();
    let settings = home.settings();
    let data = server::ensure(&settings, Role::Throwaway)
        .expect("starts")
        .data();
    for broken in ["PG_VERSION", "global/pg_control", "postgresql.conf"] {
        let pid = server::running(&settings, Role::Throwaway)
            .expect("looks")
            .expect("runs")
            .pid();
        kill(pid);
        fs::write(data.join(broken), "99\n").expect("writes");
        let server = server::ensure(&settings, Role::Throwaway).expect("starts");
        let one: i32 = query(&server.socket_url("postgres"), "SELECT 1");
        assert_eq!(one, 1, "{broken}");
    }
}

#[test]
fn what_a_killed_initdb_left_is_swept() {
    let home = Home::with_data();
    let settings = home.settings();
    let server = server::ensure(&settings, Role::Development).expect("starts");
    server::stop(&settings, Role::Development).expect("stops");
    let (data, half) = (server.data(), server.data().with_file_name("data.new-1"));
    fs::rename(&data, &half).expect("renames");
    let anew = server::ensure(&settings, Role::Development).expect("starts");
    assert_eq!(anew.data(), data);
    assert!(!half.exists());
}
