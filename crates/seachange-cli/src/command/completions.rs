//! `completions`: what a shell needs to complete the commands, as they are typed: behind cargo's alias, and behind the
//! program itself. The script asks the program that was built last; it never builds one.

mod answer;
mod values;

use clap::ValueEnum;

pub(crate) use answer::{COMPLETE, answer};

use crate::args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::{Format, Terminal};

/// Print what a shell needs to complete `cargo xtask …`, on stdout
///
/// bash: `source <(cargo xtask completions bash)` in ~/.bashrc. zsh: the same in ~/.zshrc, behind compinit. fish:
/// `cargo xtask completions fish > ~/.config/fish/conf.d/xtask.fish`. PowerShell: `cargo xtask completions powershell |
/// Out-String | Invoke-Expression` in $PROFILE. elvish: `eval (cargo xtask completions elvish | slurp)` in rc.elv.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell that reads it
    shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    #[value(alias = "pwsh")]
    Powershell,
    Elvish,
}

impl Shell {
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("completions/bash.sh"),
            Self::Zsh => include_str!("completions/zsh.zsh"),
            Self::Fish => include_str!("completions/fish.fish"),
            Self::Powershell => include_str!("completions/powershell.ps1"),
            Self::Elvish => include_str!("completions/elvish.elv"),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let script = args.shell.script();
    let script = script
        .replace("@NAME@", args::NAME)
        .replace("@COMPLETE@", COMPLETE);
    Terminal::new(Format::Text).result(&script)?;
    Ok(Exit::Done)
}
