//! What holds for every command, said once: `--help` ends with it, and the man pages have it as sections.

/// Exit codes, and what each means.
pub(crate) const EXIT_STATUS: [(&str, &str); 6] = [
    ("0", "Done, or in sync."),
    ("1", "Failed; or a check found something."),
    (
        "2",
        "Different: with --exit-code, with check --drift and docs --check.",
    ),
    (
        "3",
        "Refused for want of consent or of an answer; the message names the flag that would give it.",
    ),
    ("64", "Arguments that make no sense."),
    ("130", "Interrupted by Ctrl-C."),
];

/// Environment variables.
pub(crate) const ENVIRONMENT: [(&str, &str); 15] = [
    (
        "DATABASE_URL",
        "The database to work on, unless --database-url names one; also read from .env at the workspace's root.",
    ),
    (
        "SEACHANGE_HOME",
        "Where the local servers, backups and cached schemas are, in the place of .seachange.",
    ),
    (
        "SEACHANGE_PG_BIN",
        "The folder of PostgreSQL's programs for local servers, as --server-bin.",
    ),
    (
        "SEACHANGE_SCRATCH_URL",
        "A server for scratch databases, in the place of a throwaway one. Its role makes and drops databases.",
    ),
    (
        "SEACHANGE_TEST_URL",
        "A server for test databases, likewise.",
    ),
    (
        "SEACHANGE_KEEP",
        "1 keeps the throwaway server, and the databases of tests that fail.",
    ),
    (
        "SEACHANGE_MASK_KEY",
        "64 hexadecimal digits: the masks of seed --from-database are the same each time.",
    ),
    (
        "SEACHANGE_LOCK_WAIT",
        "How long migrate and rollback wait for another runner; 60s.",
    ),
    (
        "SEACHANGE_LOCK_TIMEOUT",
        "How long a statement of a migration may wait for a lock on a table; 2s.",
    ),
    (
        "SEACHANGE_PLAIN",
        "1 is --plain: words in the place of signs, frames and lines that are written over.",
    ),
    (
        "CI",
        "true or 1: nothing is ever asked, and no file of the workspace is put right on the way.",
    ),
    (
        "NO_COLOR, CLICOLOR, CLICOLOR_FORCE",
        "Whether to colour; --color says it more strongly.",
    ),
    (
        "TERM",
        "dumb: no colour, nothing is written over, and questions are lines that are answered by a line.",
    ),
    (
        "COLUMNS",
        "How wide a line may be; else the terminal says it, and without one nothing is broken.",
    ),
    (
        "RUST_LOG",
        "What is logged on stderr, more exactly than -v.",
    ),
];

/// Files, below the workspace's root.
pub(crate) const FILES: [(&str, &str); 5] = [
    (".env", "DATABASE_URL, where the environment has none."),
    (
        "seachange.toml",
        "Differences between a database and its migrations that are meant to be.",
    ),
    (
        "migration/schema.sql",
        "The schema after the last migration, for review.",
    ),
    (
        "migration/seachange.lock",
        "What each migration was when it was written, and which one it follows.",
    ),
    (
        ".seachange/",
        "The local server, cached schemas, and backups. Only the backups can't be made again.",
    ),
];

/// As the end of `--help`.
pub(crate) fn text(examples: &[(&str, &str)]) -> String {
    let mut text = String::new();
    if !examples.is_empty() {
        text.push_str("Examples:\n");
        for (line, what) in examples {
            text.push_str(&format!("  {line}\n      {what}\n"));
        }
        text.push('\n');
    }
    for (title, lines) in [
        ("Exit status:", &EXIT_STATUS[..]),
        ("Environment:", &ENVIRONMENT),
        ("Files:", &FILES),
    ] {
        text.push_str(&format!("{title}\n"));
        for (name, what) in lines {
            text.push_str(&format!("  {name}\n      {what}\n"));
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}
