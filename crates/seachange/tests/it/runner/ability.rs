//! Servers that can't do everything: a proxy refuses, or answers otherwise, what they would not know. What the
//! server behind it says to that is PostgreSQL's own.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::task::JoinHandle;

use super::child::{M, Setting, finished};
use super::database::TestDatabase;
use super::process;
use super::proxy::Front;

/// What holds the first becomes the second.
type Rule = (&'static str, &'static str);

/// No SQL: the server answers with a syntax error.
const REFUSED: &str = "refused";

/// A proxy in front of a database, as long as it lives.
struct Lesser {
    url: String,
    proxy: JoinHandle<()>,
}

impl Lesser {
    async fn new(database: &TestDatabase, rules: &'static [Rule]) -> Self {
        let front = Front::before(database).await;
        let url = front.url.clone();
        let proxy = tokio::spawn(async move {
            // All of it, also the folder of the socket.
            let front = front;
            loop {
                let (client, _) = front.listener.accept().await.unwrap();
                let server = UnixStream::connect(&front.server).await.unwrap();
                let (from_server, to_server) = server.into_split();
                let (from_client, to_client) = client.into_split();
                tokio::spawn(asked(from_client, to_server, rules));
                tokio::spawn(answered(from_server, to_client));
            }
        });
        Self { url, proxy }
    }

    async fn run(&self, arguments: &str, code: i32) -> (String, String) {
        let mut command = process::command(&self.url, arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        process::finished(output.await.unwrap(), code)
    }
}

impl Drop for Lesser {
    fn drop(&mut self) {
        self.proxy.abort();
    }
}

async fn answered(mut server: OwnedReadHalf, mut client: OwnedWriteHalf) {
    // Whoever has gone has gone.
    let _ = tokio::io::copy(&mut server, &mut client).await;
}

/// Message by message: the text of a query, or of one that is prepared, is what the rules are about.
async fn asked(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    rules: &[Rule],
) -> Option<()> {
    let mut kind = None;
    loop {
        let length = client.read_i32().await.ok()?;
        let mut body = vec![0; usize::try_from(length).ok()? - 4];
        client.read_exact(&mut body).await.ok()?;
        if let Some(kind) = kind {
            server.write_u8(kind).await.ok()?;
            body = ruled(kind, body, rules);
        }
        let length = i32::try_from(body.len() + 4).ok()?;
        server.write_i32(length).await.ok()?;
        server.write_all(&body).await.ok()?;
        kind = Some(client.read_u8().await.ok()?);
    }
}

fn ruled(kind: u8, body: Vec<u8>, rules: &[Rule]) -> Vec<u8> {
    // A message to prepare has the statement's name before its text.
    let from = match kind {
        b'Q' => 0,
        b'P' => body.iter().position(|byte| *byte == 0).unwrap() + 1,
        _ => return body,
    };
    let end = from + body[from..].iter().position(|byte| *byte == 0).unwrap();
    let text = String::from_utf8_lossy(&body[from..end]).into_owned();
    match rules.iter().find(|(holds, _)| text.contains(holds)) {
        Some((_, becomes)) => [&body[..from], becomes.as_bytes(), &body[end..]].concat(),
        None => body,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_helps_is_done_without() {
    let database = TestDatabase::new().await;
    let lesser = Lesser::new(
        &database,
        &[
            ("idle_session_timeout", REFUSED),
            ("idle_in_transaction", REFUSED),
            ("lock_timeout", REFUSED),
            ("statement_timeout", REFUSED),
            ("pg_blocking_pids", REFUSED),
            ("pg_stat_progress", REFUSED),
            ("SAVEPOINT", REFUSED),
        ],
    )
    .await;
    let (stdout, stderr) = lesser.run("up", 0).await;
    assert_eq!(stdout.matches("applied m2026").count(), 4, "{stdout}");
    for note in [
        "does not know `lock_timeout`: a statement waits for a lock without end",
        "does not know `statement_timeout`",
        "does not tell who blocks whom",
        "has no `pg_stat_progress_…` views",
        "has no savepoints",
    ] {
        assert!(
            stderr.contains(&format!("note: this server {note}")),
            "{stderr}"
        );
    }
    assert!(!stderr.contains("idle_session_timeout"), "{stderr}");
    lesser.run("status", 0).await;
    lesser.run("down --all", 0).await;
    assert_eq!(database.relations().await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_locks_nothing_is_done_unless_somebody_says_so() {
    let rules: [&'static [Rule]; 2] = [
        &[("advisory", REFUSED)],
        // They are there, and keep nobody out.
        &[("advisory", "SELECT true")],
    ];
    for rules in rules {
        let database = TestDatabase::new().await;
        let lesser = Lesser::new(&database, rules).await;
        let (_, stderr) = lesser.run("up", 3).await;
        assert!(
            stderr.contains("error: this server has no advisory locks"),
            "{stderr}"
        );
        assert!(stderr.contains("`--allow-no-lock`"), "{stderr}");
        assert_eq!(database.relations().await, "");
        let refused = lesser.run("up --json", 3).await.0;
        assert!(
            refused.contains("\"flag\": \"--allow-no-lock\""),
            "{refused}"
        );
        let (_, stderr) = lesser.run("up --allow-no-lock", 0).await;
        assert!(
            stderr.contains("note: this server has no advisory locks"),
            "{stderr}"
        );
        assert_eq!(database.applied().await.len(), 4);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_migration_needs_is_asked_before_any_runs() {
    let database = TestDatabase::new().await;
    let lesser = Lesser::new(&database, &[("CONCURRENTLY", REFUSED)]).await;
    let (_, stderr) = lesser.run("up", 3).await;
    assert!(
        stderr.contains("`m20260102_000000_index_notes` can't run here: this server does not know CREATE INDEX CONCURRENTLY"),
        "{stderr}"
    );
    assert_eq!(database.relations().await, "");
    lesser.run("up -n 1", 0).await;

    // What a transaction made stays: a migration in Rust could not be resumed.
    let lesser = Lesser::new(&database, &[("ROLLBACK", "COMMIT")]).await;
    lesser.run("up -n 1", 0).await;
    let (_, stderr) = lesser.run("up", 3).await;
    assert!(
        stderr.contains("`m20260103_000000_trim_notes` can't run here: this server keeps what a transaction created"),
        "{stderr}"
    );
    database
        .check(
            "SELECT count(*) FROM pg_class WHERE relname LIKE 'seachange_ability%'",
            "0",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_rolled_back_is_carried_out_one_by_one() {
    let up = "CREATE TABLE one ();\nINSERT INTO log VALUES (1);\nCREATE TABLE two ();\nINSERT INTO log VALUES (2);\n";
    let setting = Setting::new(up, "DROP TABLE two; DROP TABLE one;").await;
    setting.database.execute("CREATE TABLE two ()").await;
    let lesser = Lesser::new(&setting.database, &[("ROLLBACK", "COMMIT")]).await;
    let run = async |arguments: &str, code| {
        let mut command = setting.command_on(&lesser.url, arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        finished(output.await.unwrap(), code)
    };
    let text = run("up", 1).await;
    assert!(
        text.contains("each statement is written down by itself"),
        "{text}"
    );
    assert!(
        text.contains("the next run goes on with statement 3 of 4"),
        "{text}"
    );
    setting.database.execute("DROP TABLE two").await;
    let text = run("up", 0).await;
    assert!(
        text.contains(&format!("`{M}` goes on with statement 3 of 4")),
        "{text}"
    );
    setting
        .check("SELECT string_agg(n::text, ' ' ORDER BY n) FROM log", "1 2")
        .await;
    run("down", 0).await;
    setting
        .check("SELECT to_regclass('one') IS NULL", "true")
        .await;
}
