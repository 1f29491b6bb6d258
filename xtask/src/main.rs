//! CohortFlow's page: hands its entities, its migration and its seed package to Seachange's commands.

mod bench;
mod fuzz;
mod random;
mod schemas;
mod test;
mod torture;

use std::path::Path;
use std::process::ExitCode;

use seachange_cli::{Allowed, Declared, Extra, Project};

fn main() -> ExitCode {
    let extras = [
        Extra {
            name: "test",
            about: "Run all tests, on one throwaway PostgreSQL server",
            run: test::run,
        },
        Extra {
            name: "fuzz",
            about: "Run random pairs of schemas through diff, plan and proof",
            run: fuzz::run,
        },
        Extra {
            name: "schemas",
            about: "Write what `--json` prints as JSON Schema into docs/json; `--check` ends with 2 when one is stale",
            run: schemas::run,
        },
        Extra {
            name: "bench",
            about: "Measure: `commands` beside drizzle-kit's, `cold` in a fresh clone, `testdb` test databases, `catalog` reading, `binary` what production carries, `studio` its pages",
            run: bench::run,
        },
        Extra {
            name: "torture",
            about: "Migrate under load, kill the runner and the server, and look what is left: `load`, `kills`, `servers`",
            run: torture::run,
        },
    ];
    seachange_cli::main(project(), &extras)
}

fn project() -> Project {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    Project {
        name: "cohortflow",
        root: package.parent().unwrap_or(package).to_owned(),
        declared: Declared {
            builder: db::schema,
            indexes: db::indexes,
            sql: db::SQL.into(),
            partitions_made_elsewhere: &[],
        },
        entities: "crates/db",
        migration: "migration",
        seed: "seed",
        lint: &[Allowed {
            code: "foreign-key-without-index",
            subject: "comments.fk-comments-author_id",
            reason: "users are hardly ever deleted, and nobody lists comments by their author",
        }],
    }
}
