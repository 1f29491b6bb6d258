//! `docs/guide`, page by page: what it says is done on a copy of the workspace, and prints what stands there.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::Workspace;
use crate::page::Page;
use crate::workspace::sources;

/// A test for each page, and the list of them.
macro_rules! pages {
    ($($test:ident: $page:literal,)+) => {
        const PAGES: &[&str] = &[$($page),+];
        $(
            #[test]
            fn $test() {
                let workspace = Workspace::copy();
                Page::read(&folder().join($page)).walk(&workspace.ground());
            }
        )+
    };
}

pages! {
    best_practices: "best-practices.md",
    common_changes: "changes.md",
    conditional_migrations: "conditional.md",
    deployment_checklist: "deployment.md",
    changes_in_several_steps: "multi-step.md",
    push_or_migrate: "push-or-migrate.md",
    rolling_back: "rolling-back.md",
    transactions: "transactions.md",
    troubleshooting: "troubleshooting.md",
    the_workflow: "workflow.md",
}

fn folder() -> PathBuf {
    sources::repository().join("docs/guide")
}

#[test]
fn every_page_of_the_guide_is_walked() {
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let walked = PAGES.iter().map(|page| (*page).to_owned()).collect();
    assert_eq!(found, walked);
}
