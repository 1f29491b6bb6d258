//! Starting: which server, with which programs, where; one starter at a time.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::process::Signal;

use super::launch::{boot, launch};
use super::place::{Layout, MEMORY_WANTED, Place};
use super::programs::{self, Programs};
use super::running::{self, Server, Sight, State, data_version};
use super::{Role, ServerError, Settings, cluster, folder};

/// The server of this role: the one that runs, or one that is made and started now. Any number of
/// processes may call at once; one of them starts it.
pub fn ensure(settings: &Settings, role: Role) -> Result<Server, ServerError> {
    if settings.home.is_dir()
        && let Some(server) = wanted(&Layout::resolve(settings)?, settings, role)?
    {
        return Ok(server);
    }
    folder::shared(&settings.home)?;
    let _lock = lock(&settings.home, role)?;
    let layout = Layout::resolve(settings)?;
    if let Some(server) = wanted(&layout, settings, role)? {
        return Ok(server);
    }
    for sockets in [layout.sockets(), layout.sockets().join(role.sockets())] {
        folder::private(&sockets, &layout.account)?;
    }
    match role {
        Role::Development => start_development(&layout, settings),
        Role::Throwaway => start_throwaway(&layout, settings),
    }
}

/// Keeps other starters and stoppers of this server out until it is dropped.
pub(super) fn lock(home: &Path, role: Role) -> Result<File, ServerError> {
    let path = home.join(format!("{role}.lock"));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = match options.open(&path) {
        // A lock needs no right to write: root may have made the file.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.exists() => {
            File::open(&path)
        }
        opened => opened,
    };
    let file = file.map_err(ServerError::io("create", &path))?;
    file.lock().map_err(ServerError::io("lock", &path))?;
    Ok(file)
}

/// The running server, unless the settings ask for programs of another version.
fn wanted(layout: &Layout, settings: &Settings, role: Role) -> Result<Option<Server>, ServerError> {
    let Some(server) = running::in_layout(layout, role)? else {
        return Ok(None);
    };
    let Some(asked) = &settings.programs else {
        return Ok(Some(server));
    };
    if server.programs.as_deref() == Some(&*folder::canonical(asked)) {
        return Ok(Some(server));
    }
    let data = server.data();
    let data = match role {
        Role::Development => data_version(&data).map(|major| (major, data.as_path())),
        Role::Throwaway => None,
    };
    let programs = programs::find(settings, layout, data)?;
    let same = role == Role::Development || programs.version == server.version;
    Ok(same.then_some(server))
}

fn start_development(layout: &Layout, settings: &Settings) -> Result<Server, ServerError> {
    let place = layout.development();
    if let Some(blocked) = layout.blocked() {
        return Err(ServerError::CannotEnter {
            account: layout.account.name.clone(),
            blocked,
            data: place.folder,
        });
    }
    layout.make_base()?;
    folder::private(&place.folder, &layout.account)?;
    let data = place.data();
    let major = data_version(&data).map(|major| (major, data.as_path()));
    let programs = programs::find(settings, layout, major)?;
    cluster::make_durable(layout, &place, &programs)?;
    launch(layout, &place, &programs)
}

/// Whatever is wrong with throwaway data, new ones are right: tries what is there, then new data,
/// then new data on disk.
fn start_throwaway(layout: &Layout, settings: &Settings) -> Result<Server, ServerError> {
    layout.make_base()?;
    let programs = throwaway_programs(layout, settings)?;
    let disk = layout.throwaway_on_disk();
    let memory = layout.throwaway_in_memory().filter(|place| {
        let room = || folder::free_bytes(&place.folder).is_some_and(|free| free >= MEMORY_WANTED);
        place.is_ours() || (!place.folder.exists() && room())
    });
    let first = memory.unwrap_or_else(|| disk.clone());
    for place in layout.places(Role::Throwaway) {
        if let Sight::Up(file) | Sight::Starting(file) | Sight::Stopping(file) =
            running::look(&place)?
        {
            super::stop::at_once(&place, file.pid)?;
        }
        super::stop::end_leftovers(&place, Signal::KILL)?;
    }
    // Without fsync, data on disk do not survive a crash of the machine.
    let usable = first.is_ours()
        && data_version(&first.data()) == Some(programs.major())
        && State::read(&first)
            .is_some_and(|state| state.programs == programs.bin && state.boot == boot());
    if usable && let Ok(server) = launch(layout, &first, &programs) {
        return Ok(server);
    }
    match start_anew(layout, &first, &programs) {
        Ok(server) => Ok(server),
        Err(_) => {
            // A full memory disk and a broken ready-made cluster are both left behind this way.
            if first.is_ours() {
                folder::remove(&first.folder)?;
            }
            cluster::forget(layout, &programs)?;
            start_anew(layout, &disk, &programs)
        }
    }
}

/// Those of the development data's version where there are any, so that what is proven in a scratch
/// database holds in the other one; else the first that will do.
fn throwaway_programs(layout: &Layout, settings: &Settings) -> Result<Programs, ServerError> {
    let data = layout.development().data();
    if settings.programs.is_none()
        && let Some(major) = data_version(&data)
        && let Ok(programs) = programs::find(settings, layout, Some((major, &data)))
    {
        return Ok(programs);
    }
    programs::find(settings, layout, None)
}

fn start_anew(layout: &Layout, place: &Place, programs: &Programs) -> Result<Server, ServerError> {
    folder::private(&place.folder, &layout.account)?;
    cluster::make_throwaway(layout, place, programs)?;
    launch(layout, place, programs)
}
