//! `bench seed`: users and comments loaded by `seachange::seed`, beside psql's COPY of the very same rows
//! from files: what generating them costs.

use url::Url;

use super::arguments::Seed;
use super::error::BenchError;
use super::notes::progress;
use super::program::Program;
use super::sample::{Sample, Summary};
use super::{files, machine, place, server};

const DATABASE: &str = "seachange_bench_seed";

/// The two tables, in the order in which they are loaded.
const TABLES: [&str; 2] = ["users", "comments"];

pub(super) fn run(arguments: &Seed) -> Result<(), BenchError> {
    let mut facts = machine::facts()?;
    progress("building");
    build(arguments)?;
    let xtask = xtask()?;
    xtask.clone().args(["db", "start"]).run()?;
    let measured = measure(arguments, &xtask);
    xtask.args(["db", "stop"]).run()?;
    let measured = measured?;

    facts.push(measured.server);
    println!("{}\n", facts.join(" · "));
    println!(
        "{} users and {} comments, with primary keys, a unique column, a foreign key and an index:",
        arguments.users, arguments.comments
    );
    let (ours, psql) = (seconds(&measured.ours), seconds(&measured.psql));
    let ratio = measured.ours.wall.as_secs_f64() / measured.psql.wall.as_secs_f64();
    println!(
        "  seachange::seed         {ours}, {} MiB",
        measured.ours.peak >> 20
    );
    println!("  psql, COPY from files   {psql}");
    println!("  ours / psql             {ratio:.2}");
    Ok(())
}

struct Measured {
    ours: Summary,
    psql: Summary,
    server: String,
}

fn measure(arguments: &Seed, xtask: &Program) -> Result<Measured, BenchError> {
    let mut url = server::url_of(xtask)?;
    url.set_path(DATABASE);
    let mut postgres = url.clone();
    postgres.set_path("postgres");
    for statement in [
        format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"),
        format!("CREATE DATABASE {DATABASE}"),
    ] {
        psql(&postgres).args(["--command", &statement]).run()?;
    }
    let ours = ours(arguments, &url);
    progress("loading once, for the files");
    ours.run()?;
    let folder = place::bench().join("seed");
    files::remove(&folder)?;
    files::write(
        &folder.join("README"),
        "Rows for `cargo xtask bench seed`.\n",
    )?;
    for table in TABLES {
        let out = format!("\\copy {table} TO '{}'", folder.join(table).display());
        psql(&url).args(["--command", &out]).run()?;
    }
    let mut theirs = psql(&url).args(["--single-transaction", "--command"]);
    theirs = theirs.args([format!("TRUNCATE {}", TABLES.join(", "))]);
    for table in TABLES {
        let copy = format!("\\copy {table} FROM '{}'", folder.join(table).display());
        theirs = theirs.args(["--command", &copy]);
    }
    for table in TABLES {
        theirs = theirs.args(["--command", &format!("ANALYZE {table}")]);
    }

    let (mut of_ours, mut of_psql): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
    for round in 1..=arguments.runs {
        progress(format_args!("round {round}"));
        of_ours.push(ours.run()?.sample);
        of_psql.push(theirs.run()?.sample);
    }
    let server = psql(&url).args(["--tuples-only", "--no-align", "--command"]);
    let server = server.args(["SELECT 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync')"]);
    let server = server.run()?.output.trim().to_owned();
    files::remove(&folder)?;
    psql(&postgres)
        .args(["--command", &format!("DROP DATABASE {DATABASE}")])
        .run()?;
    let no_runs = || BenchError::NoUrl {
        command: "bench seed".to_owned(),
        printed: "no run".to_owned(),
    };
    Ok(Measured {
        ours: Summary::of(&of_ours).ok_or_else(no_runs)?,
        psql: Summary::of(&of_psql).ok_or_else(no_runs)?,
        server,
    })
}

fn build(arguments: &Seed) -> Result<(), BenchError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let release: &[&str] = if arguments.dev { &[] } else { &["--release"] };
    Program::new("seed build", cargo, &place::root())
        .args(["build", "--quiet", "--package", "seachange"])
        .args(["--example", "volume"])
        .args(release)
        .run()?;
    Ok(())
}

fn ours(arguments: &Seed, url: &Url) -> Program {
    let profile = if arguments.dev { "debug" } else { "release" };
    let root = place::root();
    let program = root.join("target").join(profile).join("examples/volume");
    Program::new("seed ours", program, &root).args([
        url.as_str(),
        &arguments.users.to_string(),
        &arguments.comments.to_string(),
    ])
}

/// This program itself, with the benchmarks' own server.
fn xtask() -> Result<Program, BenchError> {
    let program = std::env::current_exe().map_err(BenchError::file("find", "xtask"))?;
    Ok(Program::new("seed server", program, &place::root())
        .env("SEACHANGE_HOME", place::bench().join("servers"))
        .without("DATABASE_URL"))
}

fn psql(url: &Url) -> Program {
    Program::new("seed psql", "psql", &place::root()).args([
        "--no-psqlrc",
        "--quiet",
        "--set",
        "ON_ERROR_STOP=1",
        url.as_str(),
    ])
}

fn seconds(summary: &Summary) -> String {
    format!(
        "{:.2} s ({:.2}–{:.2}), {:.2} s of CPU time of its own",
        summary.wall.as_secs_f64(),
        summary.least.as_secs_f64(),
        summary.most.as_secs_f64(),
        summary.cpu.as_secs_f64()
    )
}
