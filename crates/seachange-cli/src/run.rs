//! From the arguments to the end of the program: the runtime, Ctrl-C, and what is printed when a
//! command fails.

use clap::error::ErrorKind;
use seachange::telemetry::{self, Ended};
use tracing::Instrument as _;

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

    fn name(&self) -> &'static str {
        match self {
            Self::Db(command) => command.name(),
            Self::Corpus(_) => "corpus",
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
    let telemetry = match telemetry::start(telling(&context.options)) {
        Ok(telemetry) => telemetry,
        Err(error) => return report(&context.terminal, &Failure::from(error)),
    };
    let command = job.name();
    let whole = telemetry::whole(command);
    let result = match tokio::runtime::Runtime::new() {
        Ok(runtime) => {
            let result = runtime.block_on(async {
                tokio::select! {
                    result = job.run(&context).instrument(whole) => result,
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
    let error = result.as_ref().err().map(|failure| failure.message.clone());
    let exit = match result {
        Ok(exit) => exit,
        Err(failure) => report(&context.terminal, &failure),
    };
    let ended = telemetry.end(&Ended {
        command,
        target: context.found.get().map(String::as_str),
        exit_code: exit.code(),
        error: error.as_deref(),
    });
    match ended {
        Ok(()) => exit,
        Err(error) => {
            // What the command printed stands; its own failure says more than this one.
            print(&context.terminal, &Failure::from(error));
            if exit == Exit::Done {
                Exit::Failed
            } else {
                exit
            }
        }
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

/// `RUST_LOG` decides what is logged; without it, what `-v` asks for; without that, nothing is.
fn telling(options: &Options) -> telemetry::Settings {
    let level = match options.verbose {
        0 => "off",
        1 => "warn,seachange=debug,seachange_cli=debug",
        _ => "debug",
    };
    telemetry::Settings {
        program: "cargo xtask",
        filter: level.to_owned(),
        format: options.log_format,
        ansi: style::coloured_stderr(),
        summary: options.summary.clone(),
    }
}
