//! Making a data folder with `initdb`: into a folder of another name, which is renamed when it is
//! whole, so that a killed `initdb` leaves nothing that looks like data.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rand::distr::{Alphanumeric, SampleString};

use super::account::Account;
use super::place::{Layout, Place};
use super::programs::Programs;
use super::running::{SUPERUSER, data_version};
use super::{ServerError, folder};

/// Whether a cluster must survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Durable,
    Expendable,
}

/// Makes the durable server's data, unless they are there.
pub(super) fn make_durable(
    layout: &Layout,
    place: &Place,
    programs: &Programs,
) -> Result<(), ServerError> {
    let data = place.data();
    if data_version(&data).is_some() {
        return Ok(());
    }
    if fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ServerError::NotACluster { folder: data });
    }
    folder::remove(&data)?;
    init(&place.folder, programs, &layout.account, Keep::Durable)
}

/// Makes the throwaway server's data anew: a copy of a cluster made before by the same programs,
/// which takes a tenth of the time of `initdb`.
pub(super) fn make_throwaway(
    layout: &Layout,
    place: &Place,
    programs: &Programs,
) -> Result<(), ServerError> {
    folder::remove(&place.data())?;
    let cached = cached(layout, programs);
    if !cached.join("data/PG_VERSION").exists() && fill(layout, &cached, programs).is_err() {
        // Without a cache it is only slower; what is truly wrong shows again here.
        return init(&place.folder, programs, &layout.account, Keep::Expendable);
    }
    folder::sweep_new(&place.data())?;
    let new = folder::new_name(&place.data());
    let mut copy = layout.account.command(Path::new("cp"));
    copy.arg("-Rp").arg(cached.join("data")).arg(&new);
    run("cp", &mut copy, &new)?;
    let password = cached.join("password");
    let password = fs::read_to_string(&password).map_err(ServerError::io("read", &password))?;
    folder::write_private(&place.password(), &password, &layout.account)?;
    fs::rename(&new, place.data()).map_err(ServerError::io("create", &place.data()))
}

/// Forgets the ready-made cluster of these programs, in case it is what is broken.
pub(super) fn forget(layout: &Layout, programs: &Programs) -> Result<(), ServerError> {
    folder::remove(&cached(layout, programs))
}

fn cached(layout: &Layout, programs: &Programs) -> PathBuf {
    let name = format!("{}-{}", programs.version, folder::short_hash(&programs.bin));
    layout.cache().join(name)
}

fn fill(layout: &Layout, cached: &Path, programs: &Programs) -> Result<(), ServerError> {
    folder::private(&layout.cache(), &layout.account)?;
    folder::remove(cached)?;
    folder::sweep_new(cached)?;
    let new = folder::new_name(cached);
    folder::private(&new, &layout.account)?;
    let made = init(&new, programs, &layout.account, Keep::Expendable)
        .and_then(|()| fs::rename(&new, cached).map_err(ServerError::io("create", cached)));
    if made.is_err() {
        folder::remove(&new)?;
    }
    made
}

/// Runs `initdb` for `data` and `password` in `inside`.
fn init(
    inside: &Path,
    programs: &Programs,
    account: &Account,
    keep: Keep,
) -> Result<(), ServerError> {
    let data = inside.join("data");
    folder::sweep_new(&data)?;
    let password = inside.join("password");
    folder::write_private(&password, &new_password(), account)?;
    let new = folder::new_name(&data);
    let mut result = Ok(());
    // Not every system has a C.UTF-8, and its C is all that remains then.
    for locale in ["C.UTF-8", "C"] {
        folder::remove(&new)?;
        folder::private(&new, account)?;
        let mut initdb = account.command(&programs.initdb());
        initdb
            .arg("--pgdata")
            .arg(&new)
            .arg(format!("--username={SUPERUSER}"))
            .arg("--pwfile")
            .arg(&password)
            .arg(format!("--locale={locale}"))
            .args(["--encoding=UTF8", "--auth-local=trust"])
            .args(["--auth-host=scram-sha-256", "--no-instructions"]);
        if keep == Keep::Expendable {
            initdb.arg("--no-sync");
        }
        result = run("initdb", &mut initdb, &data);
        match &result {
            Err(ServerError::ToolFailed { output, .. }) if output.contains("locale") => {}
            _ => break,
        }
    }
    if result.is_ok() {
        result = fs::rename(&new, &data).map_err(ServerError::io("create", &data));
    }
    if result.is_err() {
        folder::remove(&new)?;
    }
    result
}

/// Sets a new password with a single-user server when the file that kept the old one is gone.
pub(super) fn mend_password(
    layout: &Layout,
    place: &Place,
    programs: &Programs,
) -> Result<(), ServerError> {
    if place.password().exists() {
        return Ok(());
    }
    let password = new_password();
    let mut single = layout.account.command(&programs.postgres());
    single
        .arg("--single")
        .arg("-D")
        .arg(place.data())
        .arg("postgres")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let program = programs.postgres();
    let failed = |source| ServerError::Run {
        program: program.clone(),
        source,
    };
    let mut child = single.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        writeln!(input, "ALTER ROLE {SUPERUSER} PASSWORD '{password}';").map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    check("postgres --single", &output, &place.data())?;
    folder::write_private(&place.password(), &password, &layout.account)
}

fn new_password() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 32)
}

fn run(program: &str, command: &mut Command, path: &Path) -> Result<(), ServerError> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ServerError::Run {
            program: command.get_program().into(),
            source,
        })?;
    check(program, &output, path)
}

fn check(program: &str, output: &std::process::Output, path: &Path) -> Result<(), ServerError> {
    if output.status.success() {
        return Ok(());
    }
    Err(ServerError::ToolFailed {
        program: program.to_owned(),
        path: path.to_owned(),
        status: output.status.to_string(),
        output: last_lines(&String::from_utf8_lossy(&output.stderr)),
    })
}

/// The end of what a program said, on one line.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let last = &lines[lines.len().saturating_sub(6)..];
    if last.is_empty() {
        "nothing".to_owned()
    } else {
        last.join("; ")
    }
}
