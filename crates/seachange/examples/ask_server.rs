//! Asks for a server as a program of its own, and says what came of it: `ask_server "ensure throwaway" HOME`.
//! The tests run several at once, and as other users.

use std::error::Error;
use std::path::PathBuf;

use seachange::server::{self, Role, ServerError, Settings};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(call), Some(home)) = (arguments.next(), arguments.next()) else {
        return Err("two arguments: what is asked for, and the folder of the servers".into());
    };
    let role = match call.to_str() {
        Some("ensure development") => Role::Development,
        Some("ensure throwaway") => Role::Throwaway,
        _ => return Err(format!("{} can't be asked for", call.display()).into()),
    };
    let settings = Settings {
        home: PathBuf::from(home),
        programs: None,
    };
    match server::ensure(&settings, role) {
        Ok(server) => println!(
            "ANSWER {} {} {}",
            server.pid(),
            server.freshly_started,
            server.url("a")
        ),
        Err(error) => println!("ERROR {}END", told(&error)),
    }
    Ok(())
}

/// The error as the command line would print it.
fn told(error: &ServerError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(&format!("\ncaused by: {next}"));
        cause = next.source();
    }
    if let Some(help) = seachange::Help::help(error) {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}
