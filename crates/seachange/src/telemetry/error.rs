//! How telling of a run fails.

use std::path::PathBuf;

use crate::error::Help;

/// Why what was asked for can't be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The file for it can't be written.
    #[error("cannot write the summary of the run to `{}`", .path.display())]
    Summary {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The exporter could not be made.
    #[cfg(feature = "otel")]
    #[error("cannot send spans to the collector that the environment names: {reason}")]
    Collector {
        /// Why, as a fragment.
        reason: String,
    },
}

impl Help for TelemetryError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Summary { .. } => {
                "name a file in a folder that is there with `--summary`; the run itself is over, see what it said"
                    .to_owned()
            }
            #[cfg(feature = "otel")]
            Self::Collector { .. } => {
                "see OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:4318`, say".to_owned()
            }
        })
    }
}
