//! The tokens of one statement, and a reader that goes through them.

use std::fmt;

use seachange_schema::name::Ident;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Token {
    /// A keyword or a bare name, folded to lower case.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// A string, in whichever quotes.
    Text,
    /// Any other character.
    Sign(char),
}

/// A name that may have a schema before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runner) struct Name {
    pub(in crate::runner) schema: Option<String>,
    pub(in crate::runner) name: String,
}

/// Goes through tokens from the first to the last.
pub(in crate::runner) struct Reader {
    tokens: Vec<(Token, usize)>,
    at: usize,
}

/// The tokens of a statement with the bytes at which they begin.
pub(in crate::runner) fn tokens(text: &str) -> Vec<(Token, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        let rest = &text[at..];
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => at += 1,
            b'-' if rest.starts_with("--") => at += rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => at += block_comment(rest),
            b'\'' => {
                let escapes = matches!(found.last(), Some((Token::Word(word), start))
                    if word == "e" && start + 1 == from);
                at += quoted(rest, '\'', escapes);
                found.push((Token::Text, from));
            }
            b'"' => {
                at += quoted(rest, '"', false);
                let inner = &text[from + 1..at];
                let inner = inner.strip_suffix('"').unwrap_or(inner);
                found.push((Token::Quoted(inner.replace("\"\"", "\"")), from));
            }
            b'$' if dollar(rest).is_some() => {
                at += dollar(rest).unwrap_or(1);
                found.push((Token::Text, from));
            }
            byte if word_begins(byte) => {
                at += rest
                    .bytes()
                    .position(|byte| !(word_begins(byte) || byte.is_ascii_digit() || byte == b'$'))
                    .unwrap_or(rest.len());
                found.push((Token::Word(text[from..at].to_ascii_lowercase()), from));
            }
            byte => {
                at += 1;
                found.push((Token::Sign(char::from(byte)), from));
            }
        }
    }
    found
}

fn word_begins(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

/// How long a comment at the beginning is; such comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// How long what is quoted at the beginning is, with its quotes.
fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && escapes {
            characters.next();
        } else if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

/// How long a text in dollar quotes at the beginning is; none when it is no such text.
fn dollar(text: &str) -> Option<usize> {
    let tag = text[1..].find('$')?;
    let name = &text[1..=tag];
    let is_tag = name.bytes().next().is_none_or(word_begins)
        && name
            .bytes()
            .all(|byte| word_begins(byte) || byte.is_ascii_digit());
    if !is_tag {
        return None;
    }
    let delimiter = &text[..tag + 2];
    let body = &text[delimiter.len()..];
    Some(match body.find(delimiter) {
        Some(end) => delimiter.len() + end + delimiter.len(),
        None => text.len(),
    })
}

impl Reader {
    pub(in crate::runner) fn new(text: &str) -> Self {
        Self {
            tokens: tokens(text),
            at: 0,
        }
    }

    /// Steps over these words, if they are the next ones.
    pub(in crate::runner) fn take(&mut self, words: &[&str]) -> bool {
        let is = |at: usize, word: &str| matches!(self.tokens.get(at), Some((Token::Word(found), _)) if found == word);
        let taken = words
            .iter()
            .enumerate()
            .all(|(place, word)| is(self.at + place, word));
        if taken {
            self.at += words.len();
        }
        taken
    }

    /// Whether this word is next.
    pub(in crate::runner) fn is_at(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at), Some((Token::Word(found), _)) if found == word)
    }

    /// Steps over this sign, if it is the next token.
    pub(in crate::runner) fn sign(&mut self, sign: char) -> bool {
        let taken =
            matches!(self.tokens.get(self.at), Some((Token::Sign(found), _)) if *found == sign);
        if taken {
            self.at += 1;
        }
        taken
    }

    /// The next word, stepped over.
    pub(in crate::runner) fn word(&mut self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some((Token::Word(word), _)) => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    /// A name, stepped over.
    pub(in crate::runner) fn name(&mut self) -> Option<Name> {
        let mut parts = vec![self.ident()?];
        while self.sign('.') {
            parts.push(self.ident()?);
        }
        let name = parts.pop()?;
        Some(Name {
            schema: parts.pop(),
            name,
        })
    }

    /// Steps over what is in parentheses, if an opening one is next; says whether a word is in it.
    pub(in crate::runner) fn options_have(&mut self, word: &str) -> bool {
        let mut found = false;
        if self.sign('(') {
            while self.at < self.tokens.len() && !self.sign(')') {
                found |= matches!(&self.tokens[self.at].0, Token::Word(one) if one == word);
                self.at += 1;
            }
        }
        found
    }

    /// Whether the word occurs from here on.
    pub(in crate::runner) fn has(&self, word: &str) -> bool {
        self.tokens[self.at.min(self.tokens.len())..]
            .iter()
            .any(|(token, _)| matches!(token, Token::Word(one) if one == word))
    }

    pub(in crate::runner) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn ident(&mut self) -> Option<String> {
        match self.tokens.get(self.at) {
            Some((Token::Word(name) | Token::Quoted(name), _)) => {
                self.at += 1;
                Some(name.clone())
            }
            _ => None,
        }
    }
}

impl Name {
    /// As messages say it, without quotes.
    pub(in crate::runner) fn plain(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", Ident::from(schema.as_str()))?;
        }
        write!(f, "{}", Ident::from(self.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_or_kept() {
        let mut reader = Reader::new("DROP /* x */ INDEX -- y\n Public.\"My \"\"Index\"");
        assert!(reader.take(&["drop", "index"]));
        let name = reader.name().unwrap();
        assert_eq!(name.schema.as_deref(), Some("public"));
        assert_eq!(name.name, "My \"Index");
        assert!(reader.at_end());
        assert_eq!(name.to_string(), "\"public\".\"My \"\"Index\"");
        assert_eq!(name.plain(), "public.My \"Index");
    }

    #[test]
    fn strings_hold_no_words() {
        for text in [
            "'concurrently'",
            "E'a\\'concurrently'",
            "$x$ concurrently $x$",
            "$$concurrently$$",
        ] {
            let text = format!("{text} b");
            assert!(!Reader::new(&text).has("concurrently"), "{text}");
            assert!(Reader::new(&text).has("b"), "{text}");
        }
    }
}
