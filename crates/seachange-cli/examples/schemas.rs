//! Writes the schemas of `--json` into a folder, or with `--check` says which are stale. A schema that its readers could
//! no longer rely on is not written while its version is the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use seachange_cli::schemas::{breaks, documents};
use serde_json::Value;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (out, check) = match words.as_slice() {
        ["--out", out] => (*out, false),
        ["--out", out, "--check"] | ["--check", "--out", out] => (*out, true),
        _ => {
            eprintln!("error: what is to be done is `--out DIR`, or `--out DIR --check`");
            return ExitCode::from(64);
        }
    };
    let code = match schemas(Path::new(out), check) {
        Ok(code) => code,
        Err((path, error)) => {
            eprintln!("error: cannot read or write `{}`: {error}", path.display());
            eprintln!("help: look at its permissions and that it is JSON");
            1
        }
    };
    ExitCode::from(code)
}

fn schemas(out: &Path, check: bool) -> Result<u8, (PathBuf, std::io::Error)> {
    let mut stale = Vec::new();
    let mut broken = false;
    for (name, document) in documents() {
        let path = out.join(&name);
        let text = format!("{document:#}\n");
        let failed = |error| (path.clone(), error);
        if path.exists() {
            let there = fs::read_to_string(&path).map_err(failed)?;
            if there == text {
                continue;
            }
            let previous: Value =
                serde_json::from_str(&there).map_err(|error| failed(error.into()))?;
            for one in breaks(&previous, &document) {
                eprintln!("error: {name}: {one}, and `version` is the same");
                broken = true;
            }
        }
        stale.push((path.clone(), text));
    }
    if broken {
        eprintln!(
            "help: keep what readers rely on, or raise VERSION (crates/seachange-cli/src/json.rs, or where the shape is)"
        );
        return Ok(3);
    }
    for (path, text) in &stale {
        if check {
            println!("stale {}", path.display());
            continue;
        }
        let write = fs::create_dir_all(out).and_then(|()| fs::write(path, text));
        write.map_err(|error| (path.clone(), error))?;
        println!("wrote {}", path.display());
    }
    Ok(if check && !stale.is_empty() { 2 } else { 0 })
}
