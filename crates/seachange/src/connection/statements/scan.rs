//! The lexer: quotes, dollar quotes, comments, parentheses, SQL-standard bodies, psql commands.

use super::StatementKind;

/// Goes through a text byte by byte. Every byte that means something is ASCII, so that it is never
/// the inside of a longer character.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// What is known of the statement being read.
#[derive(Default)]
struct Open<'a> {
    start: Option<usize>,
    /// Behind its last token.
    end: usize,
    parentheses: usize,
    /// BEGIN ATOMIC and the CASEs inside it, each closed by END.
    bodies: usize,
    /// The first words outside quotes, enough to tell what it is.
    words: Vec<&'a str>,
    previous: &'a str,
    copies: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    /// Start, end and kind of the next statement.
    pub(super) fn statement(&mut self) -> Option<(usize, usize, StatementKind)> {
        let mut open = Open::default();
        while self.at < self.bytes.len() {
            let from = self.at;
            match self.bytes[from] {
                byte if byte.is_ascii_whitespace() => {
                    self.at += 1;
                    continue;
                }
                b'-' if self.looking_at(b"--") => {
                    self.skip_line();
                    continue;
                }
                b'/' if self.looking_at(b"/*") => {
                    self.block_comment();
                    continue;
                }
                b';' if open.parentheses == 0 && open.bodies == 0 => {
                    self.at += 1;
                    if let Some(start) = open.start {
                        return Some(self.finished(start, &open));
                    }
                    continue;
                }
                b'\\' => return Some(self.psql_command(open.start.unwrap_or(from))),
                b'\'' => self.quoted(b'\'', Backslash::Literal),
                b'"' => self.quoted(b'"', Backslash::Literal),
                b'$' => self.dollar(),
                b'(' => {
                    open.parentheses += 1;
                    self.at += 1;
                }
                b')' => {
                    open.parentheses = open.parentheses.saturating_sub(1);
                    self.at += 1;
                }
                byte if begins_word(byte) => self.word(&mut open),
                // A number swallows letters and dollars behind it, so that `1e5` holds no word.
                byte if byte.is_ascii_digit() => self.skip_word(),
                _ => self.at += 1,
            }
            open.start.get_or_insert(from);
            open.end = self.at;
        }
        open.start.map(|start| self.finished(start, &open))
    }

    fn finished(&mut self, start: usize, open: &Open<'_>) -> (usize, usize, StatementKind) {
        let kind = open.kind();
        if kind == StatementKind::CopyData {
            self.past_copied_rows();
        }
        (start, open.end, kind)
    }

    fn looking_at(&self, what: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(what)
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }

    fn skip_word(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest
            .iter()
            .position(|byte| !continues_word(*byte))
            .unwrap_or(rest.len());
    }

    /// Block comments nest in PostgreSQL.
    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.bytes.len() {
            if self.looking_at(b"/*") {
                depth += 1;
                self.at += 2;
            } else if self.looking_at(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
    }

    /// From an opening quote to behind the closing one; a doubled quote is one of the text.
    fn quoted(&mut self, quote: u8, backslash: Backslash) {
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            if byte == b'\\' && backslash == Backslash::Escapes {
                self.at += 1;
            } else if byte == quote {
                if self.bytes.get(self.at) == Some(&quote) {
                    self.at += 1;
                } else if backslash == Backslash::Literal || !self.string_goes_on() {
                    return;
                }
            }
        }
        self.at = self.bytes.len();
    }

    /// SQL joins string literals on following lines into one, of the kind of the first.
    fn string_goes_on(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let goes_on = rest.get(blank) == Some(&b'\'') && rest[..blank].contains(&b'\n');
        if goes_on {
            self.at += blank + 1;
        }
        goes_on
    }

    /// `$tag$ … $tag$`, else a parameter such as `$1`.
    fn dollar(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        let length = rest
            .iter()
            .position(|byte| !continues_word(*byte) || *byte == b'$')
            .unwrap_or(rest.len());
        let tag_begins = rest.first().is_some_and(|byte| begins_word(*byte));
        if rest.get(length) != Some(&b'$') || !(length == 0 || tag_begins) {
            self.at += 1;
            return;
        }
        let delimiter = &self.text[self.at..self.at + length + 2];
        let body = self.at + delimiter.len();
        self.at = match self.text[body..].find(delimiter) {
            Some(closing) => body + closing + delimiter.len(),
            None => self.bytes.len(),
        };
    }

    fn word(&mut self, open: &mut Open<'a>) {
        let from = self.at;
        self.skip_word();
        let word = &self.text[from..self.at];
        if word.eq_ignore_ascii_case("e") && self.bytes.get(self.at) == Some(&b'\'') {
            return self.quoted(b'\'', Backslash::Escapes);
        }
        // `t.case` and `AS end` are names, whatever they spell.
        let is_name = from.checked_sub(1).map(|at| self.bytes[at]) == Some(b'.')
            || open.previous.eq_ignore_ascii_case("as") && open.bodies > 0;
        if !is_name {
            open.keyword(word);
        }
        open.previous = word;
    }

    /// psql takes the rest of the line, and what stands before it in the statement.
    fn psql_command(&mut self, start: usize) -> (usize, usize, StatementKind) {
        self.skip_line();
        let text = self.text[start..self.at].trim_end();
        let kind = match text.split_ascii_whitespace().next() {
            Some("\\restrict" | "\\unrestrict") => StatementKind::Restrict,
            _ => StatementKind::PsqlCommand,
        };
        (start, start + text.len(), kind)
    }

    /// The rows behind COPY … FROM STDIN end with a line `\.`, or with the text.
    fn past_copied_rows(&mut self) {
        while self.at < self.bytes.len() {
            let from = self.at;
            self.skip_line();
            let line = self.text[from..self.at].trim_end();
            self.at = (self.at + 1).min(self.bytes.len());
            if line == "\\." {
                return;
            }
        }
    }
}

impl<'a> Open<'a> {
    fn keyword(&mut self, word: &'a str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        let follows = |keyword: &str| self.previous.eq_ignore_ascii_case(keyword);
        if self.parentheses == 0 {
            let begins = is("atomic") && follows("begin") && self.defines_routine();
            if begins || is("case") && self.bodies > 0 {
                self.bodies += 1;
            } else if is("end") {
                self.bodies = self.bodies.saturating_sub(1);
            }
            self.copies |= follows("from") && is("stdin") || follows("to") && is("stdout");
        }
        if self.words.len() < 4 {
            self.words.push(word);
        }
    }

    fn word_is(&self, index: usize, any: &[&str]) -> bool {
        self.words
            .get(index)
            .is_some_and(|word| any.iter().any(|one| word.eq_ignore_ascii_case(one)))
    }

    /// CREATE [OR REPLACE] FUNCTION or PROCEDURE.
    fn defines_routine(&self) -> bool {
        let replaced = self.word_is(1, &["or"]) && self.word_is(2, &["replace"]);
        let kind = if replaced { 3 } else { 1 };
        self.word_is(0, &["create"]) && self.word_is(kind, &["function", "procedure"])
    }

    fn kind(&self) -> StatementKind {
        let savepoint = self.word_is(0, &["rollback"])
            && (self.word_is(1, &["to"])
                || self.word_is(1, &["work", "transaction"]) && self.word_is(2, &["to"]));
        let prepared = self.word_is(0, &["prepare"]) && self.word_is(1, &["transaction"]);
        let bounds = ["begin", "start", "commit", "end", "abort", "rollback"];
        if self.copies && self.word_is(0, &["copy"]) {
            StatementKind::CopyData
        } else if prepared || self.word_is(0, &bounds) && !savepoint {
            StatementKind::Transaction
        } else {
            StatementKind::Sql
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Literal,
    Escapes,
}

fn begins_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn continues_word(byte: u8) -> bool {
    begins_word(byte) || byte.is_ascii_digit() || byte == b'$'
}
