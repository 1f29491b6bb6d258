//! Whether branches that meet in the folder commute: said behind the finding that names them.

use seachange::branches::{Commute, commute};
use seachange::migrations::{Folder, Fork};
use seachange::source::Road;

use super::Check;

/// Adds what is known of each fork to the check of branches.
pub(super) async fn tell(road: &Road, folder: &Folder, checks: &mut [Check]) {
    let Some(check) = checks.iter_mut().find(|check| check.name == "branches") else {
        return;
    };
    for fork in folder.lock.forks() {
        let commute = commute(road, folder, &fork).await;
        check.findings.push(words(&fork, &commute));
    }
}

fn words(fork: &Fork, commute: &Commute) -> String {
    let named = |versions: &[String]| format!("`{}`", versions.join("`, `"));
    let both: Vec<String> = fork.branches.iter().take(2).map(|it| named(it)).collect();
    let both = both.join(" and ");
    match commute {
        Commute::Yes { unseen } if unseen.is_empty() => {
            format!("{both} commute: `rebase` moves either")
        }
        Commute::Yes { unseen } => {
            let unseen: Vec<String> = unseen.iter().map(ToString::to_string).collect();
            format!(
                "the schemas of {both} commute; whether their rows do can't be told: {}",
                unseen.join("; ")
            )
        }
        Commute::Differs { difference } => format!(
            "{both} do not commute, their order makes a difference: {}",
            difference.join("; ")
        ),
        Commute::Fails {
            first,
            second,
            error,
        } => format!(
            "{both} do not commute: {} fails behind {}: {error}",
            named(second),
            named(first)
        ),
        Commute::Unknown { why } => format!("whether {both} commute can't be told: {why}"),
    }
}
