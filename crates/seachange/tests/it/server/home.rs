//! A temporary workspace whose servers are stopped when it is dropped, and other processes that
//! call on its behalf, as an ordinary user where the tests run as root.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};

use seachange::Help;
use seachange::server::{self, Role, Settings};
use sqlx::Connection;

/// `nobody`, on Linux.
pub(crate) const ORDINARY: u32 = 65534;

pub(crate) struct Home {
    folder: tempfile::TempDir,
    path: PathBuf,
    caller: Caller,
    _made: Option<Arc<Made>>,
    pub(crate) programs: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    Same,
    Ordinary,
}

impl Home {
    /// One whose folders every user can enter.
    pub(crate) fn new() -> Self {
        Self::below("workspace")
    }

    pub(crate) fn below(name: &str) -> Self {
        // In memory where there is room: half of the time would be waiting for the disk.
        let memory = Path::new("/dev/shm");
        let room =
            rustix::fs::statvfs(memory).is_ok_and(|disk| disk.f_bavail * disk.f_frsize > 2 << 30);
        let folder = if room {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a temporary folder");
        set_mode(folder.path(), 0o755);
        let path = folder.path().join(name).join(".seachange");
        fs::create_dir_all(path.parent().expect("has one")).expect("creates folders");
        Self {
            folder,
            path,
            caller: Caller::Same,
            _made: None,
            programs: None,
        }
    }

    /// One whose servers have been made, and do not run: a copy, which is faster than `initdb`.
    pub(crate) fn with_data() -> Self {
        let made = Made::once();
        let mut home = Self::new();
        fs::create_dir(&home.path).expect("creates");
        for folder in ["development", "cache"] {
            let status = Command::new("cp")
                .arg("-Rp")
                .args([made.home.path.join(folder), home.path.join(folder)])
                .status();
            assert!(status.expect("runs cp").success());
        }
        // The port is a home's own.
        fs::remove_file(home.path.join("development/state.json")).expect("removes");
        home._made = Some(made);
        home
    }

    /// One that belongs to an ordinary user, as whom its `call`s run.
    pub(crate) fn of_ordinary() -> Self {
        let mut home = Self::new();
        if is_root() {
            home.caller = Caller::Ordinary;
            let workspace = home.path.parent().expect("has one");
            chown(workspace, Some(ORDINARY), Some(ORDINARY)).expect("root may");
        }
        home
    }

    /// Lets calls run as an ordinary user in a home that is not its own.
    pub(crate) fn called_by_ordinary(mut self) -> Self {
        self.caller = if is_root() {
            Caller::Ordinary
        } else {
            Caller::Same
        };
        self
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            home: self.path.clone(),
            programs: self.programs.clone(),
        }
    }

    /// Keeps everybody else out of the workspace.
    pub(crate) fn close(&self) {
        set_mode(self.path.parent().expect("has one"), 0o700);
    }

    pub(crate) fn open(&self) {
        set_mode(self.path.parent().expect("has one"), 0o755);
    }

    /// Calls from another process and waits for its answer.
    pub(crate) fn call(&self, what: &str, role: Role) -> Result<Answer, String> {
        self.start_call(what, role).answer()
    }

    pub(crate) fn start_call(&self, what: &str, role: Role) -> Call {
        let mut command = Command::new(self.asking_program());
        command
            .arg(format!("{what} {role}"))
            .arg(&self.path)
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.caller == Caller::Ordinary {
            command.uid(ORDINARY).gid(ORDINARY);
        }
        Call {
            child: command.spawn().expect("runs the example"),
        }
    }
}

/// What the homes with data are copied from; it goes with the last of them.
struct Made {
    home: Home,
}

impl Made {
    fn once() -> Arc<Self> {
        static MADE: Mutex<Weak<Made>> = Mutex::new(Weak::new());
        let mut made = MADE.lock().expect("nobody panicked here");
        if let Some(made) = made.upgrade() {
            return made;
        }
        let home = Home::new();
        for role in [Role::Development, Role::Throwaway] {
            server::ensure(&home.settings(), role).expect("starts");
            server::stop(&home.settings(), role).expect("stops");
        }
        let new = Arc::new(Self { home });
        *made = Arc::downgrade(&new);
        new
    }
}

impl Home {
    /// The example `ask_server`, or a copy of it where an ordinary user could not reach it.
    fn asking_program(&self) -> PathBuf {
        let test = std::env::current_exe().expect("is a program");
        let built = test.ancestors().nth(2).expect("is in `deps`");
        let program = built.join("examples/ask_server");
        let reachable = program.ancestors().all(|part| {
            fs::metadata(part).is_ok_and(|part| part.permissions().mode() & 0o001 != 0)
        });
        if reachable || self.caller == Caller::Same {
            return program;
        }
        let copy = self.folder.path().join("ask_server");
        if !copy.exists() {
            fs::copy(&program, &copy).expect("copies");
            set_mode(&copy, 0o755);
        }
        copy
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        for role in [Role::Development, Role::Throwaway] {
            if let Err(error) = server::stop(&self.settings(), role) {
                eprintln!("{error}");
            }
        }
        if let Ok(note) = fs::read_to_string(self.path.join("place.txt"))
            && let Some(base) = note.lines().next().map(Path::new)
        {
            fs::remove_dir_all(base).ok();
            // Another test may still have its own in there.
            fs::remove_dir(base.parent().expect("has one")).ok();
        }
    }
}

pub(crate) struct Call {
    child: Child,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) pid: u32,
    pub(crate) fresh: bool,
    pub(crate) url: String,
}

impl Call {
    /// The server, or the error with its causes and its help, a line each.
    pub(crate) fn answer(self) -> Result<Answer, String> {
        let output = self.child.wait_with_output().expect("ends");
        let text = String::from_utf8_lossy(&output.stdout);
        if let Some((_, line)) = text.split_once("ANSWER ") {
            let mut words = line.lines().next().expect("has one").split(' ');
            let mut word = || words.next().expect("three words").to_owned();
            return Ok(Answer {
                pid: word().parse().expect("a number"),
                fresh: word() == "true",
                url: word(),
            });
        }
        match text.split_once("ERROR ") {
            Some((_, error)) => Err(error.split("END").next().unwrap_or_default().to_owned()),
            None => panic!(
                "no answer: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
    }
}

/// An error as the command line would print it.
pub(crate) fn told(error: &server::ServerError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!("\ncaused by: {next}"));
        cause = next.source();
    }
    text.push_str(&format!("\nhelp: {}", error.help().unwrap_or_default()));
    text
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// One value, over a connection of its own.
pub(crate) fn query<T>(url: &str, sql: &str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    runtime().block_on(async {
        let mut connection = sqlx::PgConnection::connect(url).await.expect("connects");
        let value = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut connection)
            .await
            .expect("answers");
        connection.close().await.expect("closes");
        value
    })
}

pub(crate) fn execute(url: &str, sql: &str) {
    runtime().block_on(async {
        let mut connection = sqlx::PgConnection::connect(url).await.expect("connects");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .expect("runs");
        connection.close().await.expect("closes");
    });
}

pub(crate) fn uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

pub(crate) fn is_root() -> bool {
    uid() == 0
}

fn alive(pid: u32) -> bool {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).expect("not zero");
    rustix::process::test_kill_process(pid).is_ok()
}

pub(crate) fn signal(pid: u32, signal: rustix::process::Signal) {
    let number = rustix::process::Pid::from_raw(pid.cast_signed()).expect("not zero");
    rustix::process::kill_process(number, signal).expect("signals");
}

/// Kills a process and waits until it is gone.
pub(crate) fn kill(pid: u32) {
    signal(pid, rustix::process::Signal::KILL);
    while alive(pid) {
        std::thread::yield_now();
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changes the mode");
}
