//! The hashes that the lock is made of: SHA-256, shortened to 128 bits, in hex. Line ends are brought
//! to `\n` before, so that a checkout with `\r\n` has the same hashes.

use sha2::{Digest, Sha256};

/// The hash of one SQL file's text, as the lock and the runner compare it.
pub fn sql_hash(text: &str) -> String {
    text_hash(&[("sql", text)])
}

/// The hash of several named texts. Name and length go in before each text, so that no text can pass
/// for the end of another.
pub fn text_hash(parts: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in parts {
        let text = text.replace("\r\n", "\n");
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name);
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    }
    hasher.finalize()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(
            text_hash(&[("a", "bc"), ("d", "")]),
            text_hash(&[("a", "b"), ("cd", "")])
        );
        assert_eq!(sql_hash("a\r\nb\r\n"), sql_hash("a\nb\n"));
        assert_eq!(sql_hash("").len(), 32);
    }
}
