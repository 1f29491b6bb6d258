//! What is written over while a statement runs, on a pseudo-terminal: drawn, cleared, and in words instead.

use super::child::{M, Setting, open};
use crate::terminal::{CTRL_C, Terminal};

/// A statement that runs until the gate is opened.
const UP: &str = "-- seachange: no-transaction\nINSERT INTO log VALUES (gate(1));\n";

async fn setting() -> Setting {
    Setting::new(UP, "DELETE FROM log;\n").await
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_drawn_on_one_line_and_cleared() {
    let setting = setting().await;
    let mut holder = setting.hold([1]).await;
    // So narrow that the line has to be cut.
    let mut terminal = Terminal::sized(&setting.command("up"), 40);
    let line = format!("{M}, statement");
    terminal.expect(&line);
    terminal.expect("applying");
    // A line that wraps can't be written over.
    let long = terminal.too_long();
    assert!(!long.iter().any(|row| row.contains(M)), "{long:#?}");
    open(&mut holder, 1).await;
    let terminal = terminal.ends_with(0);
    assert!(
        terminal.shows(&format!("applied {M} in")),
        "{}",
        terminal.words()
    );
    assert!(!terminal.shows(&line), "{}", terminal.words());
    assert!(terminal.written().contains("\r\x1b[K"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_clears_it_and_ends_with_130() {
    let setting = setting().await;
    let _holder = setting.hold([1]).await;
    let mut terminal = Terminal::open(&setting.command("up"));
    terminal.expect(&format!("{M}, statement"));
    terminal.type_in(CTRL_C);
    let terminal = terminal.ends_with(130);
    assert!(
        terminal.shows("stopping: cancelling on the server"),
        "{}",
        terminal.words()
    );
    setting.check("SELECT count(*)::text FROM log", "0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_over_where_words_are_wanted() {
    for (name, value) in [("SEACHANGE_PLAIN", "1"), ("TERM", "dumb")] {
        let setting = setting().await;
        let mut holder = setting.hold([1]).await;
        let mut command = setting.command("up");
        command.env(name, value);
        let mut terminal = Terminal::open(&command);
        terminal.expect(&format!("{M}, statement"));
        open(&mut holder, 1).await;
        let terminal = terminal.ends_with(0);
        assert!(
            !terminal.written().contains('\x1b'),
            "{}",
            terminal.written()
        );
    }
}
