//! `api`: serves CohortFlow's HTTP API, makes tokens for operators, prints the OpenAPI document.

mod arguments;

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use api::identity::Tokens;
use api::{Settings, StartError};
use arguments::{Arguments, Command, LogFormat};
use clap::Parser as _;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use seachange::Help as _;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    // `.env` first: the arguments' variables may stand there.
    let dot_env = match dotenvy::dotenv() {
        Err(error) if !error.not_found() => Err(StartError::dot_env(&error)),
        _ => Ok(()),
    };
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is to be done about a closed terminal.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    log(arguments.log_format);
    match dot_env.and_then(|()| run(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            explain(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// `RUST_LOG` says how much; a line a request, unless it says otherwise.
fn log(format: LogFormat) {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::INFO.into())
        .from_env_lossy();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Plain => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

fn run(command: Command) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    match command {
        Command::Openapi => {
            let document = serde_json::to_string_pretty(&api::document());
            print(&document.expect("a document is JSON"))
        }
        Command::Serve {
            listen,
            database_url,
        } => runtime.block_on(serve(listen, database_url.as_deref())),
        Command::Token {
            email,
            lasting,
            database_url,
        } => runtime.block_on(token(email, lasting, database_url.as_deref())),
    }
}

async fn serve(address: SocketAddr, url: Option<&str>) -> Result<(), StartError> {
    let settings = Settings::from_environment()?;
    let database = db::Settings::from_environment(url)?;
    let pool = db::connect(&database, "cohortflow api").await?;
    let listen = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    let (listener, address) = listen
        .await
        .map_err(|source| StartError::Listen { address, source })?;
    print(&format!("listening on http://{address}"))?;
    api::serve(settings, pool, listener).await
}

async fn token(email: String, lasting: Duration, url: Option<&str>) -> Result<(), StartError> {
    let settings = Settings::from_environment()?;
    let database = db::Settings::from_environment(url)?;
    let pool = db::connect(&database, "cohortflow token").await?;
    // The unique index is over lower(email).
    let same = Func::lower(Expr::col(db::users::Column::Email)).eq(Func::lower(&*email));
    let user = db::users::Entity::find().filter(same).one(&pool).await;
    // Its only failure is that it is closed already.
    let _ = pool.close().await;
    let user = user.map_err(StartError::Query)?;
    let user = user.ok_or(StartError::NoUser { email })?;
    print(&Tokens::new(&settings).make(user.id, lasting)?)
}

fn print(line: &str) -> Result<(), StartError> {
    writeln!(std::io::stdout(), "{line}").map_err(StartError::Output)
}

/// An error, what it comes from, and what to do.
fn explain(error: &StartError) {
    let style = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
    let (red, cyan) = (style(AnsiColor::Red), style(AnsiColor::Cyan));
    anstream::eprintln!("{red}error:{red:#} {error}");
    let mut shown = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        // Some errors repeat their cause in their own words.
        let text = error.to_string();
        if !shown.ends_with(&text) {
            anstream::eprintln!("  because {text}");
        }
        shown = text;
        cause = error.source();
    }
    if let Some(help) = error.help() {
        anstream::eprintln!("{cyan}help:{cyan:#} {help}");
    }
}
