//! A workspace for the tests, in the folder that `WORKSPACE` names: what its page of xtask would be.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use sea_orm::{DbBackend, Schema};
use seachange_cli::{Declared, Extra, Project};

fn main() -> ExitCode {
    let root = PathBuf::from(std::env::var_os("WORKSPACE").expect("the tests name a folder"));
    let project = Project {
        name: "harbour",
        declared: Declared {
            builder: || Schema::new(DbBackend::Postgres).builder(),
            indexes: Vec::new,
            sql: root.join("sql"),
            partitions_made_elsewhere: &[],
        },
        root,
        entities: "entities",
        migration: "migration",
        seed: "seed",
        lint: &[],
    };
    let extras = [Extra {
        name: "echo",
        about: "Repeat the arguments",
        run: echo,
    }];
    seachange_cli::main(project, &extras)
}

fn echo(arguments: Vec<OsString>) -> ExitCode {
    println!("{}", arguments.join(" ".as_ref()).display());
    ExitCode::from(7)
}
