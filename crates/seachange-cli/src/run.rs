//! From the arguments to the end of the program: the runtime, Ctrl-C, and what is printed when a
//! command fails.

use clap::error::ErrorKind;

use crate::args::{self, Line, Options, Top};
use crate::command;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::{self, Failed};
use crate::project::{Extra, Project};
use crate::terminal::look::{self, Stream};
use crate::terminal::{Format, Terminal, style, wrapped};

/// What runs with a context.
enum Job {
    Db(command::Command),
    Corpus(command::corpus::Args),
}

impl Job {
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Db(command) => command.run(context).await,
            Self::Corpus(args) => command::corpus::run(context, args).await,
        }
    }
}

/// Runs what was asked for and prints how it failed, if it did.
pub(crate) fn run(project: Project, line: Line, extras: &[Extra]) -> Exit {
    let (options, job) = match line.command {
        Top::Completions(args) => return ended(command::completions::run(&args)),
        Top::Man(args) => return ended(command::man::run(&args, extras)),
        Top::Db(db) => (db.options, Job::Db(db.command)),
        Top::Corpus(corpus) => (corpus.options, Job::Corpus(corpus.args)),
    };
    let context = Context::new(project, options);
    init_tracing(&context.options);
    let result = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let result = runtime.block_on(async {
                tokio::select! {
                    result = job.run(&context) => result,
                    () = context.interrupted() => Err(Failure::interrupted()),
                }
            });
            // What still blocks a thread must not keep an interrupted program.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(Failure::new("cannot start the async runtime")
            .help("the machine has too little memory, or too many processes or open files")
            .because(&error)),
    };
    match result {
        Ok(exit) => exit,
        Err(failure) => report(&context.terminal, &failure),
    }
}

/// The end of what needs no context.
fn ended(result: Result<Exit, Failure>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(failure) => report(&Terminal::new(Format::Text), &failure),
    }
}

/// What clap has to say about the arguments: help is no failure.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    // What could not be parsed was asked to be so all the same.
    style::choose(args::color_of(std::env::args_os().skip(1)));
    match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Nothing was asked for, so the answer is the help: a result, not an error.
            anstream::print!("{}", error.render().ansi());
            Exit::Done
        }
        _ if error.exit_code() == 0 => match error.print() {
            Ok(()) => Exit::Done,
            Err(_) => Exit::Failed,
        },
        _ => {
            if std::env::args_os().any(|argument| argument == "--json") {
                let text = error.render().to_string();
                let message = text.trim_start_matches("error: ").trim_end();
                return report(&Terminal::new(Format::Json), &Failure::usage(message));
            }
            // Where it can't be printed, the code is all that is left to say.
            let _ = error.print();
            Exit::Usage
        }
    }
}

pub(crate) fn report(terminal: &Terminal, failure: &Failure) -> Exit {
    match terminal.format() {
        Format::Json => {
            if let Ok(text) = json::text(&Failed::from(failure)) {
                // Without stdout there is nobody to tell; the exit code still says it.
                let _ = terminal.result(&text);
            }
        }
        Format::Text => print(terminal, failure),
    }
    failure.exit
}

fn print(terminal: &Terminal, failure: &Failure) {
    let (error, dim, help) = (style::ERROR, style::DIM, style::HELP);
    if failure.exit == Exit::Interrupted {
        terminal.note(&failure.message);
        return;
    }
    let prose = |line: String| terminal.note(wrapped(&line, 2, Stream::Stderr));
    prose(format!("{error}error:{error:#} {}", failure.message));
    for cause in &failure.causes {
        terminal.note(wrapped(
            &format!("  {dim}caused by:{dim:#} {cause}"),
            4,
            Stream::Stderr,
        ));
    }
    if let Some(at) = &failure.at {
        for (name, text) in [("detail", &at.detail), ("context", &at.context)] {
            if let Some(text) = text {
                terminal.note(format!("  {dim}{name}:{dim:#} {text}"));
            }
        }
        if look::is_plain() {
            terminal.note("  statement:");
        }
        let margin = if look::is_plain() { "" } else { "|" };
        for line in at.statement.lines() {
            terminal.note(format!("  {dim}{margin}{dim:#} {line}"));
        }
    }
    if let Some(text) = &failure.help {
        prose(format!("{help}help:{help:#} {text}"));
    }
}

/// `RUST_LOG` decides; without it, what `-v` asks for; without that, nothing is logged.
fn init_tracing(options: &Options) {
    use tracing_subscriber::EnvFilter;

    let level = match options.verbose {
        0 => "off",
        1 => "warn,seachange=debug,seachange_cli=debug",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(style::coloured_stderr())
        .with_writer(std::io::stderr)
        .init();
}
