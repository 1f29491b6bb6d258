//! Hashes the code that reads the catalog, so that schemas cached by another version of it are not taken for what this one
//! would read. The model that it fills, and the code that compares, say their own hash: `seachange_schema::fingerprint`.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let reader = hash_of(&["src/catalog.rs", "src/catalog"])?;
    println!("cargo::rustc-env=SEACHANGE_READER={reader}");
    Ok(())
}

fn hash_of(places: &[&str]) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    hasher.write(env::var("CARGO_PKG_VERSION").unwrap_or_default().as_bytes());
    for place in places {
        let mut files = Vec::new();
        collect(Path::new(place), &mut files)?;
        files.sort();
        for file in files {
            hasher.write(&fs::read(file)?);
        }
        println!("cargo::rerun-if-changed={place}");
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Every file at or below a path; none where there is nothing.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}
