//! The least SQL that still shows a fault: statements are left out as long as the same one is there.

use seachange::scratch::Scratch;

use super::check::{Checked, check};

/// How many databases' worth of time one fault gets.
const TRIES: usize = 250;

/// Statements that both sides have go together.
pub(crate) async fn minimize(scratch: &Scratch, found: Checked) -> Checked {
    let Some(signature) = found.failure.as_ref().map(|it| it.signature()) else {
        return found;
    };
    let mut best = found;
    let mut tries = 0;
    let mut chunk = (best.previous.len() + best.next.len()).div_ceil(4).max(1);
    loop {
        let mut smaller = false;
        let mut from = 0;
        loop {
            let all = union(&best);
            if from >= all.len() || tries >= TRIES {
                break;
            }
            // Later statements hang on earlier ones, so they go first.
            let end = all.len() - from;
            let gone = &all[end.saturating_sub(chunk)..end];
            let keep = |list: &[String]| -> Vec<String> {
                list.iter()
                    .filter(|it| !gone.contains(it))
                    .cloned()
                    .collect()
            };
            let tried = check(scratch, &keep(&best.previous), &keep(&best.next)).await;
            tries += 1;
            let same = tried
                .failure
                .as_ref()
                .is_some_and(|failure| failure.signature() == signature);
            if same {
                best = tried;
                smaller = true;
            } else {
                from += chunk;
            }
        }
        if tries >= TRIES || (chunk == 1 && !smaller) {
            return best;
        }
        chunk = (chunk / 2).max(1);
    }
}

fn union(checked: &Checked) -> Vec<String> {
    let mut all = checked.previous.clone();
    all.extend(
        checked
            .next
            .iter()
            .filter(|it| !checked.previous.contains(it))
            .cloned(),
    );
    all
}
