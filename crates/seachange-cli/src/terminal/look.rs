//! How it looks: drawn for the eye or told in words, and how wide it may be. Chosen once, before anything is printed.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};

use seachange::plain;

use crate::args::{Color, Options};

static PLAIN: AtomicBool = AtomicBool::new(false);

/// Makes everything that prints follow `--plain`, or `SEACHANGE_PLAIN`.
pub(crate) fn choose(options: &Options) {
    // What programs read is the same for all.
    let plain = !options.json && (options.plain || plain::is_plain());
    PLAIN.store(plain, Ordering::Relaxed);
}

/// Words only: no sign that carries a meaning alone, nothing that is written over.
pub(crate) fn is_plain() -> bool {
    PLAIN.load(Ordering::Relaxed)
}

/// Whether questions can be drawn; else they are lines of text, answered by a line.
pub(crate) fn can_draw() -> bool {
    !is_plain() && plain::may_redraw()
}

/// What the workspace's programs are told of it.
pub(crate) fn environment(color: Color) -> Vec<(&'static str, &'static str)> {
    let mut told = Vec::new();
    if is_plain() {
        told.push((plain::PLAIN, "1"));
    }
    match color {
        Color::Auto => {}
        Color::Always => told.push(("CLICOLOR_FORCE", "1")),
        Color::Never => told.push(("NO_COLOR", "1")),
    }
    told
}

/// Where words go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// How many columns a line may have: what `COLUMNS` says, else the terminal; none where there is none.
pub(crate) fn width(stream: Stream) -> Option<usize> {
    let named = std::env::var("COLUMNS").ok();
    let named = named
        .and_then(|columns| columns.parse().ok())
        .filter(|columns: &usize| *columns > 0);
    named.or_else(|| {
        let size = match stream {
            Stream::Stdout => size(&io::stdout()),
            Stream::Stderr => size(&io::stderr()),
        };
        size.filter(|columns| *columns > 0)
    })
}

fn size(stream: &impl AsFd) -> Option<usize> {
    let (columns, _) = terminal_size::terminal_size_of(stream)?;
    Some(usize::from(columns.0))
}
