//! Markdown as GitHub and GitLab read it: headings, tables, code; whatever a name holds.

use std::fmt::Write as _;

/// A page that grows.
pub(super) struct Page(String);

impl Page {
    pub(super) fn new(first: &str) -> Self {
        Self(format!("{first}\n"))
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    /// `depth` is 1 for the page's own.
    pub(super) fn heading(&mut self, depth: usize, title: &str) {
        let _ = write!(self.0, "\n{} {}\n", "#".repeat(depth), text(title));
    }

    /// Markdown as it stands.
    pub(super) fn paragraph(&mut self, markdown: &str) {
        let _ = write!(self.0, "\n{markdown}\n");
    }

    pub(super) fn block(&mut self, language: &str, inside: &str) {
        let fence = "`".repeat(longest_run(inside).max(2) + 1);
        let _ = write!(
            self.0,
            "\n{fence}{language}\n{}\n{fence}\n",
            inside.trim_end()
        );
    }

    /// Rows of cells, which are Markdown. Columns that no row fills are left out.
    pub(super) fn table<const N: usize>(&mut self, head: [&str; N], rows: &[[String; N]]) {
        let kept: Vec<usize> = (0..N)
            .filter(|at| rows.iter().any(|row| !row[*at].is_empty()))
            .collect();
        let line = |cells: &dyn Fn(usize) -> String| {
            let cells: Vec<String> = kept.iter().map(|at| cells(*at)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        self.0.push('\n');
        self.0.push_str(&line(&|at| head[at].to_owned()));
        self.0.push_str(&line(&|_| "---".to_owned()));
        for row in rows {
            self.0.push_str(&line(&|at| row[at].clone()));
        }
    }
}

/// Text that means itself, on one line.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.trim().chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' => escaped.push_str("<br>"),
            '\\' | '`' | '*' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // Within a word it means nothing, and names are full of it.
            '_' => escaped.push('_'),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Code on one line. A bar would end a table's cell, in code too.
pub(super) fn code(code: &str) -> String {
    let inside: String = (code.chars())
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    let inside = inside.replace('|', "\\|");
    let inside = inside.trim();
    if inside.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(inside) + 1);
    match inside.starts_with('`') || inside.ends_with('`') {
        true => format!("{fence} {inside} {fence}"),
        false => format!("{fence}{inside}{fence}"),
    }
}

/// A link to a file whose name needs no quotes.
pub(super) fn link(shown: &str, to: &str) -> String {
    format!("[{}]({to})", text(shown))
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|it| it != '`').map(str::len);
    runs.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_means_itself() {
        assert_eq!(
            text("<b> a|b*c* [x](y)\nz"),
            "&lt;b&gt; a\\|b\\*c\\* \\[x\\](y)<br>z"
        );
        assert_eq!(code("a`b|c"), "``a`b\\|c``");
        assert_eq!(code("`a"), "`` `a ``");
        let mut page = Page::new("first");
        page.block("sql", "SELECT '```'\n");
        page.table(
            ["a", "b", "c"],
            &[["1".to_owned(), String::new(), "3".to_owned()]],
        );
        assert_eq!(
            page.finish(),
            "first\n\n````sql\nSELECT '```'\n````\n\n| a | c |\n| --- | --- |\n| 1 | 3 |\n"
        );
    }
}
