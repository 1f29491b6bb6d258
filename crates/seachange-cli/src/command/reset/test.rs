//! `reset --test`: databases for tests in any language, on the server for tests, copied from the
//! templates of `seachange::testing`. Their names are fixed, so the next run replaces them.

use std::process::Stdio;

use seachange::connection::with_database;
use seachange::scratch::SCRATCH_URL;
use seachange::server::{Role, Server};
use seachange::testing::{Content, TEST_URL, Templates, Workspace};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{self, variable};
use crate::terminal::Format;

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    databases: Vec<Made>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
struct Made {
    name: String,
    url: String,
}

/// The server for tests.
enum TestServer {
    /// Of a URL that the environment holds.
    Named(String),
    Throwaway(Server),
}

impl TestServer {
    async fn find(context: &Context) -> Result<Self, Failure> {
        match variable(TEST_URL).or_else(|| variable(SCRATCH_URL)) {
            Some(url) => Ok(Self::Named(url)),
            None => target::ensure_server(context, Role::Throwaway)
                .await
                .map(Self::Throwaway),
        }
    }

    /// To make databases through.
    fn admin(&self) -> String {
        match self {
            Self::Named(url) => url.clone(),
            Self::Throwaway(server) => server.socket_url("postgres"),
        }
    }

    /// For programs in any language.
    fn url(&self, database: &str) -> Result<String, Failure> {
        Ok(match self {
            Self::Named(url) => with_database(url, database)?,
            Self::Throwaway(server) => server.url(database),
        })
    }
}

/// One database, or one for each of so many jobs.
pub(super) async fn run(
    context: &Context,
    content: Content,
    jobs: Option<u16>,
) -> Result<Exit, Failure> {
    if context.options.database_url.is_some() {
        return Err(Failure::usage(
            "--test makes databases on the server for tests, and --database-url names another",
        )
        .help(format!("name that server with {TEST_URL}, or none")));
    }
    let server = TestServer::find(context).await?;
    let project = &context.project;
    let workspace = Workspace::at(&project.root)
        .with_migration(project.migration)
        .with_seed(project.seed)
        .on(server.admin());
    let templates = Templates::new(&workspace, Stdio::inherit);
    let note = "building the template of the test databases …";
    let template = context.noted(note, templates.template(content)).await?;

    let stem = format!("{}_test", project.name);
    let mut databases = Vec::new();
    for name in names(&stem, jobs) {
        templates
            .scratch()
            .replace(&name, template.as_ref())
            .await?;
        databases.push(Made {
            url: server.url(&name)?,
            name,
        });
    }
    let others = of_more_jobs(&templates, &stem, jobs).await?;
    templates.scratch().remove(&others).await?;

    match context.terminal.format() {
        Format::Json => context.terminal.json(&Report { databases })?,
        Format::Text => {
            let lines: Vec<String> = databases.into_iter().map(|one| one.url + "\n").collect();
            context.terminal.result(&lines.concat())?;
        }
    }
    Ok(Exit::Done)
}

/// `app_test`, or `app_test_1` to `app_test_4`.
fn names(stem: &str, jobs: Option<u16>) -> Vec<String> {
    match jobs {
        None => vec![stem.to_owned()],
        Some(jobs) => (1..=jobs).map(|job| format!("{stem}_{job}")).collect(),
    }
}

/// Those that a run with more jobs left behind.
async fn of_more_jobs(
    templates: &Templates,
    stem: &str,
    jobs: Option<u16>,
) -> Result<Vec<String>, Failure> {
    let Some(jobs) = jobs else {
        return Ok(Vec::new());
    };
    let stem = format!("{stem}_");
    let mut names = templates.scratch().names_from(&stem).await?;
    names.retain(|name| {
        let job = name.strip_prefix(&stem).unwrap_or_default();
        job.parse::<u16>()
            .is_ok_and(|number| number > jobs && number.to_string() == job)
    });
    Ok(names)
}
