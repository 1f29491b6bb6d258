//! Many pairs, two at a time, each from a seed of its own; what fails is shrunk and told.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use seachange::scratch::Scratch;
use seachange::server;

use super::check::{Checked, check};
use super::edit::{edit, mutate};
use super::failure::Failure;
use super::minimize::minimize;
use super::world::World;
use super::{draw, write};

pub(crate) struct Settings {
    pairs: u64,
    seed: u64,
    at_most: Duration,
}

impl Settings {
    /// What `cargo xtask fuzz` asks for; else few pairs, the same each time.
    pub(crate) fn from_environment() -> Self {
        let number = |name: &str| -> Option<u64> {
            let text = std::env::var(format!("SEACHANGE_FUZZ_{name}")).ok()?;
            Some(text.parse().expect("a number"))
        };
        Self {
            pairs: number("PAIRS").unwrap_or(24),
            seed: number("SEED").unwrap_or(1),
            at_most: Duration::from_secs(60 * number("MINUTES").unwrap_or(600)),
        }
    }
}

#[derive(Default)]
pub(crate) struct Report {
    pairs: u64,
    refused: u64,
    watched: u64,
    statements: u64,
    seconds: f64,
    pub(crate) failures: Vec<Fault>,
}

/// A fault, and the least that shows it.
pub(crate) struct Fault {
    number: u64,
    times: u64,
    signature: String,
    failure: Failure,
    previous: Vec<String>,
    next: Vec<String>,
}

/// Two schemas, the second mostly the first after some edits.
#[derive(Clone, Debug)]
struct Pair {
    previous: World,
    next: World,
}

fn pair() -> impl Strategy<Value = Pair> {
    prop_oneof![
        12 => (draw::world(), proptest::collection::vec(edit(), 1..10)).prop_map(|(previous, edits)| {
            let next = mutate(previous.clone(), &edits);
            Pair { previous, next }
        }),
        1 => (draw::world(), draw::world()).prop_map(|(previous, next)| Pair { previous, next }),
    ]
}

pub(crate) async fn run(settings: &Settings) -> Report {
    let scratch = Scratch::open(&server::Settings {
        home: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.seachange"),
        programs: None,
    });
    let started = Instant::now();
    let mut report = Report::default();
    let numbers = (0..settings.pairs).take_while(|_| started.elapsed() < settings.at_most);
    let faults = RefCell::new(Vec::<Fault>::new());
    let mut results = futures_util::stream::iter(numbers)
        .map(|number| one(&scratch, settings.seed, number, &faults))
        .buffer_unordered(2);
    while let Some(checked) = results.next().await {
        report.pairs += 1;
        if report.pairs.is_multiple_of(100) {
            eprintln!(
                "{} pairs in {:.0} s",
                report.pairs,
                started.elapsed().as_secs_f64()
            );
        }
        report.refused += u64::from(!checked.refused.is_empty());
        report.watched += checked.tables_watched as u64;
        report.statements += (checked.previous.len() + checked.next.len()) as u64;
    }
    drop(results);
    report.failures = faults.into_inner();
    report.seconds = started.elapsed().as_secs_f64();
    scratch.close().await.expect("the scratch databases go");
    report
}

/// Checks the pair of that number; a fault that is new is shrunk and told at once.
async fn one(scratch: &Scratch, seed: u64, number: u64, faults: &RefCell<Vec<Fault>>) -> Checked {
    let pair = drawn(seed, number).current();
    let checked = check(
        scratch,
        &write::statements(&pair.previous),
        &write::statements(&pair.next),
    )
    .await;
    let Some(failure) = checked.failure.clone() else {
        return checked;
    };
    let signature = failure.signature();
    let index = {
        let mut faults = faults.borrow_mut();
        if let Some(known) = faults.iter_mut().find(|it| it.signature == signature) {
            known.times += 1;
            return checked;
        }
        faults.push(Fault {
            number,
            times: 1,
            signature,
            failure,
            previous: checked.previous.clone(),
            next: checked.next.clone(),
        });
        faults.len() - 1
    };
    let (previous, next) = (checked.previous.clone(), checked.next.clone());
    let least = minimize(scratch, checked).await;
    let fault = &mut faults.borrow_mut()[index];
    if let Some(failure) = &least.failure {
        fault.failure = failure.clone();
        fault.previous.clone_from(&least.previous);
        fault.next.clone_from(&least.next);
    }
    println!("{fault}");
    Checked {
        previous,
        next,
        ..least
    }
}

/// The pair of that number, with all that it can shrink to.
fn drawn(seed: u64, number: u64) -> Box<dyn ValueTree<Value = Pair>> {
    let mut bytes = [0_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
    );
    Box::new(pair().new_tree(&mut runner).expect("nothing is filtered"))
}

impl Report {
    /// All faults as text.
    pub(crate) fn failed(&self) -> String {
        let signatures: Vec<String> = self
            .failures
            .iter()
            .map(|fault| format!("{} times {}", fault.times, fault.signature))
            .collect();
        format!("{} faults:\n{}", self.failures.len(), signatures.join("\n"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "{} pairs in {:.0} s ({:.1} a second), {:.0} statements each, {:.1} tables with rows each; \
             {} refused with a known reason; {} faults",
            self.pairs,
            self.seconds,
            self.pairs as f64 / self.seconds.max(0.001),
            self.statements as f64 / self.pairs.max(1) as f64,
            self.watched as f64 / self.pairs.max(1) as f64,
            self.refused,
            self.failures.len(),
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "=== pair {}: {}", self.number, self.failure)?;
        for (name, statements) in [("previous", &self.previous), ("next", &self.next)] {
            writeln!(to, "-- {name} --")?;
            for statement in statements {
                writeln!(to, "{statement};")?;
            }
        }
        Ok(())
    }
}
