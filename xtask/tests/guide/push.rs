//! `push`: the database made what the entities declare, without files. What nobody declared stays, and
//! nothing is lost without a word about it.

use serde_json::{Value, json};

use super::Workspace;

const NICKNAME: &str =
    "    #[sea_orm(column_type = \"Text\")]\n    pub nickname: Option<String>,\n";

/// What somebody made by hand.
const UNDECLARED: &str = "
CREATE TABLE legacy (id integer PRIMARY KEY, note text);
CREATE INDEX legacy_note_idx ON legacy (note);
INSERT INTO legacy VALUES (1, 'old'), (2, NULL);
ALTER TABLE users ADD COLUMN shoe_size integer;
UPDATE users SET shoe_size = 42;
CREATE INDEX users_by_hand ON users (name, shoe_size);
CREATE VIEW big_feet AS SELECT id, shoe_size FROM users WHERE shoe_size > 40;
";
const UNDECLARED_IDS: [&str; 4] = [
    "table legacy",
    "column users.shoe_size",
    "index users_by_hand",
    "view big_feet",
];

#[test]
fn what_is_declared_comes_and_goes_and_the_rest_stays() {
    let workspace = Workspace::copy();
    workspace.execute(UNDECLARED);
    let start = workspace.rows();
    let db = workspace.keep("crates/db");
    workspace.add_field("users", "role: UserRole", NICKNAME);

    let dry = workspace.db(&["push", "--dry-run"]).done();
    assert_eq!(dry.stdout.matches("ALTER TABLE").count(), 1, "{dry:?}");
    workspace.rows().are(&start);
    let pushed = workspace.db(&["push"]).done();
    pushed
        .says(["+ column users.nickname text"])
        .says(UNDECLARED_IDS);
    let with_nickname = start.with("users.nickname", Value::Null);
    workspace.rows().are(&with_nickname);

    // The second one finds nothing to do, and still says what it leaves alone.
    let again = workspace.db(&["push", "--json"]).done().json();
    assert_eq!(again["outcome"], "nothing to do", "{again}");
    assert_eq!(
        again["undeclared"].as_array().unwrap().len(),
        UNDECLARED_IDS.len(),
        "{again}"
    );

    workspace.execute("UPDATE users SET nickname = 'Nick'");
    workspace.bring_back(&db);
    consent_is_needed(&workspace);
    workspace
        .db(&["push", "--allow-data-loss", "users.nickname"])
        .done()
        .says(UNDECLARED_IDS);
    workspace.rows().are(&start);
    let again = workspace.db(&["push"]).done();
    again.says(["nothing to do"]).says(UNDECLARED_IDS);

    // Anew, and then nothing is left that nobody declared.
    workspace.db(&["push", "--force"]).done();
    assert_eq!(workspace.rows().count(), 0);
    assert_eq!(workspace.rows().counts().len(), 7);
    let again = workspace.db(&["push"]).done();
    again
        .says(["nothing to do"])
        .keeps_quiet_about(["legacy", "shoe_size"]);
}

fn consent_is_needed(workspace: &Workspace) {
    let rows = workspace.rows();
    let flag = "--allow-data-loss users.nickname";
    for yes in [&["push"] as &[&str], &["push", "--yes"]] {
        workspace.db(yes).ends(3).says([flag]);
    }
    let json = workspace.db(&["push", "--json"]).ends(3).json();
    assert_eq!(json["missing"], json!([flag]), "{json}");
    // Consent to something else is none, and is a slip.
    workspace
        .db(&["push", "--allow-data-loss", "users.name"])
        .ends(64)
        .says(["users.name"]);
    // A question at a terminal: no answer, no, and only then yes.
    for keys in ["\r", "n\r"] {
        workspace
            .at_terminal(&["push"])
            .shows("loses data")
            .presses(keys)
            .ends(3);
    }
    workspace.rows().are(&rows);
}

#[test]
fn a_database_that_is_elsewhere() {
    let workspace = Workspace::copy();
    let elsewhere = "postgres://somebody:s3cret@db.example.org/cohortflow";
    let refused = workspace.db_on(elsewhere, &["push"]).ends(3);
    refused
        .says(["not on this machine", "--allow-remote", "db.example.org"])
        .keeps_quiet_about(["s3cret"]);
    for more in ["--yes", "--force", "--dry-run"] {
        workspace.db_on(elsewhere, &["push", more]).ends(3);
    }
    let both = ["push", "--force", "--allow-remote"];
    workspace.db_on(elsewhere, &both).ends(3);
}

const WIDE: &str = "    #[sea_orm(column_type = \"String(StringLen::N(255))\")]
    pub label: Option<String>,
    #[sea_orm(column_type = \"Decimal(Some((12, 4)))\")]
    pub price: Option<Decimal>,
";
const NARROW: &str = "    #[sea_orm(column_type = \"String(StringLen::N(3))\")]
    pub label: Option<String>,
    #[sea_orm(column_type = \"Decimal(Some((12, 2)))\")]
    pub price: Option<Decimal>,
";

/// Never cut or rounded in silence: a shorter varchar refuses what does not fit, but cuts blanks, and a
/// numeric of a smaller scale rounds.
#[test]
fn narrower_types() {
    let workspace = Workspace::copy();
    workspace.add_field("files", "filename: String", WIDE);
    workspace.db(&["push"]).done();
    workspace.execute("UPDATE files SET label = 'longer', price = 1.2345");
    let wide = workspace.rows();

    workspace.edit_entity("files", WIDE, NARROW);
    let label = ["--allow-data-loss", "files.label"];
    let price = ["--allow-data-loss", "files.price"];
    let flags = [label, price].map(|flag| flag.join(" "));
    let json = workspace.db(&["push", "--json"]).ends(3).json();
    assert_eq!(json["missing"], json!(flags), "{json}");
    let one = [&["push"], &label[..]].concat();
    let refused = workspace.db(&one).ends(3);
    refused
        .says([flags[1].as_str()])
        .keeps_quiet_about([flags[0].as_str()]);

    let both = [&one[..], &price].concat();
    let failed = workspace.db(&both).ends(1);
    failed.says(["22001", "nothing of it was kept"]);
    workspace.rows().are(&wide);

    workspace.execute("UPDATE files SET label = 'fit '");
    workspace.db(&["push"]).ends(3).says([flags[0].as_str()]);
    workspace.db(&both).done();
    let narrow = wide
        .mapped("files.label", |_| json!("fit"))
        .mapped("files.price", |_| json!(1.23));
    workspace.rows().are(&narrow);
    workspace.db(&["push"]).done().says(["nothing to do"]);
}
