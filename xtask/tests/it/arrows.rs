//! The arrows of the house: who may need whom, held over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand};

/// With the features that are built; the crates' own `schemas` is for one program of the repository alone.
fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
        .features(CargoOpt::SomeFeatures(Vec::new()))
        .other_options(["--locked".to_owned(), "--offline".to_owned()])
        .exec()
        .unwrap()
}

/// The workspace's packages that each of them needs to be built, tests apart.
fn arrows(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let members: BTreeSet<String> = metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    metadata
        .workspace_packages()
        .iter()
        .map(|package| {
            let needs = package
                .dependencies
                .iter()
                .filter(|need| need.kind != DependencyKind::Development)
                .map(|need| need.name.clone())
                .filter(|name| members.contains(name))
                .collect();
            (package.name.to_string(), needs)
        })
        .collect()
}

#[test]
fn the_arrows_are_those_of_the_house() {
    let drawn: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("seachange-schema", &[] as &[&str]),
        ("seachange-lint", &["seachange-schema"]),
        ("seachange", &["seachange-schema"]),
        ("seachange-studio", &["seachange", "seachange-schema"]),
        (
            "seachange-cli",
            &[
                "seachange",
                "seachange-lint",
                "seachange-schema",
                "seachange-studio",
            ],
        ),
        ("db", &[]),
        ("api", &["db", "seachange"]),
        ("migration", &["seachange"]),
        ("seed", &["db", "seachange"]),
        // Its benchmarks measure what `seachange` offers to tests, and how long a comparison takes.
        (
            "xtask",
            &["db", "seachange", "seachange-cli", "seachange-schema"],
        ),
    ]);
    let found = arrows(&metadata());
    for (package, needs) in &found {
        let allowed = drawn
            .get(package.as_str())
            .unwrap_or_else(|| panic!("`{package}` has no place in the house yet: draw it here"));
        for need in needs {
            assert!(
                allowed.contains(&need.as_str()),
                "`{package}` must not need `{need}`"
            );
        }
    }
    assert_eq!(found.len(), drawn.len(), "a package that is drawn is gone");
}

/// The pure crates meet no database, runtime or driver, not even through others.
#[test]
fn the_pure_crates_stay_pure() {
    for package in ["seachange-schema", "seachange-lint"] {
        stays_pure(package);
    }
}

/// What production runs carries no entity, no prompt or table of a terminal, no grammar of SQL and no lint. That
/// nothing of scratch servers is in it either, `bench binary` sees to: what nobody calls is not linked.
#[test]
fn the_migration_binary_carries_what_it_runs() {
    let needed = needed_by("migration");
    assert!(needed.contains("seachange"));
    for name in [
        "db",
        "seed",
        "fake",
        "seachange-cli",
        "seachange-lint",
        "seachange-studio",
        "axum",
        "squawk-parser",
        "inquire",
        "indicatif",
        "comfy-table",
        "clap_complete",
        "clap_mangen",
        "schemars",
        "similar",
    ] {
        assert!(!needed.contains(name), "`migration` needs `{name}`");
    }
}

fn stays_pure(package: &str) {
    let unclean = [
        "sea-orm", "sqlx", "tokio", "rustix", "libc", "chrono", "dotenvy",
    ];
    for name in needed_by(package) {
        assert!(
            !unclean.iter().any(|part| name.starts_with(part)),
            "{package} needs `{name}`"
        );
    }
}

/// Everything that is linked into a package, tests apart.
fn needed_by(package: &str) -> BTreeSet<String> {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().unwrap();
    let names: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.to_string()))
        .collect();
    let start = metadata
        .packages
        .iter()
        .find(|found| found.name.as_str() == package)
        .unwrap();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![&start.id];
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = resolve.nodes.iter().find(|node| node.id == *id).unwrap();
        waiting.extend(
            node.deps
                .iter()
                .filter(|need| {
                    need.dep_kinds
                        .iter()
                        .any(|kind| kind.kind == DependencyKind::Normal)
                })
                .map(|need| &need.pkg),
        );
    }
    seen.into_iter().map(|id| names[id].clone()).collect()
}

/// Seachange knows no workspace: the names of CohortFlow's packages and tables occur nowhere in it.
#[test]
fn seachange_does_not_know_the_application() {
    for file in super::tidy::sources() {
        let path = file.display().to_string();
        if !path.contains("/crates/seachange")
            || path.contains("/tests")
            || path.contains("/examples")
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for name in [
            "cohortflow",
            "CohortFlow",
            "use db::",
            "use migration::",
            "use seed::",
        ] {
            assert!(!text.contains(name), "{path} names `{name}`");
        }
    }
}
