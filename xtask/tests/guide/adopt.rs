//! `docs/adopt.md`, walked on a copy of `examples/adopt`, whose database its own program has made before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;

use seachange::scratch::SCRATCH_URL;

use crate::page::{Ground, Page};
use crate::workspace::{Server, artefacts, sources, unset};

/// What somebody did to the shop's database by hand.
const BY_HAND: &str = "ALTER TABLE customer ADD COLUMN phone varchar;
    CREATE INDEX customer_name_idx ON customer (name);
    INSERT INTO customer (name, email) VALUES ('Ada', 'ada@shop.example'), ('Grace', 'grace@shop.example')";

#[test]
fn the_guide_takes_a_shop_over() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide/adopt");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let (repository, shop) = (sources::repository(), folder.join("shop"));
    sources::mirror(&repository.join("examples/adopt"), &shop);
    let seachange = folder.join("seachange");
    if fs::read_link(&seachange).ok().as_ref() != Some(&repository) {
        // There is none before the first run.
        let _ = fs::remove_file(&seachange);
        symlink(&repository, &seachange).unwrap();
    }
    artefacts::share(&folder.join("target"));
    let home = folder.join("home");
    if home.exists() {
        fs::remove_dir_all(&home).unwrap();
    }

    let server = Server::find();
    let database = server.empty();
    let url = database.url().to_owned();
    let ground = unset()
        .into_iter()
        .fold(Ground::at(&shop, "/home/ada/shop"), Ground::without)
        .with("DATABASE_URL", &url)
        .with(SCRATCH_URL, &server.url)
        .with("SEACHANGE_HOME", home)
        .with("CARGO_TARGET_DIR", folder.join("target"))
        .with("CARGO_NET_OFFLINE", "true")
        .shows(&url, "postgres://ada@db.example/shop")
        .shows(database.name(), "shop");
    let old = ground.run("cargo run --quiet --locked --package migration -- up");
    assert_eq!(old.code, 0, "{}", old.output);
    server.execute(&url, BY_HAND).unwrap();
    // What cargo adds is what this repository has as well.
    fs::write(shop.join("Cargo.lock"), both(&repository)).unwrap();
    Page::read(&repository.join("docs/adopt.md")).walk(&ground);
    server.drop(database);
}

#[test]
fn the_shop_has_the_versions_of_this_repository() {
    let repository = sources::repository();
    let (ours, shop) = (
        locked(&repository),
        locked(&repository.join("examples/adopt")),
    );
    let mut shared = 0;
    for (name, versions) in shop {
        let Some(known) = ours.get(&name) else {
            continue;
        };
        shared += 1;
        assert!(
            versions.is_subset(known),
            "{name} is {versions:?} in examples/adopt, {known:?} here\nhelp: copy Cargo.lock there, and let \
             `cargo metadata --offline --manifest-path examples/adopt/Cargo.toml` take out what it needs not"
        );
    }
    assert!(shared > 50, "{shared} packages are in both");
}

fn text(root: &Path) -> String {
    fs::read_to_string(root.join("Cargo.lock")).unwrap()
}

fn locked(root: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version) in text(root).split("[[package]]").skip(1).filter_map(named) {
        found.entry(name).or_default().insert(version);
    }
    for own in ["migration", "xtask"] {
        found.remove(own);
    }
    found
}

/// Our lock, and what the shop alone has.
fn both(repository: &Path) -> String {
    let mut lock = text(repository);
    let ours: BTreeSet<_> = lock.split("[[package]]").filter_map(named).collect();
    let shop = text(&repository.join("examples/adopt"));
    for package in shop.split("[[package]]").skip(1) {
        if named(package).is_some_and(|named| !ours.contains(&named)) {
            lock += &format!("\n[[package]]{}\n", package.trim_end());
        }
    }
    lock
}

fn named(package: &str) -> Option<(String, String)> {
    let value = |key: &str| {
        let (_, rest) = package.split_once(&format!("\n{key} = \""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    Some((value("name")?, value("version")?))
}
