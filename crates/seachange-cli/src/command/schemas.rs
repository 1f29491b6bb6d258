//! The shapes of what commands print with `--json`, by command: each is one of several, or a failure.

use schemars::{Schema, SchemaGenerator};

use crate::json::{Failed, Versioned};

/// A document, and the shapes that it takes.
pub(crate) struct Shapes {
    /// The file's name, without its end.
    pub(crate) name: &'static str,
    /// Whose output it is.
    pub(crate) of: &'static str,
    pub(crate) any_of: fn(&mut SchemaGenerator) -> Vec<Schema>,
}

macro_rules! shape {
    ($generator:ident, $($shape:ty),*) => {
        vec![$($generator.subschema_for::<Versioned<'static, $shape>>(),)* $generator.subschema_for::<Versioned<'static, Failed<'static>>>()]
    };
}

macro_rules! of {
    ($name:literal, $of:literal, $($shape:ty),*) => {
        Shapes {
            name: $name,
            of: $of,
            any_of: |generator| shape!(generator, $($shape),*),
        }
    };
}

/// Every document there is.
pub(crate) fn all() -> Vec<Shapes> {
    vec![
        of!("failure", "every command that fails or is refused",),
        of!("corpus", "cargo xtask corpus --json", super::corpus::Report),
        of!(
            "db-backup",
            "cargo xtask db backup --json",
            super::backup::Report
        ),
        of!(
            "db-baseline",
            "cargo xtask db baseline --json",
            super::baseline::report::Report
        ),
        of!(
            "db-check",
            "cargo xtask db check --json",
            super::check::Report,
            super::check::drift::Report
        ),
        of!(
            "db-diff",
            "cargo xtask db diff --json",
            super::diff::Report<'static>
        ),
        of!("db-docs", "cargo xtask db docs --json", super::docs::Report),
        of!(
            "db-doctor",
            "cargo xtask db doctor --json",
            super::doctor::Report
        ),
        of!(
            "db-generate",
            "cargo xtask db generate --json",
            super::generate::Report
        ),
        of!(
            "db-install",
            "cargo xtask db install --json",
            super::install::Report
        ),
        of!("db-lint", "cargo xtask db lint --json", super::lint::Report),
        Shapes {
            name: "db-migrate",
            of: "cargo xtask db migrate --json, and db rollback --json",
            any_of: |generator| {
                let mut any_of = shape!(generator, super::migrate::check::Report);
                any_of.extend(seachange::runner::shapes::run(generator));
                any_of
            },
        },
        of!(
            "db-pull",
            "cargo xtask db pull --json",
            super::pull::Report<'static>
        ),
        of!(
            "db-push",
            "cargo xtask db push --json",
            super::push::Report<'static>,
            super::push::reviewed::Report<'static>
        ),
        of!(
            "db-rebase",
            "cargo xtask db rebase --json",
            super::rebase::Report
        ),
        of!(
            "db-reset",
            "cargo xtask db reset --json",
            super::reset::Report,
            super::reset::test::Report
        ),
        of!(
            "db-restore",
            "cargo xtask db restore --json",
            super::restore::Report
        ),
        Shapes {
            name: "db-seed",
            of: "cargo xtask db seed --json; the workspace's seed program prints it",
            any_of: |generator| {
                let mut any_of = shape!(generator,);
                any_of.push(generator.subschema_for::<seachange::seed::Seeded<'static>>());
                any_of.push(generator.subschema_for::<seachange::seed::NotSeeded>());
                any_of
            },
        },
        of!(
            "db-squash",
            "cargo xtask db squash --json",
            super::squash::Report
        ),
        of!(
            "db-start",
            "cargo xtask db start --json",
            super::start::Started
        ),
        Shapes {
            name: "db-status",
            of: "cargo xtask db status --json",
            any_of: |generator| {
                let mut any_of = shape!(generator, super::status::report::Report);
                any_of.extend(seachange::runner::shapes::fleet(generator));
                any_of
            },
        },
        of!("db-stop", "cargo xtask db stop --json", super::stop::Report),
        of!(
            "db-studio",
            "cargo xtask db studio --json",
            super::studio::Opened<'static>
        ),
        of!(
            "db-url",
            "cargo xtask db url --json",
            super::url::Url<'static>
        ),
        Shapes {
            name: "migration",
            of: "migration up, down, fresh, refresh and reset --json",
            any_of: seachange::runner::shapes::run,
        },
        Shapes {
            name: "migration-status",
            of: "migration status --json",
            any_of: seachange::runner::shapes::status,
        },
    ]
}
