//! `migrate --check`: the rows say beforehand what would fail on them.

use super::Workspace;

#[test]
fn rows_in_the_way_are_named() {
    let workspace = Workspace::copy();
    workspace.edit_entity(
        "users",
        "    pub name: String,",
        "    #[sea_orm(unique)]\n    pub name: String,",
    );
    workspace.edit_entity(
        "users",
        "pub phone_number: Option<String>",
        "pub phone_number: String",
    );
    workspace.generate("stricter", &[]);
    workspace.execute(
        "INSERT INTO users (email, name, role, phone_number) VALUES \
         ('one@same.example', 'Same', 'applicant', '1'), ('two@same.example', 'Same', 'applicant', '2')",
    );
    let before = workspace.rows();

    let told = workspace.db(&["migrate", "--check"]).ends(1);
    told.says([
        "users.phone_number:",
        "NULL in users.phone_number",
        "users.users_name_key: 1 rows with the same key",
        "\"name\":\"Same\"",
        "2 would fail",
    ]);
    let told = workspace
        .db(&["migrate", "--check", "--json"])
        .ends(1)
        .json();
    assert_eq!(told["ok"], false);
    assert_eq!(told["asked"].as_array().map(Vec::len), Some(2), "{told}");
    workspace.rows().are(&before);

    workspace.execute(
        "UPDATE users SET phone_number = '0' WHERE phone_number IS NULL; \
         DELETE FROM users WHERE email = 'two@same.example'",
    );
    workspace
        .db(&["migrate", "--check"])
        .done()
        .says(["asked 2: nothing is in the way"]);
    workspace.db(&["migrate"]).done();
    workspace
        .db(&["migrate", "--check"])
        .done()
        .says(["nothing is pending"]);
}
