//! The disk is full: the database is in a tablespace on a small file system of its own, a file takes nearly all the room
//! that is left, and goes before the run that has to end well. Root alone can mount one.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Trial, UP};
use crate::random::Random;
use crate::torture::error::TortureError;
use crate::torture::server::TortureServer;
use crate::torture::trial::Undisturbed;

/// How PostgreSQL says it; the last one is about a file that speeds up the next start of a session.
const FULL: [&str; 4] = [
    "53100",
    "No space left on device",
    // A page of which only the beginning had room.
    "could not extend file",
    "could not write init file",
];

/// Room for a database many times over.
const SIZE: u64 = 64 << 20;

pub(super) fn impossible() -> Option<String> {
    match rustix::process::geteuid().is_root() {
        true => None,
        false => Some("only root can mount a small file system".to_owned()),
    }
}

/// A file system in memory, as long as this value lives.
struct Small(PathBuf);

impl Small {
    fn mount(server: &TortureServer) -> Result<Self, TortureError> {
        let data = server.data();
        let path = data.with_file_name("small");
        fs::create_dir_all(&path).map_err(TortureError::file("create", &path))?;
        let options = format!("size={SIZE}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&path)
            .status()
            .map_err(TortureError::file("mount", &path))?;
        if !mounted.success() {
            let refused = std::io::Error::other("mount refuses it");
            return Err(TortureError::file("mount", &path)(refused));
        }
        let small = Self(path);
        let owner = fs::metadata(&data).map_err(TortureError::file("read", &data))?;
        chown(&small.0, Some(owner.uid()), Some(owner.gid()))
            .map_err(TortureError::file("change the owner of", &small.0))?;
        Ok(small)
    }

    /// Takes all room but so much.
    fn leave(&self, bytes: u64) -> Result<PathBuf, TortureError> {
        let path = self.0.join("ballast");
        let disk = rustix::fs::statvfs(&self.0)
            .map_err(|error| TortureError::file("read", &self.0)(error.into()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let taken = usize::try_from(free.saturating_sub(bytes)).unwrap_or_default();
        fs::write(&path, vec![0; taken]).map_err(TortureError::file("write", &path))?;
        Ok(path)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // A server that is not yet through with it keeps what it has open, and nothing else.
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.0).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("error: `{}` is still mounted", self.0.display());
        }
        let _ = fs::remove_dir(&self.0);
    }
}

pub(super) async fn trial(
    server: &TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    number: u32,
) -> Result<Trial, TortureError> {
    let small = Small::mount(server)?;
    let database = format!("full_{number}");
    let tablespace = format!("small_{number}");
    let place = small.0.display();
    let create = format!("CREATE TABLESPACE {tablespace} LOCATION '{place}'");
    server.execute("postgres", &create).await?;
    undisturbed.begin(server, &database).await?;
    let moved = format!("ALTER DATABASE {database} SET TABLESPACE {tablespace}");
    server.execute("postgres", &moved).await?;
    let done = filled(server, undisturbed, random, &database, &small).await;
    server.drop_database(&database).await?;
    // A file that was dropped stays until the next checkpoint.
    server.execute("postgres", "CHECKPOINT").await?;
    let drop = format!("DROP TABLESPACE {tablespace}");
    server.execute("postgres", &drop).await?;
    done
}

async fn filled(
    server: &TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    database: &str,
    small: &Small,
) -> Result<Trial, TortureError> {
    let mut trial = Trial::default();
    let url = server.url(database);
    let mut room = random.below(1 << 20);
    // A little more room each time, so that it stops at several places.
    loop {
        let ballast = small.leave(room)?;
        let ended = undisturbed.runner.run(&url, UP).await;
        remove(&ballast)?;
        let ended = ended?;
        trial.ran(&ended);
        trial.how.push_str(&format!("{} KiB free ", room >> 10));
        if ended.is_done() {
            break;
        }
        let said = ended.text();
        if !FULL.iter().any(|words| said.contains(words)) {
            trial
                .wrong
                .push(format!("it stops, but not for the disk: {}", ended.text()));
            break;
        }
        room += random.below(1 << 20);
        if room > SIZE / 2 {
            break;
        }
    }
    trial.finish(undisturbed, &url).await?;
    trial
        .wrong
        .extend(undisturbed.wrong(server, database).await?);
    Ok(trial)
}

fn remove(path: &Path) -> Result<(), TortureError> {
    fs::remove_file(path).map_err(TortureError::file("remove", path))
}
