//! Going through the targets: so many at once, canaries before the others, none begun any more once it is to
//! stop. Those under way are finished.

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::entry::{Entry, Outcome};
use super::list::{Fleet, Listed};
use super::pace::{Pace, Stopped};
use crate::runner::interrupt::Interrupt;

/// What became of each, in the order of the list, and why it was stopped, if it was.
pub(super) async fn drive<F: Future<Output = Entry>>(
    fleet: &Fleet,
    pace: Pace,
    interrupt: &Interrupt,
    each: impl Fn(Listed) -> F,
) -> (Vec<Entry>, Option<Stopped>) {
    let mut entries: Vec<Entry> = fleet.targets.iter().map(Entry::not_begun).collect();
    let [canaries, others] = fleet.waves(pace.canaries);
    let waves = [
        (canaries, 0, Stopped::Canary),
        (
            others,
            pace.tolerance.of(fleet.targets.len()),
            Stopped::Failures,
        ),
    ];
    for (wave, borne, why) in waves {
        let is_canary = why == Stopped::Canary;
        let mut waiting = wave.into_iter();
        let mut under_way = FuturesUnordered::new();
        let mut failed = 0;
        loop {
            while failed <= borne && under_way.len() < pace.parallel && !interrupt.is_requested() {
                let Some(place) = waiting.next() else { break };
                let listed = Listed {
                    canary: is_canary,
                    ..fleet.targets[place].clone()
                };
                let deed = each(listed);
                under_way.push(Box::pin(async move { (place, deed.await) }));
            }
            let Some((place, entry)) = under_way.next().await else {
                break;
            };
            failed += usize::from(entry.outcome == Outcome::Failed);
            entries[place] = entry;
        }
        let unfinished =
            |one: &Entry| matches!(one.outcome, Outcome::NotBegun | Outcome::Interrupted);
        if interrupt.is_requested() && entries.iter().any(unfinished) {
            return (entries, Some(Stopped::Interrupted));
        }
        // Of the last wave that was begun to its end nothing is left to stop.
        if failed > borne && (is_canary || waiting.next().is_some()) {
            return (entries, Some(why));
        }
    }
    (entries, None)
}
