//! `pull`: entities from a database, compiled as they are written, which give that database again.

use super::Workspace;

/// Each is another kind of database, with what entities can't say in it.
const DATABASES: [(&str, &str); 3] = [
    ("store", include_str!("pull/store.sql")),
    ("clinic", include_str!("pull/clinic.sql")),
    ("measures", include_str!("pull/measures.sql")),
];

/// All of it in one test: what costs is building the copy.
#[test]
fn pulled_entities_give_the_database_again() {
    let workspace = Workspace::copy();
    let others: Vec<_> = DATABASES
        .iter()
        .map(|(name, sql)| {
            let database = workspace.empty_database();
            database.execute(sql);
            let folder = format!("crates/db/pulled/{name}");
            let pulled = workspace.db_on(database.url(), &["pull", "--out", &folder]);
            pulled
                .done()
                .says([&format!("wrote {folder}/src/entity.rs")]);
            (name, database)
        })
        .collect();
    over_what_is_there(&workspace);

    workspace.write("crates/db/src/lib.rs", &lib());
    workspace.edit(
        "xtask/src/main.rs",
        "seachange_cli::main(project(), &extras)",
        "seachange_cli::main(chosen(project()), &extras)",
    );
    let main = workspace.read("xtask/src/main.rs");
    workspace.write("xtask/src/main.rs", &(main + &chosen()));
    workspace.write("pulled", "");
    agrees(&workspace, workspace.url());
    for (name, database) in &others {
        workspace.write("pulled", name);
        agrees(&workspace, database.url());
    }
    workspace
        .cargo(&["fmt", "--package", "db", "--check"])
        .done();
    rows_go_in_and_out(&workspace, others[0].1.url(), others[1].1.url());
}

/// What no compiler sees: casts, labels, keys that the database makes.
fn rows_go_in_and_out(workspace: &Workspace, store: &str, clinic: &str) {
    workspace.write("crates/db/examples/rows.rs", include_str!("pull/rows.rs"));
    let words = ["run", "--quiet", "--offline", "--locked", "--package", "db"];
    let config = |name: &str, url: &str| format!("env.{name}='{url}'");
    let databases = [config("STORE", store), config("CLINIC", clinic)];
    let [store, clinic] = databases.each_ref().map(String::as_str);
    let words = [
        &words[..],
        &["--example", "rows"],
        &["--config", store],
        &["--config", clinic],
    ];
    workspace.cargo(&words.concat()).done();
}

/// Nothing is overwritten without consent, and nothing is left half done.
fn over_what_is_there(workspace: &Workspace) {
    let users = "crates/db/src/entity/users.rs";
    let before = workspace.read(users);
    let refused = workspace.db(&["pull", "--json"]).ends(3);
    assert_eq!(refused.json()["missing"][0], "--force");
    workspace.db(&["pull"]).ends(3).says([
        users,
        "crates/db/sql/after/users_email.sql",
        "`--force`",
    ]);
    assert_eq!(workspace.read(users), before);

    let pulled = workspace.db(&["pull", "--force", "--json"]).done().json();
    assert_eq!(pulled["entities"], 7);
    assert_eq!(pulled["notes"].as_array().unwrap().len(), 0, "{pulled}");
    let removed = pulled["removed"].as_array().unwrap();
    assert!(
        removed.contains(&"crates/db/sql/after/users_email.sql".into()),
        "{pulled}"
    );
    assert_ne!(workspace.read(users), before);
    // The same again is in nobody's way.
    workspace.db(&["pull"]).done();
    workspace
        .db(&[
            "pull",
            "--out",
            "crates/db/pulled/none",
            "--tables",
            "nowhere",
        ])
        .ends(1)
        .says(["there is no table `nowhere`"]);
    assert!(!workspace.root().join("crates/db/pulled/none").exists());
}

/// Against the entities as they are compiled now.
#[track_caller]
fn agrees(workspace: &Workspace, url: &str) {
    for (from, to) in [("database", "entities"), ("entities", "database")] {
        let words = ["diff", "--from", from, "--to", to, "--exit-code"];
        assert_eq!(workspace.db_on(url, &words).done().stdout, "");
    }
}

/// The copy's library: what was pulled, and nothing else.
fn lib() -> String {
    let mut lib = String::from(
        "//! What was pulled.\n\npub mod entity;\n\npub use entity::{indexes, schema};\n\n\
         pub const SQL: &str = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/sql\");\n",
    );
    for (name, _) in DATABASES {
        lib += &format!(
            "\n#[path = \"../pulled/{name}/src\"]\npub mod {name} {{\n    pub mod entity;\n}}\n"
        );
    }
    lib
}

/// One xtask for all of them: the file `pulled` says whose entities are meant.
fn chosen() -> String {
    let mut function = String::from(
        "\nfn chosen(mut project: Project) -> Project {\n    \
         let named = std::fs::read_to_string(\"pulled\").unwrap();\n    \
         let declared = &mut project.declared;\n    \
         match named.as_str() {\n",
    );
    for (name, _) in DATABASES {
        function += &format!(
            "        \"{name}\" => {{\n            \
             declared.builder = db::{name}::entity::schema;\n            \
             declared.indexes = db::{name}::entity::indexes;\n            \
             declared.sql = \"crates/db/pulled/{name}/sql\".into();\n        }}\n"
        );
    }
    function + "        _ => {}\n    }\n    project\n}\n"
}
