//! Which TCP port a server listens on: one of the workspace's own, so that URLs stay the same.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use super::ServerError;
use super::settings::Role;

/// Below the range from which operating systems take ports for outgoing connections, so that none
/// of these takes a server's port while it is stopped.
const FIRST: u16 = 15432;
const COUNT: u16 = 10_000;
const ATTEMPTS: u16 = 500;

/// The remembered port where it is free, else the first free one from the workspace's own on.
pub(super) fn choose(remembered: Option<u16>, seed: u32, role: Role) -> Result<u16, ServerError> {
    if let Some(port) = remembered.filter(|port| is_free(*port)) {
        return Ok(port);
    }
    let start = match role {
        Role::Development => seed,
        Role::Throwaway => seed.wrapping_add(u32::from(COUNT / 2)),
    };
    let offset = |step: u16| (start.wrapping_add(u32::from(step)) % u32::from(COUNT)) as u16;
    (0..ATTEMPTS)
        .map(|step| FIRST + offset(step))
        .find(|port| is_free(*port))
        .ok_or(ServerError::NoPort {
            from: FIRST,
            to: FIRST + COUNT,
        })
}

/// A sandbox without a loopback interface has no ports to take: there the number only names the
/// socket.
pub(super) fn is_free(port: u16) -> bool {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::AddrInUse,
    }
}

/// What the server listens on beside its socket.
pub(super) fn address() -> &'static str {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) {
        Ok(_) => "127.0.0.1",
        Err(_) => "",
    }
}
