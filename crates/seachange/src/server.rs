//! The managed local PostgreSQL: finds the programs, makes a data folder, starts the server and
//! stops it. Two servers a workspace, one for development data and one for throwaway databases.
//! Nothing here connects to a database; the URLs that come out are for those who do.

mod account;
mod clients;
mod cluster;
mod doctor;
mod error;
mod folder;
mod install;
mod launch;
mod place;
mod port;
mod postmaster;
mod programs;
mod provide;
mod running;
mod settings;
mod start;
mod stop;

pub use clients::{ClientError, ClientProgram, Clients};
pub use doctor::{Finding, Verdict, doctor};
pub use error::ServerError;
pub use install::{Client, Installed, install};
pub use programs::version_text;
pub use provide::provide;
pub use running::{SUPERUSER, Server, running};
pub use settings::{Role, Settings};
pub use start::ensure;
pub use stop::{Stopped, stop};
