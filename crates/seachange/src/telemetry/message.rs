//! Lines that people are told whatever is logged: on stderr as they are, or as lines of the log where that is JSON.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing_subscriber::filter::Directive;

static JSON: AtomicBool = AtomicBool::new(false);

const TARGET: &str = "seachange::message";

/// Whether every line on stderr is a JSON object.
pub fn speaks_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

pub(super) fn speak_json(json: bool) {
    JSON.store(json, Ordering::Relaxed);
}

/// Lets them through.
pub(super) fn always() -> Directive {
    format!("{TARGET}=info")
        .parse()
        .expect("a target and a level are a directive")
}

/// Tells a line. In JSON its level is that of its first word: `error:`, `warning:`, else information.
pub fn message(line: impl Display) {
    if !speaks_json() {
        eprintln!("{line}");
        return;
    }
    let line = plain(&line.to_string());
    let (word, rest) = line.split_once(": ").unwrap_or_default();
    match word {
        "error" => tracing::error!(target: TARGET, "{rest}"),
        "warning" => tracing::warn!(target: TARGET, "{rest}"),
        "help" => tracing::info!(target: TARGET, help = rest),
        _ => tracing::info!(target: TARGET, "{line}"),
    }
}

/// Tells a line that is put together as `println!` does it.
macro_rules! note {
    ($($text:tt)*) => {
        $crate::telemetry::message(format_args!($($text)*))
    };
}
pub(crate) use note;

/// Without what colours it.
fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.find('m').map_or("", |end| &after[end + 1..]);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn colours_are_left_out() {
        assert_eq!(plain("\x1b[1m\x1b[31merror:\x1b[0m no"), "error: no");
        assert_eq!(plain("plain"), "plain");
    }
}
