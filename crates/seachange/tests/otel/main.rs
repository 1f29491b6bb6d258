//! Spans to a collector, over a real connection: what is sent, to which trace it belongs, and one that is away.
//! Only with the feature `otel`. One test a process, since a process has one subscriber and one environment.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use seachange::telemetry::{self, Ended, LogFormat, Settings};
use serde_json::Value;

/// Set where this program is run again by itself, as the one that is looked at.
const CHILD: &str = "SEACHANGE_TEST_OTEL_CHILD";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// What a program of ours does, in a process of its own.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let telemetry = telemetry::start(Settings {
        program: "harbour",
        filter: "warn".to_owned(),
        format: LogFormat::Text,
        ansi: false,
        summary: None,
    })
    .unwrap();
    {
        let _run = telemetry::whole("up").entered();
        println!("child: {:?}", telemetry::for_child());
        let _migration =
            tracing::info_span!(target: "seachange::test", "migration", version = "m1").entered();
    }
    telemetry
        .end(&Ended {
            command: "up",
            target: None,
            exit_code: 0,
            error: None,
        })
        .unwrap();
}

fn run(endpoint: &str) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_EXPORTER_OTLP_TIMEOUT", "5000")
        .env("TRACEPARENT", format!("00-{TRACE}-b7ad6b7169203331-01"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    (output.status.success(), text.concat())
}

/// Takes one request in and answers it.
fn receive(stream: TcpStream) -> Option<(String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if header.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    reader.get_mut().write_all(answer.as_bytes()).ok()?;
    Some((path, serde_json::from_slice(&body).ok()?))
}

#[test]
fn spans_go_to_the_collector_as_a_part_of_the_trace() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Some(request) = receive(stream) {
                let _ = sender.send(request);
            }
        }
    });
    let (good, output) = run(&endpoint);
    assert!(good, "{output}");
    assert!(output.contains(&format!("\"00-{TRACE}-")), "{output}");
    let (path, body) = received.recv().unwrap();
    assert_eq!(path, "/v1/traces");
    let resource = &body["resourceSpans"][0];
    let text = resource.to_string();
    assert!(text.contains("\"harbour\""), "{text}");
    let spans = resource["scopeSpans"][0]["spans"].as_array().unwrap();
    let span = |name: &str| {
        let found = spans.iter().find(|span| span["name"] == name);
        found.unwrap_or_else(|| panic!("{name}: {text}"))
    };
    for name in ["run", "migration"] {
        assert_eq!(span(name)["traceId"], TRACE);
    }
    assert_eq!(span("run")["parentSpanId"], "b7ad6b7169203331");
    assert_eq!(span("migration")["parentSpanId"], span("run")["spanId"]);
}

/// It is said, and the run is what it was.
#[test]
fn a_collector_that_is_away_fails_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (good, output) = run(&endpoint);
    assert!(good, "{output}");
}
