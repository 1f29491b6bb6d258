//! The server is killed with SIGKILL and recovers, is restarted in an orderly way, ends the runner's sessions, or a
//! proxy in between drops its connections, at a random moment of one run or of two.

use std::future::pending;

use super::{Misfortune, Trial};
use crate::random::Random;
use crate::torture::error::TortureError;
use crate::torture::requests::Watched;
use crate::torture::server::TortureServer;
use crate::torture::trial::{UP, Undisturbed};

/// Both of the runner's sessions, or one of them.
const SESSIONS: [&str; 3] = [
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'seachange migration%'",
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'seachange migration'",
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
     WHERE application_name LIKE 'seachange migration%' AND application_name <> 'seachange migration'",
];

pub(super) async fn trial(
    misfortune: Misfortune,
    server: &mut TortureServer,
    undisturbed: &Undisturbed,
    random: &mut Random,
    database: &str,
) -> Result<Trial, TortureError> {
    let mut trial = Trial::default();
    for _ in 0..=random.below(2) {
        let at = undisturbed.anywhere(random);
        trial.how.push_str(&format!("{at:?} "));
        let watched = Watched::new(server, Some(at)).await?;
        let url = watched.url(server, database);
        let mut ending = tokio::spawn(undisturbed.runner.spawn(&url, UP)?.end(pending()));
        let early = tokio::select! {
            () = watched.reached() => None,
            ended = &mut ending => Some(ended),
        };
        match misfortune {
            Misfortune::ServerKilled => server.kill(),
            Misfortune::ServerRestarted => server.restart()?,
            Misfortune::ConnectionCut => drop(watched),
            _ => {
                let which = usize::try_from(random.below(3)).unwrap_or_default();
                trial.how.push_str(&format!("sessions {which} "));
                server.value(database, SESSIONS[which]).await?;
            }
        }
        let ended = match early {
            Some(ended) => ended,
            None => ending.await,
        };
        if let Ok(ended) = ended {
            trial.ran(&ended);
            if ended.was_killed() {
                trial
                    .wrong
                    .push(format!("it did not end: {}", ended.text()));
            }
        }
        if misfortune == Misfortune::ServerKilled {
            // Only now: a run whose server is gone has to end by itself.
            server.start_again()?;
        }
    }
    trial.finish(undisturbed, &server.url(database)).await?;
    Ok(trial)
}
