//! What a backup holds, by its own table of contents.

use std::path::Path;

use super::absolute;
use crate::backup::child;
use crate::backup::error::BackupError;
use crate::runner::Interrupt;
use crate::server::ClientProgram;

/// The entries of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backup) struct List {
    pub(in crate::backup) entries: usize,
    pub(in crate::backup) tables: usize,
}

/// Has pg_restore list an archive.
pub(in crate::backup) async fn list(
    pg_restore: &ClientProgram,
    path: &Path,
    interrupt: &Interrupt,
) -> Result<List, BackupError> {
    let mut command = child::command(pg_restore);
    command.arg("--list").arg(absolute(path));
    match child::run(command, &pg_restore.path, interrupt).await {
        Ok(output) => Ok(read(&String::from_utf8_lossy(&output.stdout))),
        Err(BackupError::Failed { said, .. }) => Err(BackupError::NotABackup {
            path: path.to_owned(),
            said,
        }),
        Err(error) => Err(error),
    }
}

/// `215; 1259 16386 TABLE public users ada`; comments begin with `;`.
fn read(text: &str) -> List {
    let entries = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(';'));
    let kind = |line: &str| {
        let mut words = line.split(' ').skip(3);
        (words.next() == Some("TABLE")) && words.next() != Some("DATA")
    };
    List {
        entries: entries.clone().count(),
        tables: entries.filter(|line| kind(line)).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_from_their_rows() {
        let text = ";\n; Archive created at 2026-11-23\n;\n\
            215; 1259 16386 TABLE public users ada\n\
            3350; 0 16386 TABLE DATA public users ada\n\
            3212; 2606 16393 CONSTRAINT public users users_pkey ada\n";
        assert_eq!(
            read(text),
            List {
                entries: 3,
                tables: 1
            }
        );
    }
}
