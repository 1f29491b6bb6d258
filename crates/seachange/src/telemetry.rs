//! What a run tells beside its results: lines for people or for a collector of logs, how long each phase took, and with
//! the feature `otel` its spans to an OpenTelemetry collector. A program starts it once, before anything else.

mod error;
mod message;
#[cfg(feature = "otel")]
mod otel;
mod phases;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry};

pub use error::TelemetryError;
pub(crate) use message::note;
pub use message::{message, speaks_json};
pub use phases::Phase;
pub use summary::Ended;

use phases::Phases;

/// The environment's variable for the format of log lines.
pub const LOG_FORMAT: &str = "SEACHANGE_LOG_FORMAT";
/// The environment's variable for the file that a summary of the run is written to.
pub const SUMMARY: &str = "SEACHANGE_SUMMARY";

/// What lines on stderr look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, with a line for each phase that ended: for a collector of logs.
    Json,
}

/// What is told of a run, and where.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program's name: `service.name` for a collector.
    pub program: &'static str,
    /// What is logged where `RUST_LOG` says nothing, as that is written; in JSON phases are told besides.
    pub filter: String,
    /// How a line of the log is written.
    pub format: LogFormat,
    /// Whether lines for people are coloured.
    pub ansi: bool,
    /// Where a summary of the run is written.
    pub summary: Option<PathBuf>,
}

/// Runs until [`Telemetry::end`].
#[must_use = "the summary is written at its end"]
pub struct Telemetry {
    program: &'static str,
    summary: Option<PathBuf>,
    phases: Phases,
    begun: (Instant, DateTime<Utc>),
    #[cfg(feature = "otel")]
    exporter: Option<otel::Exporter>,
}

/// Starts it. A program that set up a subscriber of its own before keeps that one, and gets no phases.
///
/// # Errors
/// With the feature `otel`, where the environment names a collector and its address can't be used.
pub fn start(settings: Settings) -> Result<Telemetry, TelemetryError> {
    let begun = (Instant::now(), Utc::now());
    let json = settings.format == LogFormat::Json;
    message::speak_json(json);
    let default = match json {
        true => format!("{},seachange=info", settings.filter),
        false => settings.filter,
    };
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match json {
        true => {
            // What people would be told is told whatever is asked for.
            filter = filter.add_directive(message::always());
            lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_events(FmtSpan::CLOSE)
                .boxed()
        }
        false => lines.with_ansi(settings.ansi).boxed(),
    };
    let phases = Phases::default();
    let ours = Targets::new().with_target("seachange", LevelFilter::DEBUG);
    let told = settings.summary.is_some();
    let counted = told.then(|| phases.clone().with_filter(ours.clone()));
    let registry = Registry::default()
        .with(lines.with_filter(filter))
        .with(counted);
    #[cfg(feature = "otel")]
    let (exporter, registry) = {
        let exporter = otel::exporter(settings.program)?;
        let layer = exporter.as_ref().map(|it| it.layer().with_filter(ours));
        (exporter, registry.with(layer))
    };
    // Only a program that set up its own before keeps it.
    let _ = registry.try_init();
    Ok(Telemetry {
        program: settings.program,
        summary: settings.summary,
        phases,
        begun,
        #[cfg(feature = "otel")]
        exporter,
    })
}

/// A phase that all others of a run stand in; with the feature `otel` it goes on with the trace that `TRACEPARENT` of
/// the environment names.
pub fn whole(command: &str) -> tracing::Span {
    let span = tracing::info_span!("run", command);
    #[cfg(feature = "otel")]
    otel::go_on(&span);
    span
}

/// What a program that is run by this one needs in its environment to go on with the trace.
pub fn for_child() -> Vec<(&'static str, String)> {
    #[cfg(feature = "otel")]
    return otel::for_child();
    #[cfg(not(feature = "otel"))]
    Vec::new()
}

impl Telemetry {
    /// Writes the summary, if one is wanted, and waits until a collector has what it is to have.
    ///
    /// # Errors
    /// The summary could not be written.
    pub fn end(self, ended: &Ended<'_>) -> Result<(), TelemetryError> {
        #[cfg(feature = "otel")]
        if let Some(exporter) = self.exporter {
            exporter.end();
        }
        let Some(path) = self.summary else {
            return Ok(());
        };
        let (begun, started_at) = self.begun;
        summary::write(
            &path,
            &summary::Summary::new(
                self.program,
                ended,
                started_at,
                begun.elapsed(),
                self.phases.all(),
            ),
        )
    }
}

/// Shared by the layer and by whoever asks at the end.
type Shared<T> = Arc<std::sync::Mutex<T>>;
