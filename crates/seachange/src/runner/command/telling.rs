//! What happened, in lines for people.

use crate::runner::event::Event;
use crate::runner::watch::Blocker;

/// The lines of an event that is told once; none for those that are results or come all the time.
pub(super) fn lines(event: &Event) -> Vec<String> {
    match event {
        Event::Waiting { holder, waited } => {
            let who =
                (holder.as_ref()).map_or_else(|| "another runner".to_owned(), ToString::to_string);
            vec![format!(
                "waiting for the migration lock, held by {who} ({} s so far)",
                waited.as_secs()
            )]
        }
        Event::Started { version, direction } => vec![format!("{} {version}", direction.doing())],
        Event::Retrying {
            version,
            tried,
            reason,
            pause,
            blockers,
        } => in_the_way(
            format!(
                "try {tried} of {version} failed: {reason}; again in {} ms",
                pause.as_millis()
            ),
            blockers,
        ),
        Event::Blocked { version, blockers } => {
            in_the_way(format!("{version} waits for a lock"), blockers)
        }
        Event::Lagging {
            version,
            replica,
            lag,
        } => vec![format!(
            "{version} waits for the replica `{replica}`, which is {:.1} s behind",
            lag.as_secs_f64()
        )],
        Event::Finishing {
            pid,
            query,
            waited,
            blockers,
        } => in_the_way(
            format!(
                "waiting for process {pid}, which a killed run left at: {} ({} s so far)",
                query.lines().next().unwrap_or_default(),
                waited.as_secs()
            ),
            blockers,
        ),
        Event::BackingUp => vec!["backing up".to_owned()],
        Event::BackedUp(backup) => backup.lines(),
        Event::Wiped => vec!["dropped everything".to_owned()],
        Event::Note(note) => vec![format!("note: {note}")],
        Event::Progress { .. } | Event::Backfilled { .. } | Event::Done(_) | Event::Nothing(_) => {
            Vec::new()
        }
    }
}

fn in_the_way(first: String, blockers: &[Blocker]) -> Vec<String> {
    let blockers = blockers
        .iter()
        .map(|blocker| format!("  in the way: {blocker}"));
    std::iter::once(first).chain(blockers).collect()
}
