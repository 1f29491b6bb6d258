//! How long phases took: spans of ours, added up by where they stand.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::Shared;

/// All phases of one name in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phase {
    /// With those that it stands in before it: `run/migration/statement`.
    pub name: String,
    /// How often it was begun.
    pub count: u64,
    /// From begin to end, added up. What ran beside each other counts twice.
    pub duration_ms: u64,
}

/// In the order in which each was begun first.
#[derive(Clone, Default)]
pub(super) struct Phases {
    found: Shared<Vec<(Phase, u128)>>,
}

/// Kept with a span.
struct Open {
    path: String,
    begun: Instant,
}

impl Phases {
    pub(super) fn all(&self) -> Vec<Phase> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let found = found.iter().map(|(phase, nanoseconds)| Phase {
            duration_ms: u64::try_from(nanoseconds / 1_000_000).unwrap_or(u64::MAX),
            ..phase.clone()
        });
        found.collect()
    }

    fn add(&self, path: &str, count: u64, nanoseconds: u128) {
        let found: &Mutex<_> = &self.found;
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        match found.iter_mut().find(|(phase, _)| phase.name == path) {
            Some((phase, sum)) => {
                phase.count += count;
                *sum += nanoseconds;
            }
            None => {
                let phase = Phase {
                    name: path.to_owned(),
                    count,
                    duration_ms: 0,
                };
                found.push((phase, nanoseconds));
            }
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Phases {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let name = attributes.metadata().name();
        let within = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            extensions.get::<Open>().map(|open| open.path.clone())
        });
        let path = within.map_or_else(|| name.to_owned(), |within| format!("{within}/{name}"));
        self.add(&path, 0, 0);
        let begun = Instant::now();
        span.extensions_mut().insert(Open { path, begun });
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(open) = span.extensions().get::<Open>()
        {
            self.add(&open.path, 1, open.begun.elapsed().as_nanos());
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn phases_are_added_up_where_they_stand() {
        let phases = Phases::default();
        let subscriber = tracing_subscriber::registry().with(phases.clone());
        tracing::subscriber::with_default(subscriber, || {
            let _run = tracing::info_span!("run").entered();
            for _ in 0..3 {
                let _migration = tracing::info_span!("migration").entered();
                let _statement = tracing::info_span!("statement").entered();
            }
            tracing::info_span!("statement").in_scope(|| ());
        });
        let told: Vec<(String, u64)> = (phases.all().into_iter())
            .map(|phase| (phase.name, phase.count))
            .collect();
        let expected = [
            ("run", 1),
            ("run/migration", 3),
            ("run/migration/statement", 3),
            ("run/statement", 1),
        ];
        assert_eq!(told, expected.map(|(name, count)| (name.to_owned(), count)));
    }
}
