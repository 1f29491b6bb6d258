//! What is applied is history: an edit after the fact, files that are gone and an older migration that
//! comes late are each refused in plain words, and nothing is applied meanwhile.

use super::Workspace;

#[test]
fn an_applied_migration_that_was_edited() {
    let workspace = Workspace::copy();
    let rows = workspace.rows();
    let first = workspace.migrations().remove(0);
    let up = first.path("up.sql");
    let text = workspace.read(&up);
    workspace.write(&up, &format!("{text}\n-- Nothing but a comment.\n"));
    let status = workspace.db(&["status"]).done();
    status.says(["edited after it was applied", &first.version]);
    workspace.db(&["status", "--exit-code"]).ends(2);

    // Whether anything else is pending or not.
    for pending in [false, true] {
        if pending {
            // Not by `generate`: it is refused as well.
            workspace
                .db(&["check", "--no-database"])
                .ends(1)
                .says([&first.version]);
        }
        let refused = workspace.db(&["migrate"]).ends(3);
        refused.says([&first.version, "--allow-edited"]);
    }
    // Taking another one back does not touch it; taking it back would run what was never tried.
    workspace.db(&["rollback", "--yes"]).done();
    let refused = workspace.db(&["migrate"]).ends(3);
    refused.says([&first.version]);

    workspace.write(&up, &text);
    workspace.db(&["migrate"]).done();
    workspace.in_order();
    assert_eq!(workspace.rows().counts(), rows.counts());
}

#[test]
fn an_applied_migration_that_was_deleted() {
    let workspace = Workspace::copy();
    let rows = workspace.rows();
    let applied = workspace.applied();
    let whole = workspace.keep("migration");
    let last = workspace.migrations().pop().unwrap();
    let files = workspace.root().join("migration/src").join(&last.version);
    std::fs::remove_dir_all(&files).unwrap();
    std::fs::remove_file(files.with_extension("rs")).unwrap();
    // Once with the traces of it in list and lock, once without.
    for traces in [true, false] {
        if !traces {
            for path in ["migration/src/lib.rs", "migration/seachange.lock"] {
                let text = workspace.read(path);
                let lines = text.lines().filter(|line| !line.contains(&last.version));
                workspace.write(path, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
            }
        }
        // A folder that is not in order is a failure; a database that stands against it, a refusal.
        let code = if traces { 1 } else { 3 };
        for words in [&["migrate"] as &[&str], &["rollback", "--yes"]] {
            workspace.db(words).ends(code).says([&last.version]);
        }
        let status = workspace.db(&["status"]).done();
        status.says([&last.version, "its files are not here"]);
    }
    workspace.rows().are(&rows);
    assert_eq!(workspace.applied(), applied);

    workspace.bring_back(&whole);
    workspace.db(&["migrate"]).done();
    workspace.in_order();
}
