//! What opens the studio: tokens that are good once, and the sessions that they are exchanged for.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// How many of each are kept; the oldest is forgotten.
const KEPT: usize = 64;

/// All keys of one run. Only their hashes are held.
#[derive(Default)]
pub(super) struct Keys {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    tokens: VecDeque<[u8; 32]>,
    sessions: VecDeque<[u8; 32]>,
}

/// A browser that was let in.
#[derive(Clone)]
pub(crate) struct Session {
    csrf: String,
}

impl Keys {
    pub(super) fn new_token(&self) -> String {
        let token = random();
        push(&mut self.held().tokens, hash(&token));
        token
    }

    /// The cookie for a token. A token is good once: what stays in a history or a list of processes opens nothing.
    pub(super) fn exchange(&self, token: &str) -> Option<String> {
        let mut held = self.held();
        let at = find(&held.tokens, &hash(token))?;
        held.tokens.remove(at);
        let cookie = random();
        push(&mut held.sessions, hash(&cookie));
        Some(cookie)
    }

    pub(super) fn session(&self, cookie: &str) -> Option<Session> {
        find(&self.held().sessions, &hash(cookie)).map(|_| Session {
            csrf: hex(&hash(&format!("csrf {cookie}"))),
        })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// What the page says, and our modules repeat.
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }

    pub(super) fn knows(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

fn push(into: &mut VecDeque<[u8; 32]>, hash: [u8; 32]) {
    into.push_back(hash);
    if into.len() > KEPT {
        into.pop_front();
    }
}

fn find(among: &VecDeque<[u8; 32]>, hash: &[u8; 32]) -> Option<usize> {
    among.iter().position(|held| bool::from(held.ct_eq(hash)))
}

fn random() -> String {
    hex(&rand::random::<[u8; 32]>())
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
