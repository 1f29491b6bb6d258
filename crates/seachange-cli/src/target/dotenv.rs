//! One variable of a `.env` file. Nothing is put into the environment.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::failure::Failure;

/// The variable's value in the file: none when there is no file, no such variable, or it is empty.
pub(super) fn value(path: &Path, name: &str) -> Result<Option<String>, Failure> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::new(format!("cannot read `{}`", path.display()))
                .because(&error)
                .help("make it a text file in UTF-8 that this user may read, or remove it"));
        }
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut not_understood = false;
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        match line {
            Ok((key, value)) if key == name => return Ok(Some(value).filter(|v| !v.is_empty())),
            Ok(_) => {}
            // A line that is not understood hides nothing about the others.
            Err(dotenvy::Error::LineParse(line, _)) => not_understood |= line.contains(name),
            Err(_) => not_understood = true,
        }
    }
    if not_understood {
        // The line may hold a password: it is not shown.
        return Err(Failure::new(format!(
            "the line of `{name}` in `{}` is not understood",
            path.display()
        ))
        .help(format!(
            "write it as `{name}=\"postgres://user:password@host:5432/database\"`"
        )));
    }
    Ok(None)
}
