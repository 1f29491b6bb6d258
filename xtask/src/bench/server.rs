//! The one PostgreSQL that both tools work on. It is started and stopped by the commands that are
//! measured; databases are made through node, which is there for drizzle-kit anyway.

use std::path::Path;

use url::Url;

use super::error::BenchError;
use super::files;
use super::program::Program;

/// Runs each statement and prints its rows.
const SQL_CJS: &str = r#"const { Client } = require("pg");
const [url, ...statements] = process.argv.slice(2);
const run = async () => {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) {
    const result = await client.query(statement);
    for (const row of result.rows) console.log(Object.values(row).join(" "));
  }
  await client.end();
};
run().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
"#;

/// How often a server is asked to stop before a failure to is one.
const ATTEMPTS: usize = 5;

pub(super) struct Server {
    url: Url,
    /// Runs the script above.
    node: Program,
    /// Stops the server, if it is this benchmark's own.
    stop: Option<Program>,
}

impl Server {
    /// A server that somebody else looks after. `packages` is a folder in which npm installed `pg`.
    pub(super) fn given(url: Url, packages: &Path) -> Result<Self, BenchError> {
        let script = packages.join("sql.cjs");
        files::write(&script, SQL_CJS)?;
        Ok(Self {
            url,
            node: Program::new("sql", "node", packages).args([&script]),
            stop: None,
        })
    }

    /// A server that `xtask`, a generated workspace's own, looks after.
    pub(super) fn of(xtask: &Program, packages: &Path) -> Result<Self, BenchError> {
        let stop = xtask.clone().args(["db", "stop"]);
        xtask.clone().args(["db", "start"]).run()?;
        let url = match url_of(xtask) {
            Ok(url) => url,
            Err(error) => {
                stop.run()?;
                return Err(error);
            }
        };
        let mut server = Self::given(url, packages)?;
        server.stop = Some(stop);
        Ok(server)
    }

    pub(super) fn url(&self, database: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(database);
        url.into()
    }

    /// An empty database of that name.
    pub(super) fn make(&self, database: &str) -> Result<(), BenchError> {
        self.sql(&[
            &format!("DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)"),
            &format!("CREATE DATABASE \"{database}\""),
        ])?;
        Ok(())
    }

    /// Its version, and whether it writes through to the disk.
    pub(super) fn facts(&self) -> Result<String, BenchError> {
        let printed = self.sql(&["SHOW server_version", "SHOW fsync"])?;
        let mut lines = printed.lines();
        let version = lines.next().unwrap_or("of an unknown version");
        let fsync = lines.next().unwrap_or("unknown");
        Ok(format!("PostgreSQL {version}, fsync {fsync}"))
    }

    fn sql(&self, statements: &[&str]) -> Result<String, BenchError> {
        let url = self.url("postgres");
        let program = self.node.clone().args([&url]).args(statements);
        Ok(program.run()?.output)
    }
}

/// The URL of the server that `xtask` looks after.
pub(super) fn url_of(xtask: &Program) -> Result<Url, BenchError> {
    let printed = xtask.clone().args(["db", "url"]).run()?.output;
    // The URL is all of stdout; the notes on stderr share its log.
    let url = printed
        .lines()
        .rev()
        .find(|line| line.starts_with("postgres"))
        .and_then(|line| Url::parse(line.trim()).ok());
    url.ok_or_else(|| BenchError::NoUrl {
        command: "xtask db url".to_owned(),
        printed,
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(stop) = self.stop.take() else {
            return;
        };
        // What the databases were written with goes to the disk now, which can take longer than the
        // command waits.
        let stopped = (0..ATTEMPTS).map(|_| stop.run()).find_map(Result::ok);
        if stopped.is_none()
            && let Err(error) = stop.run()
        {
            eprintln!("error: the server still runs: {error}");
        }
    }
}
