//! Several files changed together, or none: everything is written beside its place first, and only
//! then moved there; what fails half way is taken back.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::migrations::MigrationsError;
use crate::migrations::folder::read_text;

/// Changes that belong together.
#[derive(Debug, Default)]
pub(super) struct ChangeSet {
    folders: Vec<PathBuf>,
    files: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    /// A new file; nothing is overwritten.
    Create { path: PathBuf, text: String },
    /// A file with another text; `previous` is what it must still be, none that it is not there.
    Replace {
        path: PathBuf,
        text: String,
        previous: Option<String>,
    },
    /// A file that goes, with the text that it must still have.
    Remove { path: PathBuf, previous: String },
}

impl ChangeSet {
    pub(super) fn create_folder(&mut self, path: PathBuf) {
        self.folders.push(path);
    }

    pub(super) fn create(&mut self, path: PathBuf, text: String) {
        self.files.push(Change::Create { path, text });
    }

    pub(super) fn replace(&mut self, path: PathBuf, text: String, previous: Option<String>) {
        self.files.push(Change::Replace {
            path,
            text,
            previous,
        });
    }

    /// Its folder goes with the last file in it.
    pub(super) fn remove(&mut self, path: PathBuf, previous: String) {
        self.files.push(Change::Remove { path, previous });
    }

    /// Makes all the changes, or none of them.
    pub(super) fn apply(self) -> Result<(), MigrationsError> {
        let mut done = Done::default();
        let result = self.apply_to(&mut done);
        if result.is_err() {
            done.undo();
        }
        result
    }

    fn apply_to(self, done: &mut Done) -> Result<(), MigrationsError> {
        for folder in self.folders {
            fs::create_dir(&folder).map_err(|error| write_error(&folder, error))?;
            done.folders.push(folder);
        }
        let staged = self
            .files
            .into_iter()
            .map(|change| Ok((change.stage()?, change)))
            .collect::<Result<Vec<_>, MigrationsError>>()?;
        for (file, change) in staged {
            match (change, file) {
                (Change::Create { path, .. }, Some(file)) => {
                    file.persist_noclobber(&path)
                        .map_err(|error| write_error(&path, error.error))?;
                    done.files.push((path, None));
                }
                (Change::Replace { path, previous, .. }, Some(file)) => {
                    if read_text(&path)? != previous {
                        return Err(MigrationsError::ChangedMeanwhile { path });
                    }
                    file.persist(&path)
                        .map_err(|error| write_error(&path, error.error))?;
                    done.files.push((path, previous));
                }
                (Change::Remove { path, previous }, _) => {
                    if read_text(&path)?.as_ref() != Some(&previous) {
                        return Err(MigrationsError::ChangedMeanwhile { path });
                    }
                    fs::remove_file(&path).map_err(|error| write_error(&path, error))?;
                    done.files.push((path, Some(previous)));
                }
                (Change::Create { .. } | Change::Replace { .. }, None) => {}
            }
        }
        done.drop_empty_folders();
        Ok(())
    }
}

impl Change {
    /// Writes the text to a temporary file in the folder where it will belong.
    fn stage(&self) -> Result<Option<NamedTempFile>, MigrationsError> {
        let (Self::Create { path, text } | Self::Replace { path, text, .. }) = self else {
            return Ok(None);
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".seachange-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // A temporary file is for its owner alone unless told otherwise; the umask still applies.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut file = builder
            .tempfile_in(folder)
            .map_err(|error| write_error(path, error))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.flush())
            .and_then(|()| match fs::metadata(path) {
                Ok(there) => file.as_file().set_permissions(there.permissions()),
                Err(_) => Ok(()),
            })
            .map_err(|error| write_error(path, error))?;
        Ok(Some(file))
    }
}

/// What was changed already, in order.
#[derive(Default)]
struct Done {
    folders: Vec<PathBuf>,
    files: Vec<(PathBuf, Option<String>)>,
}

impl Done {
    /// Those that files were removed from, and that hold nothing any more.
    fn drop_empty_folders(&self) {
        let gone = self.files.iter().filter(|(path, _)| !path.exists());
        for folder in gone.filter_map(|(path, _)| path.parent()) {
            // What is not empty stays.
            let _ = fs::remove_dir(folder);
        }
    }

    /// As far as it goes: the error that led here is the one to report.
    fn undo(self) {
        for (path, previous) in self.files.into_iter().rev() {
            let undone = match previous {
                Some(text) => {
                    File::create(&path).and_then(|mut file| file.write_all(text.as_bytes()))
                }
                None => fs::remove_file(&path),
            };
            if let Err(error) = undone {
                tracing::warn!(path = %path.display(), %error, "could not take a change back");
            }
        }
        for folder in self.folders.into_iter().rev() {
            if let Err(error) = fs::remove_dir(&folder) {
                tracing::warn!(path = %folder.display(), %error, "could not take a change back");
            }
        }
    }
}

fn write_error(path: &Path, source: io::Error) -> MigrationsError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::AlreadyExists {
        MigrationsError::Exists { path }
    } else {
        MigrationsError::Write { path, source }
    }
}
