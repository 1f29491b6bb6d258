//! One feature set for all that is built: where two packages, or a package and the tests, ask different
//! features of one crate, cargo builds that crate and all above it again whenever the other one is run.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What `cargo xtask db …` builds in turn, and everything with the tests.
const BUILDS: [&[&str]; 5] = [
    &["--package", "xtask", "--edges", "normal"],
    &["--package", "migration", "--edges", "normal"],
    &["--package", "seed", "--edges", "normal"],
    &["--package", "api", "--edges", "normal"],
    &["--workspace", "--edges", "normal,dev"],
];

/// More than one where a macro and a program both need the package.
type FeatureSets = BTreeSet<String>;

#[test]
fn every_build_asks_the_same_features() {
    let mut asked: BTreeMap<String, BTreeSet<FeatureSets>> = BTreeMap::new();
    for build in BUILDS {
        for (package, sets) in packages(build) {
            asked.entry(package).or_default().insert(sets);
        }
    }
    assert!(asked.keys().any(|package| package.starts_with("sea-orm v")));
    asked.retain(|_, builds| builds.len() > 1);
    assert!(
        asked.is_empty(),
        "name what some builds lack at the root, and in crates/seachange: {asked:#?}"
    );
}

/// Every package of a build, by name and version.
fn packages(build: &[&str]) -> BTreeMap<String, FeatureSets> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--quiet", "--locked", "--no-dedupe"])
        .args(["--prefix", "none", "--format", "{p}\t{f}"])
        .args(build)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut found: BTreeMap<String, FeatureSets> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        if let Some((package, features)) = line.split_once('\t') {
            let sets = found.entry(package.to_owned()).or_default();
            sets.insert(features.to_owned());
        }
    }
    found
}
