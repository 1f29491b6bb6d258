//! Spans to an OpenTelemetry collector, over OTLP/HTTP, where the environment names one
//! (<https://opentelemetry.io/docs/specs/otel/protocol/exporter/>); traces go on across processes by `TRACEPARENT`
//! (<https://www.w3.org/TR/trace-context/>).

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, Tracer};
use tracing::Subscriber;
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::error::TelemetryError;

/// Where a collector is, by the specification's names.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
];
/// As programs pass it on in their environment, and as the header is called.
const TRACEPARENT: &str = "TRACEPARENT";
const HEADER: &str = "traceparent";

/// What sends spans, from threads of its own.
pub(super) struct Exporter {
    provider: SdkTracerProvider,
    program: &'static str,
}

/// None where no collector is named.
pub(super) fn exporter(program: &'static str) -> Result<Option<Exporter>, TelemetryError> {
    let named = ENDPOINTS
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !named {
        return Ok(None);
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpJson)
        .build()
        .map_err(|error| TelemetryError::Collector {
            reason: error.to_string(),
        })?;
    let mut resource = Resource::builder();
    if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(program);
    }
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    Ok(Some(Exporter { provider, program }))
}

impl Exporter {
    pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(
        &self,
    ) -> OpenTelemetryLayer<S, Tracer> {
        tracing_opentelemetry::layer().with_tracer(self.provider.tracer(self.program))
    }

    /// Waits until the collector has everything, or does not answer in the time that the environment gives it.
    pub(super) fn end(self) {
        if let Err(error) = self.provider.shutdown() {
            super::message(format!(
                "warning: the OpenTelemetry collector did not get everything: {error}"
            ));
        }
    }
}

/// The span belongs to the trace that the environment names.
pub(super) fn go_on(span: &tracing::Span) {
    if let Ok(parent) = std::env::var(TRACEPARENT) {
        let carrier = HashMap::from([(HEADER.to_owned(), parent)]);
        let context = TraceContextPropagator::new().extract(&carrier);
        if let Err(error) = span.set_parent(context) {
            tracing::debug!(%error, "the trace of the environment is not gone on with");
        }
    }
}

/// What names the current span to a program that is run.
pub(super) fn for_child() -> Vec<(&'static str, String)> {
    let mut carrier = HashMap::new();
    let context = tracing::Span::current().context();
    TraceContextPropagator::new().inject_context(&context, &mut carrier);
    (carrier.remove(HEADER).into_iter())
        .map(|parent| (TRACEPARENT, parent))
        .collect()
}
