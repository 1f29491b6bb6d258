//! The studio's pages about migrations, asked over HTTP of the real program, and its end by a signal.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::folder::{add, apply};
use crate::workspace::Workspace;

/// A studio that runs, and a browser that it let in.
struct Studio {
    program: Child,
    host: String,
    cookie: String,
    csrf: String,
}

impl Studio {
    fn start(workspace: &Workspace, more: &[&str]) -> Self {
        let words = [&["db", "studio", "--no-open"], more].concat();
        let mut program = workspace
            .command(&words)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut link = String::new();
        let stdout = program.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut link).unwrap();
        let (host, path) = link
            .trim()
            .trim_start_matches("http://")
            .split_once('/')
            .unwrap();
        let mut studio = Self {
            program,
            host: host.to_owned(),
            cookie: String::new(),
            csrf: String::new(),
        };
        let opened = studio.send("GET", &format!("/{path}"), "");
        let cookie = opened.split("set-cookie: ").nth(1).unwrap();
        studio.cookie = cookie.split(';').next().unwrap().to_owned();
        let page = studio.get("/", 200);
        let csrf = page.split("name=\"csrf\" content=\"").nth(1).unwrap();
        studio.csrf = csrf.split('"').next().unwrap().to_owned();
        studio
    }

    #[track_caller]
    fn get(&self, path: &str, status: u16) -> String {
        let answer = self.send("GET", path, "");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        answer
    }

    /// The answer of a run, a JSON value a line.
    #[track_caller]
    fn apply(&self, body: &Value) -> Vec<Value> {
        let answer = self.send("POST", "/api/migrations/apply", &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        // Between the lines stand the sizes of the chunks.
        let values = answer.lines().filter(|line| line.starts_with('{'));
        values
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn send(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let (host, cookie, csrf) = (&self.host, &self.cookie, &self.csrf);
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n\
             Cookie: {cookie}\r\nX-Seachange-Csrf: {csrf}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.program), signal).unwrap();
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A migration that is applied and one that is pending.
fn workspace() -> (Workspace, String, String) {
    let workspace = Workspace::with_server();
    let boats = add(&workspace, 1, "boats");
    apply(&workspace, &boats, "boats");
    let quays = add(&workspace, 2, "quays");
    (workspace, boats, quays)
}

fn is_before(page: &str, one: &str, other: &str) -> bool {
    page.find(one).unwrap() < page.find(other).unwrap()
}

#[test]
fn the_history_is_shown_with_its_sql_and_schemas() {
    let (workspace, boats, quays) = workspace();
    let studio = Studio::start(&workspace, &[]);
    let list = studio.get("/migrations", 200);
    assert!(list.contains("1 applied, 1 pending"), "{list}");
    assert!(is_before(&list, &quays, &boats), "the newest first: {list}");

    let page = studio.get(&format!("/migrations/of/{quays}"), 200);
    assert!(
        page.contains("CREATE TABLE quays") && page.contains("DROP TABLE quays"),
        "{page}"
    );
    assert!(
        page.contains(">pending<") && page.contains("in one transaction"),
        "{page}"
    );
    let schema = studio.get(&format!("/migrations/of/{quays}/schema"), 200);
    assert!(
        schema.contains(r#"<td class="added">CREATE TABLE &quot;quays&quot; ("#),
        "{schema}"
    );
    assert!(!schema.contains(r#"class="removed""#), "{schema}");
    // Nobody waits for a new table, but one without a key is worth a word.
    assert!(schema.contains("rows can't be told apart"), "{schema}");

    studio.get("/migrations/of/m20990101_000000_nobody", 404);
    let drift = studio.get("/migrations/drift", 200);
    assert!(drift.contains("in sync with"), "{drift}");
    workspace.sql("ALTER TABLE boats ADD COLUMN sails integer");
    let drift = studio.get("/migrations/drift", 200);
    assert!(drift.contains("+ column boats.sails integer"), "{drift}");
    assert!(drift.contains("DROP COLUMN &quot;sails&quot;"), "{drift}");
}

#[test]
fn what_is_applied_is_what_was_shown() {
    let (workspace, boats, quays) = workspace();
    let studio = Studio::start(&workspace, &[]);
    let page = studio.get("/migrations/apply", 200);
    assert!(page.contains(&quays) && !page.contains(&boats), "{page}");
    let shown = page.split("data-shown=\"").nth(1).unwrap();
    let shown = shown.split('"').next().unwrap().replace("&quot;", "\"");
    let shown: Value = serde_json::from_str(&shown).unwrap();

    // Somebody edits it after it was looked at.
    let up = workspace.path(&format!("migration/src/{quays}/up.sql"));
    fs::write(&up, "DROP TABLE boats;\n").unwrap();
    let said = studio.apply(&json!({"shown": [shown]}));
    let refused = said.last().unwrap()["refused"]["message"].as_str().unwrap();
    assert_eq!(refused, "what is pending is not what was shown");
    // The page that is loaded again asks for consent to it.
    let page = studio.get("/migrations/apply", 200);
    assert!(page.contains("name=\"loss\" required"), "{page}");
    assert_eq!(workspace.sql("SELECT to_regclass('boats')").trim(), "boats");
}

#[test]
fn what_was_passed_over_is_told() {
    let (workspace, _, quays) = workspace();
    let later = add(&workspace, 3, "sheds");
    apply(&workspace, &later, "sheds");
    let studio = Studio::start(&workspace, &[]);
    let list = studio.get("/migrations", 200);
    assert!(list.contains("out of order"), "{list}");
    let page = studio.get("/migrations/drift", 409);
    assert!(page.contains("not applied, but a later one is"), "{page}");
    assert!(page.contains(&quays), "{page}");
}

#[test]
fn one_that_only_reads_applies_nothing() {
    let (workspace, ..) = workspace();
    let mut studio = Studio::start(&workspace, &["--read-only"]);
    let list = studio.get("/migrations", 200);
    assert!(!list.contains("/migrations/apply"), "{list}");
    studio.get("/migrations/apply", 403);
    let answer = studio.send("POST", "/api/migrations/apply", r#"{"shown":[]}"#);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    studio.signal(Signal::TERM);
    assert_eq!(studio.program.wait().unwrap().code(), Some(0));
}
