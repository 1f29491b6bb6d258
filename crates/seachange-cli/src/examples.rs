//! Lines to begin with, for `--help` and the man pages. A test reads each as the program would.

/// Of a command below `db`.
pub(crate) fn of(command: &str) -> &'static [(&'static str, &'static str)] {
    match command {
        "push" => &[
            (
                "cargo xtask db push --dry-run",
                "Print the SQL that would make the database match the entities.",
            ),
            (
                "cargo xtask db push --rename users.name:full_name",
                "It was renamed, and keeps its data.",
            ),
        ],
        "generate" => &[
            (
                "cargo xtask db generate add_phone_number",
                "Write the next migration, proven both ways.",
            ),
            (
                "cargo xtask db generate --empty backfill_phone_numbers",
                "Two files of SQL to be filled in.",
            ),
        ],
        "migrate" => &[
            (
                "cargo xtask db migrate --check",
                "Ask the rows first whether what is pending would fail on them.",
            ),
            (
                "cargo xtask db migrate --to add_phone_number --backup",
                "Up to that one, behind a backup.",
            ),
        ],
        "rollback" => &[
            (
                "cargo xtask db rollback --dry-run",
                "Print the SQL that would take the last migration back.",
            ),
            (
                "cargo xtask db rollback --steps 2 --yes",
                "Take two back, unasked, on a local database.",
            ),
        ],
        "status" => &[
            ("cargo xtask db status -v", "With the SQL of what differs."),
            (
                "cargo xtask db status --exit-code",
                "End with 2 when migrations are pending or anything differs.",
            ),
        ],
        "check" => &[
            (
                "cargo xtask db check --no-database",
                "What can be told from the repository alone, as in CI.",
            ),
            (
                "cargo xtask db check --drift --database-url postgres://reader@db/app",
                "Whether a live database is what its migrations make.",
            ),
        ],
        "lint" => &[
            (
                "cargo xtask db lint --latest 1 --deny warnings",
                "The last migration alone, and strictly.",
            ),
            (
                "cargo xtask db lint --format github",
                "As annotations of a merge request.",
            ),
        ],
        "diff" => &[
            (
                "cargo xtask db diff --from migrations --to entities",
                "What the next migration would hold.",
            ),
            (
                "cargo xtask db diff --from database --to schema.sql --exit-code",
                "End with 2 when they differ.",
            ),
        ],
        "docs" => &[
            (
                "cargo xtask db docs",
                "Write the schema as Markdown into docs/schema.",
            ),
            (
                "cargo xtask db docs --check",
                "Write nothing; end with 2 when a file is stale.",
            ),
        ],
        "pull" => &[(
            "cargo xtask db pull --tables users,audit.log --out crates/db",
            "Entities of two tables, and of what they need.",
        )],
        "baseline" => &[
            (
                "cargo xtask db baseline --dry-run",
                "Show what would be written and recorded.",
            ),
            (
                "cargo xtask db baseline --to initial_schema",
                "The database has the work of that one.",
            ),
        ],
        "rebase" => &[(
            "cargo xtask db rebase --dry-run",
            "After a merge: what would move behind what.",
        )],
        "backup" => &[(
            "cargo xtask db backup --keep 7d",
            "Delete those of this database that are older than a week.",
        )],
        "restore" => &[
            (
                "cargo xtask db restore app.dump",
                "In the place of the local database.",
            ),
            (
                "cargo xtask db restore app.dump --into app_before",
                "Beside it.",
            ),
        ],
        "squash" => &[(
            "cargo xtask db squash --to add_phone_number --dry-run",
            "Fold those up to it into one; show it.",
        )],
        "seed" => &[
            ("cargo xtask db seed", "The fixtures."),
            (
                "cargo xtask db seed --profile load --scale 5000 --truncate",
                "Many rows, into emptied tables.",
            ),
        ],
        "reset" => &[
            (
                "cargo xtask db reset --yes",
                "A local database from nothing, unasked.",
            ),
            (
                "cargo xtask db reset --test --jobs 4",
                "Four databases for tests; their URLs on stdout.",
            ),
        ],
        "studio" => &[(
            "cargo xtask db studio --read-only",
            "Look, and change nothing.",
        )],
        "start" => &[(
            "cargo xtask db start",
            "Start the local server, and say where it is.",
        )],
        "stop" => &[("cargo xtask db stop", "Stop it; its data stay.")],
        "url" => &[("psql \"$(cargo xtask db url)\"", "For another program.")],
        "psql" => &[("cargo xtask db psql -- -c 'SELECT 1'", "One statement.")],
        "install" => &[(
            "cargo xtask db install 17",
            "PostgreSQL 17 for this workspace alone.",
        )],
        "doctor" => &[(
            "cargo xtask db doctor",
            "What was found, and what to do about what is wrong.",
        )],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use clap::Subcommand as _;

    use super::*;
    use crate::command::Command;

    /// Words as a shell splits them, as far as the examples go.
    fn words(line: &str) -> Vec<String> {
        line.replace("'SELECT 1'", "SELECT")
            .split(' ')
            .skip(1)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_command_has_one_and_each_can_be_read() {
        let all = Command::augment_subcommands(clap::Command::new("db"));
        for command in all.get_subcommands() {
            let examples = of(command.get_name());
            assert!(!examples.is_empty(), "{}", command.get_name());
            for (line, _) in examples
                .iter()
                .filter(|(line, _)| line.starts_with("cargo "))
            {
                let begin = format!("cargo xtask db {}", command.get_name());
                assert!(line.starts_with(&begin), "{line}");
                let words = words(line).into_iter().map(Into::into).collect();
                if let Err(error) = crate::args::parse(words, &[]) {
                    panic!("{line}: {error}");
                }
            }
        }
    }
}
