//! The checklist of `docs/production.md`: its commands, one after the other, for a change in two migrations.

use super::Workspace;
use super::expand::renamed_in_two;

const CHECKLIST: &str = include_str!("../../../docs/production.md");

#[test]
fn every_command_of_the_checklist_goes_through() {
    let workspace = Workspace::copy();
    let before = workspace.rows();
    renamed_in_two(&workspace);
    let plan = workspace.root().join("plan.json");
    let commands: Vec<Vec<&str>> = CHECKLIST
        .lines()
        .filter_map(|line| line.strip_prefix("$ cargo xtask db "))
        .map(|line| line.split(' ').collect())
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    for mut words in commands {
        for word in &mut words {
            if *word == "plan.json" {
                *word = plan.to_str().expect("a path in UTF-8");
            }
        }
        workspace.db(&words).done();
        if words.contains(&"--contract") {
            workspace.in_order();
            let renamed = before.renamed("users.name", "full_name");
            workspace.rows().are(&renamed);
        }
    }
    workspace.rows().are(&before);
}
