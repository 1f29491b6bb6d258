//! Two to eight runners at once: one goes through the migrations, the others wait and find nothing to do; when
//! the one is killed, another goes on.

use std::time::Duration;

use super::Trial;
use crate::random::Random;
use crate::torture::error::TortureError;
use crate::torture::runner::after;
use crate::torture::server::TortureServer;
use crate::torture::trial::{UP, Undisturbed};

pub(super) async fn trial(
    server: &TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    database: &str,
) -> Result<Trial, TortureError> {
    let mut trial = Trial::default();
    let runners = 2 + random.below(7);
    let killed = random.below(2) * random.below(runners);
    trial.how = format!("{runners} runners, {killed} killed");
    let url = server.url(database);
    let mut ending = Vec::new();
    for number in 0..runners {
        let kill =
            (number < killed).then(|| random.within(undisturbed.took + Duration::from_secs(1)));
        let running = undisturbed.runner.spawn(&url, UP)?;
        ending.push((kill, tokio::spawn(running.end(after(kill)))));
    }
    let mut applied = 0;
    for (kill, ending) in ending {
        let Ok(ended) = ending.await else { continue };
        trial.ran(&ended);
        applied += ended.stdout.matches("applied m2026").count();
        let as_meant = ended.is_done() || (kill.is_some() && ended.was_killed());
        if !as_meant {
            let wrong = format!("a runner ended with {:?}: {}", ended.code, ended.text());
            trial.wrong.push(wrong);
        }
    }
    if applied > 5 {
        trial
            .wrong
            .push(format!("{applied} migrations were applied, of 5"));
    }
    // There is nothing left to do where none was killed.
    let last = undisturbed.runner.run(&url, UP).await?;
    trial.ran(&last);
    if !last.is_done() || (killed == 0 && !last.stdout.contains("nothing pending")) {
        trial.wrong.push(format!("the last run: {}", last.text()));
    }
    Ok(trial)
}
