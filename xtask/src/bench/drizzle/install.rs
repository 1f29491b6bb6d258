//! drizzle-kit's releases, each with the driver, in a folder of its own.

use std::path::PathBuf;

use super::super::error::BenchError;
use super::super::notes::progress;
use super::super::program::Program;
use super::super::{files, place};

/// A release, and the drizzle-orm that belongs to it.
#[derive(Clone, Copy)]
pub(crate) struct Release {
    pub(crate) kit: &'static str,
    orm: &'static str,
    /// Its push asks the database for each table by itself.
    pub(super) slow_push: bool,
}

/// The driver that both use.
const PG: &str = "8.23.1";

impl Release {
    /// The newest stable one, and the newest candidate for the next.
    pub(crate) const ALL: [Self; 2] = [
        Self {
            kit: "0.31.11",
            orm: "0.45.4",
            slow_push: true,
        },
        Self {
            kit: "1.0.0-rc.5",
            orm: "1.0.0-rc.5",
            slow_push: false,
        },
    ];

    pub(crate) fn folder(&self) -> PathBuf {
        place::bench().join(format!("drizzle-{}", self.kit))
    }

    /// The program itself: npx would come on top.
    pub(super) fn program(&self) -> PathBuf {
        self.folder().join("node_modules/drizzle-kit/bin.cjs")
    }
}

/// Every release, installed unless it is there already.
pub(crate) fn installed() -> Result<[Release; 2], BenchError> {
    for release in &Release::ALL {
        install(release)?;
    }
    Ok(Release::ALL)
}

fn install(release: &Release) -> Result<(), BenchError> {
    let folder = release.folder();
    let packages = [
        ("drizzle-kit", release.kit),
        ("drizzle-orm", release.orm),
        ("pg", PG),
    ];
    let there = packages.iter().all(|(name, _)| {
        let manifest = folder.join("node_modules").join(name).join("package.json");
        manifest.is_file()
    });
    if there {
        return Ok(());
    }
    progress(format_args!(
        "installing drizzle-kit {} with npm",
        release.kit
    ));
    files::write(&folder.join("package.json"), "{ \"private\": true }\n")?;
    let installing = Program::new(format!("install drizzle {}", release.kit), "npm", &folder)
        .args(["install", "--no-audit", "--no-fund", "--save-exact"])
        .args(packages.map(|(name, version)| format!("{name}@{version}")))
        .run();
    match installing {
        Err(BenchError::Start { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(BenchError::Missing { program: "npm" })
        }
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}
