//! What a run tells and allows while it goes on: who is in the way, how far it has come, how long a
//! statement may take.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use seachange::runner::{Event, Extent, Interrupt, Run, RunnerError, Settings, Target};

use super::child::{Setting, open, waits_at, waits_with};
use super::database::{TestDatabase, execute};
use super::migrator::{Command, Migrator, call, sql};

const A: &str = "m20260101_000000_a";

/// Those who keep a statement from its lock are named while it waits, inside a transaction and outside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_the_way_is_named() {
    for header in ["", "-- seachange: no-transaction\n"] {
        let database = TestDatabase::new().await;
        database.execute("CREATE TABLE t (id int)").await;
        let mut idle = database.connect().await;
        execute(
            &mut idle,
            "SET application_name = 'report'; BEGIN; SELECT * FROM t",
        )
        .await;
        let pid = sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()")
            .fetch_one(&mut idle)
            .await
            .unwrap();
        let text = format!("{header}ALTER TABLE t ADD COLUMN x int;\n");
        let settings = Settings {
            lock_timeout: Duration::from_millis(200),
            tries: 2,
            ..Settings::default()
        };
        let outcome = call(
            &Migrator::of(&[sql(A, &text, "")]).program(),
            &database.url,
            &settings,
            Interrupt::never(),
            Command::Up(Extent::All),
        )
        .await;
        let RunnerError::Failed(failure) = outcome.error() else {
            panic!("{outcome:?}");
        };
        assert_eq!(failure.sqlstate.as_deref(), Some("55P03"));
        let blocker = &failure.blockers[0];
        assert_eq!(
            (blocker.pid, blocker.application_name.as_str()),
            (pid, "report")
        );
        assert_eq!(blocker.state, "idle in transaction");
        let text = outcome.error().to_string();
        assert!(
            text.contains(&format!("in the way: process {pid} `report` of role")),
            "{text}"
        );
        let named = |event: &&Event| match event {
            Event::Blocked { blockers, .. } | Event::Retrying { blockers, .. } => {
                blockers.iter().any(|one| one.pid == pid)
            }
            _ => false,
        };
        assert!(
            outcome.events.iter().filter(named).count() >= 2,
            "{:?}",
            outcome.events
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_locks_and_does_not_end_is_stopped() {
    for header in ["", "-- seachange: no-transaction\n"] {
        let setting = Setting::new(
            &format!("{header}ALTER TABLE log ADD COLUMN x int DEFAULT gate(1);\n"),
            "",
        )
        .await;
        setting.database.execute("INSERT INTO log VALUES (1)").await;
        let _holder = setting.hold([1]).await;
        let text = setting.run("up --statement-timeout 200ms --lock-timeout 0", 1);
        assert!(
            text.contains("SQLSTATE 57014") && text.contains("a longer `--statement-timeout`"),
            "{text}"
        );
    }
}

/// An index build is watched over the connection that holds the lock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_far_an_index_build_has_come_is_told() {
    let database = TestDatabase::new().await;
    database.execute("CREATE TABLE t (id int)").await;
    let mut writer = database.connect().await;
    execute(&mut writer, "BEGIN; INSERT INTO t VALUES (1)").await;
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let (seen, url) = (Arc::clone(&events), database.url.clone());
    let runner = tokio::spawn(async move {
        let text = "-- seachange: no-transaction\nCREATE INDEX CONCURRENTLY t_id ON t (id);\n";
        let program = Migrator::of(&[sql(A, text, "")]).program();
        let settings = Settings::default();
        let mut run = Run {
            program: &program,
            target: &Target::new(url),
            settings: &settings,
            interrupt: Interrupt::never(),
            observe: &mut move |event| seen.lock().unwrap().push(event),
        };
        seachange::runner::up(&mut run, &Extent::All).await
    });
    let told = |event: &Event| match event {
        Event::Progress {
            statement,
            of,
            working: Some(working),
            ..
        } => (*statement, *of, working.phase.starts_with("waiting for")) == (1, 1, true),
        _ => false,
    };
    while !events.lock().unwrap().iter().any(told) {
        assert!(!runner.is_finished());
        tokio::task::yield_now().await;
    }
    execute(&mut writer, "COMMIT").await;
    runner.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_runner_is_waited_for_or_not() {
    let setting = Setting::new("INSERT INTO log VALUES (gate(1));\n", "").await;
    let mut holder = setting.hold([1]).await;
    let first = setting
        .spawn_until("up --lock-timeout 0", &waits_at(1))
        .await;
    let text = setting.run("up --no-wait", 1);
    assert!(
        text.contains("another runner holds the migration lock (process ")
            && text.contains("`seachange migration lock`"),
        "{text}"
    );
    open(&mut holder, 1).await;
    super::child::finished(first.wait_with_output().unwrap(), 0);
    setting.check("SELECT count(*) FROM log", "1").await;
}

/// Without a terminal, what is told many times is a line now and then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_run_left_is_said_to_be_waited_for() {
    let setting = Setting::new(
        "-- seachange: no-transaction\nCREATE INDEX CONCURRENTLY log_n ON log (n);\n",
        "",
    )
    .await;
    let mut writer = setting.database.connect().await;
    execute(&mut writer, "BEGIN; INSERT INTO log VALUES (1)").await;
    let building = waits_with("CREATE INDEX CONCURRENTLY");
    setting.kill_when("up", &building).await;
    let mut next = setting.command("up").spawn().unwrap();
    let mut text = String::new();
    let mut stderr = std::io::BufReader::new(next.stderr.take().unwrap());
    while !text.contains("in the way: ") {
        assert_ne!(
            std::io::BufRead::read_line(&mut stderr, &mut text).unwrap(),
            0,
            "{text}"
        );
    }
    assert!(
        text.contains("which a killed run left at: CREATE INDEX CONCURRENTLY log_n"),
        "{text}"
    );
    execute(&mut writer, "COMMIT").await;
    let status = next.wait().unwrap();
    assert!(status.success());
    setting
        .check(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'log_n'::regclass",
            "true",
        )
        .await;
}
