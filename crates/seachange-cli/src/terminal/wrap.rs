//! Lines that are too wide for the terminal, broken between words. Widths are of what is seen: without colours, wide
//! characters for two, combining ones for none.

use anstream::adapter::strip_str;
use unicode_width::UnicodeWidthStr;

use super::look::{self, Stream};

/// Below this, words stand one below the other anyway, and indentation only takes their place.
const NARROW: usize = 20;

/// The text with `indent` before all its lines but the first, broken to the width of the stream.
pub(crate) fn wrapped(text: &str, indent: usize, stream: Stream) -> String {
    lines(text, look::width(stream), indent).join("\n")
}

/// The text in lines that fit, those after the first indented. A word that is wider than all is left whole: whoever
/// copies it has it whole.
pub(super) fn lines(text: &str, width: Option<usize>, indent: usize) -> Vec<String> {
    let Some(width) = width else {
        return text.split('\n').map(str::to_owned).collect();
    };
    let indent = if width < NARROW { 0 } else { indent };
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let own = paragraph.len() - paragraph.trim_start_matches(' ').len();
        let mut line = " ".repeat(own);
        let mut is_empty = true;
        for word in paragraph.trim_start_matches(' ').split(' ') {
            if !is_empty && seen(&line) + 1 + seen(word) > width {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        lines.push(line);
    }
    lines
}

/// How many columns it takes.
pub(super) fn seen(text: &str) -> usize {
    strip_str(text).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_between_words() {
        let text = "one two three four five six seven";
        assert_eq!(
            lines(text, Some(20), 2),
            ["one two three four", "  five six seven"]
        );
        assert_eq!(lines(text, None, 2), [text]);
        assert_eq!(lines(text, Some(200), 2), [text]);
    }

    #[test]
    fn what_can_not_be_broken_stays_whole() {
        let long = "m20261123_001222_initial_schema";
        assert_eq!(
            lines(&format!("see {long} there"), Some(20), 2),
            ["see", &format!("  {long}"), "  there"]
        );
        assert_eq!(lines("", Some(20), 2), [""]);
    }

    #[test]
    fn wide_characters_count_twice_combining_ones_not_at_all_and_colours_nothing() {
        let good = crate::terminal::style::GOOD;
        assert_eq!(seen("船 e\u{301}"), 4);
        assert_eq!(seen(&format!("{good}ok{good:#}")), 2);
        let text = "船船船船 船船船船 船船";
        assert_eq!(lines(text, Some(20), 0), ["船船船船 船船船船", "船船"]);
    }
}
