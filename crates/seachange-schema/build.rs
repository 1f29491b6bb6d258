//! Hashes the sources of this crate, for its module `fingerprint`: whoever caches what it computed has to know that it has become another.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    for (name, place) in [("MODEL", "src/model"), ("WHOLE", "src")] {
        let mut files = Vec::new();
        collect(Path::new(place), &mut files)?;
        files.sort();
        let mut hasher = DefaultHasher::new();
        hasher.write(env::var("CARGO_PKG_VERSION").unwrap_or_default().as_bytes());
        for file in files {
            hasher.write(&fs::read(file)?);
        }
        println!(
            "cargo::rustc-env=SEACHANGE_SCHEMA_{name}={:016x}",
            hasher.finish()
        );
    }
    println!("cargo::rerun-if-changed=src");
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}
