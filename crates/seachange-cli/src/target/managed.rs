//! The workspace's own server as the target: started when it is needed, with its database in it.

use seachange::connection::{self, with_database};
use seachange::server::{self, Role, Server, version_text};
use seachange_schema::Ident;
use sqlx::{AssertSqlSafe, Connection};

use super::{Origin, Target};
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::style;

pub(super) async fn find(context: &Context) -> Result<Target, Failure> {
    let server = ensure_server(context, Role::Development).await?;
    let target = target(context, server);
    create_if_missing(&target).await?;
    Ok(target)
}

/// The database in the server that runs, if it does.
pub(super) async fn existing(context: &Context) -> Result<Option<Target>, Failure> {
    let settings = context.server();
    let running = blocking(move || server::running(&settings, Role::Development)).await?;
    Ok(running.map(|server| target(context, server)))
}

/// The server of that role. That it was started is said.
pub(crate) async fn ensure_server(context: &Context, role: Role) -> Result<Server, Failure> {
    let settings = context.server();
    let server = blocking(move || server::ensure(&settings, role)).await?;
    if server.freshly_started {
        context.terminal.note(format!(
            "started PostgreSQL {} on port {}",
            version_text(server.version()),
            server.port()
        ));
    }
    if let Some(port) = server.port_moved_from {
        let warning = style::WARNING;
        context.terminal.note(format!(
            "{warning}warning:{warning:#} port {port} was taken, so the server is on {} now: URLs \
             that other programs were given no longer hold",
            server.port()
        ));
    }
    Ok(server)
}

/// Starting and stopping wait for processes; meanwhile Ctrl-C is to be heard.
pub(crate) async fn blocking<T: Send + 'static, E: Into<Failure> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(Into::into),
        Err(error) => Err(Failure::new("looking after the local server failed").because(&error)),
    }
}

fn target(context: &Context, server: Server) -> Target {
    let name = context.project.name;
    Target {
        url: server.socket_url(name),
        origin: Origin::Managed(Box::new(server)),
        local: true,
        name: name.to_owned(),
    }
}

async fn create_if_missing(target: &Target) -> Result<(), Failure> {
    match connection::open(&target.url, "start").await {
        Ok(connection) => {
            // It was only to see that it is there.
            let _ = connection.close().await;
            return Ok(());
        }
        Err(error) if error.sqlstate() == Some("3D000") => {}
        Err(error) => return Err(error.into()),
    }
    let url = with_database(&target.url, "postgres")?;
    let mut connection = connection::open(&url, "start").await?;
    let create = format!("CREATE DATABASE {}", Ident::new(&target.name));
    let created = sqlx::raw_sql(AssertSqlSafe(create))
        .execute(&mut connection)
        .await;
    let _ = connection.close().await;
    match created {
        Ok(_) => Ok(()),
        // Another process was quicker.
        Err(error)
            if error
                .as_database_error()
                .and_then(|error| error.code())
                .is_some_and(|code| code == "42P04" || code == "23505") =>
        {
            Ok(())
        }
        Err(error) => {
            Err(Failure::new(format!("cannot create database `{}`", target.name)).because(&error))
        }
    }
}
