//! Other ways in: cargo's alias, the colon, and SeaORM's own command line on the same migrations.

use super::Workspace;

#[test]
fn seaorms_command_line_on_the_migration_crate() {
    let workspace = Workspace::copy();
    let versions: Vec<String> = workspace
        .migrations()
        .into_iter()
        .map(|migration| migration.version)
        .collect();
    let migration = |words: &[&str]| {
        let run = [
            "run",
            "--quiet",
            "--manifest-path",
            "migration/Cargo.toml",
            "--",
        ];
        workspace.cargo(&[&run, words].concat())
    };
    workspace.db(&["rollback", "--yes", "--all"]).done();

    migration(&["up", "-n", "1"]).done();
    assert_eq!(workspace.applied(), versions[..1]);
    let status = migration(&["status"]).done();
    status.says(["applied", "pending", &versions[0], &versions[1]]);
    workspace.as_migrated();

    migration(&["up"]).done();
    assert_eq!(workspace.applied(), versions);
    workspace.in_order();
    migration(&["up"]).done();

    migration(&["down", "-n", "1"]).done();
    assert_eq!(workspace.applied(), versions[..versions.len() - 1]);
    migration(&["refresh"]).done();
    workspace.in_order();
    migration(&["reset"]).done();
    assert!(workspace.applied().is_empty());

    // The same database, the same record, through cargo's alias and with a colon.
    workspace.cargo(&["xtask", "db:migrate"]).done();
    workspace.cargo(&["xtask", "db:seed"]).done();
    workspace
        .cargo(&["xtask", "db", "status", "--exit-code"])
        .done();
    workspace
        .cargo(&["xtask", "db:generate"])
        .done()
        .says(["nothing to do"]);
    workspace
        .cargo(&["xtask", "db:push"])
        .done()
        .says(["nothing to do"]);
}
