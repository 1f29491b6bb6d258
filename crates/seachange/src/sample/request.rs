//! What is asked for, and what is told meanwhile and afterwards.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::error::Help;

/// How much of a database is copied, and under which key.
#[derive(Clone, Debug)]
pub struct Sample {
    /// How much of each table.
    pub share: Share,
    /// What the masks are computed with.
    pub key: Key,
    /// For each statement on the source, which reads no more than 64 MB of a table or 10,000 rows; the
    /// server's own where there is none.
    pub statement_timeout: Option<Duration>,
}

/// A share of the rows of each table, above nothing and up to all of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(f64);

impl Share {
    /// Every row.
    pub const ALL: Self = Self(1.0);

    /// None unless above 0 and up to 100.
    pub fn percent(percent: f64) -> Option<Self> {
        (percent > 0.0 && percent <= 100.0).then_some(Self(percent / 100.0))
    }

    /// What a hash of 63 bits has to be below; none where every row is wanted.
    pub(super) fn threshold(self) -> Option<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a fraction of 2^63 is below it"
        )]
        (self.0 < 1.0).then(|| (self.0 * 2.0_f64.powi(63)) as i64)
    }
}

/// Written as a percentage: `1%`, `0.5%`.
impl FromStr for Share {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        let percent = text.trim().strip_suffix('%');
        let percent = percent.and_then(|percent| percent.trim().parse().ok());
        percent
            .and_then(Self::percent)
            .ok_or_else(|| RequestError::Share(text.to_owned()))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0 * 100.0)
    }
}

/// What the masks are computed with. Whoever has it can find out which value became which, by trying.
/// It is shown nowhere.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of 32 bytes, which should be random.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// One that nobody else has: no second run gives the same masks.
    pub fn random() -> Self {
        Self(rand::random())
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
impl FromStr for Key {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(RequestError::Key);
        }
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16)
                .expect("every character is a hexadecimal digit");
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A share or a key that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Neither a percentage nor a number between 0 and 1. Holds what was given.
    #[error("`{0}` is no share of a database")]
    Share(String),
    /// Text of another length, or with other characters.
    #[error("the key is not 64 hexadecimal digits")]
    Key,
}

impl Help for RequestError {
    fn help(&self) -> Option<String> {
        let text = match self {
            Self::Share(_) => "write a percentage above 0% and up to 100%: `1%`, `0.5%`",
            Self::Key => "`openssl rand -hex 32` makes one",
        };
        Some(text.to_owned())
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done.
    pub step: Step,
    /// The table's name.
    pub table: &'a str,
    /// Rows of the table that are chosen or copied.
    pub rows: u64,
    /// Out of how many: rows looked at while choosing, rows to be copied afterwards.
    pub of: u64,
}

/// What is done to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A share of the table is chosen.
    Choosing,
    /// Rows that chosen ones refer to are added.
    Completing,
    /// Rows are masked and loaded.
    Copying,
}

/// A table that was copied.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// The table's name.
    pub table: String,
    /// Rows so far, or in all once it is done.
    pub rows: u64,
    /// Rows that the source has.
    pub of: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages() {
        let share = |text: &str| text.parse::<Share>();
        assert_eq!(share("1%"), Ok(Share(0.01)));
        assert_eq!(share(" 0.5 %"), Ok(Share(0.005)));
        assert_eq!(share("100%").unwrap().threshold(), None);
        assert_eq!(share("50%").unwrap().threshold(), Some(1 << 62));
        for wrong in ["1", "0%", "-1%", "101%", "NaN%", "%", ""] {
            assert!(share(wrong).unwrap_err().help().is_some());
        }
    }

    #[test]
    fn a_key_is_read_and_never_shown() {
        let key: Key = "0f".repeat(32).parse().unwrap();
        assert_eq!(key.bytes(), &[15; 32]);
        assert!(!format!("{key:?}").contains("15"));
        for wrong in ["", "0f", &"0g".repeat(32), &"ä".repeat(32)] {
            wrong.parse::<Key>().unwrap_err();
        }
    }
}
