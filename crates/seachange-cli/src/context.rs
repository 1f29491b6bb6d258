//! What every command has at hand: the workspace, the options, the terminal, the way to the database.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use seachange::server;
use seachange::source::{Places, Road};
use seachange::workspace::RustMigrations;

use crate::args::Options;
use crate::configuration::{self, Configuration};
use crate::failure::Failure;
use crate::project::Project;
use crate::target::{self, Target};
use crate::terminal::look::Stream;
use crate::terminal::{Format, Terminal, wrapped};

/// One run of one command.
pub(crate) struct Context {
    pub(crate) project: Project,
    pub(crate) options: Options,
    pub(crate) terminal: Terminal,
    /// Programs of the workspace that run now and hear Ctrl-C themselves.
    children: AtomicUsize,
    /// The database that was found to work on, its password masked.
    pub(crate) found: OnceLock<String>,
}

impl Context {
    pub(crate) fn new(project: Project, options: Options) -> Self {
        crate::terminal::style::choose(options.color);
        crate::terminal::look::choose(&options);
        let format = if options.json {
            Format::Json
        } else {
            Format::Text
        };
        Self {
            project,
            options,
            terminal: Terminal::new(format),
            children: AtomicUsize::new(0),
            found: OnceLock::new(),
        }
    }

    /// The workspace's `.seachange` folder, or the one that `SEACHANGE_HOME` names instead.
    pub(crate) fn home(&self) -> PathBuf {
        match target::variable("SEACHANGE_HOME") {
            Some(home) => home.into(),
            None => self.project.root.join(".seachange"),
        }
    }

    /// Where the local servers live, and which programs run them.
    pub(crate) fn server(&self) -> server::Settings {
        let given = self.options.server_bin.clone();
        server::Settings {
            home: self.home(),
            programs: given.or_else(|| target::variable("SEACHANGE_PG_BIN").map(PathBuf::from)),
        }
    }

    /// What `seachange.toml` says.
    pub(crate) fn configuration(&self) -> Result<Configuration, Failure> {
        configuration::read(&self.project.root)
    }

    /// The way from sources to schemas; `database` is the URL that the word `database` means.
    pub(crate) fn road(&self, database: Option<String>) -> Road {
        Road::new(Places {
            server: self.server(),
            declared: self.project.declared.clone(),
            migrations: self.migrations(),
            database,
            rust: Some(Box::new(RustMigrations::new(
                &self.project.root,
                self.project.migration,
                Stdio::inherit,
            ))),
        })
    }

    /// A path as people read it: below the workspace's root, without the root.
    pub(crate) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.project.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// The migration package's folder.
    pub(crate) fn migrations(&self) -> PathBuf {
        self.project.root.join(self.project.migration)
    }

    /// The database to work on; a local server is started when nothing else is named.
    pub(crate) async fn target(&self) -> Result<Target, Failure> {
        let target = target::find(self).await?;
        self.found.get_or_init(|| target.masked());
        Ok(target)
    }

    /// The same, named on stderr: for commands that are about to do something to it.
    pub(crate) async fn announced_target(&self) -> Result<Target, Failure> {
        let target = self.target().await?;
        self.terminal
            .note(wrapped(&target.described(), 2, Stream::Stderr));
        Ok(target)
    }

    /// Ends when the program is to end by Ctrl-C: not while a child runs, which got the same signal
    /// and ends in its own way.
    pub(crate) async fn interrupted(&self) {
        loop {
            if tokio::signal::ctrl_c().await.is_err() {
                return std::future::pending().await;
            }
            if self.children.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }

    /// Does the work, and says so where it takes long enough to be wondered at.
    pub(crate) async fn noted<T>(&self, note: &str, work: impl Future<Output = T>) -> T {
        const QUIET: Duration = Duration::from_millis(1500);
        let mut work = std::pin::pin!(work);
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(QUIET) => {}
        }
        self.terminal.note(note);
        work.await
    }

    /// Says that a child runs, until the value is dropped.
    pub(crate) fn child_runs(&self) -> ChildRuns<'_> {
        self.children.fetch_add(1, Ordering::Relaxed);
        ChildRuns(&self.children)
    }
}

pub(crate) struct ChildRuns<'a>(&'a AtomicUsize);

impl Drop for ChildRuns<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
