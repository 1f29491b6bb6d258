//! JSON: every string, number and truth value is masked, structure stays. It is rewritten token by
//! token, so that depth, order of keys and digits of numbers are not a parser's to change.

use super::digits::mask_number;
use super::keyed::Keyed;
use super::masker::{Unmaskable, mask_boolean};
use super::text::by_shape;

/// What becomes of an object's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sample) enum Keys {
    /// Kept where they read as names of fields ([`is_field`]).
    Fields,
    /// Masked like every string.
    Masked,
}

/// `value` is what PostgreSQL took for JSON.
pub(super) fn mask_json(keyed: &Keyed, keys: Keys, value: &str) -> Result<String, Unmaskable> {
    let mut masked = String::with_capacity(value.len() + 16);
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let length = string_length(rest)?;
                let (token, behind) = rest.split_at(length);
                let text: String = serde_json::from_str(token).map_err(|_| Unmaskable::NOT_JSON)?;
                let is_key = behind.trim_start().starts_with(':');
                let text = match is_key && keys == Keys::Fields && is_field(&text) {
                    true => text,
                    false => mask_string(keyed, &text),
                };
                masked.push_str(&serde_json::Value::String(text).to_string());
                length
            }
            '-' | '0'..='9' => {
                let length = word_length(rest);
                masked.push_str(&mask_number(keyed, &rest[..length])?);
                length
            }
            't' | 'f' => {
                let length = word_length(rest);
                let masked_one = mask_boolean(keyed, first == 't');
                masked.push_str(if masked_one { "true" } else { "false" });
                length
            }
            // Brackets, commas, blanks, and null.
            other => {
                masked.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Ok(masked)
}

fn mask_string(keyed: &Keyed, text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => by_shape(keyed, text, None),
    }
}

/// A key that reads as the name of a field: an ASCII letter or underscore, then up to 39 more ASCII
/// letters, digits, `_`, `-` or `.`, with no more than four digits among them. Anything else (an
/// address, a number, a name with a blank, a UUID) is data that happens to stand where a key does.
fn is_field(key: &str) -> bool {
    let begins = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    begins && key.len() <= 40 && digits <= 4 && key.bytes().all(plain)
}

/// From the quote that `text` begins with to the one that ends the string.
fn string_length(text: &str) -> Result<usize, Unmaskable> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Ok(at + 1),
            _ => {}
        }
    }
    Err(Unmaskable::NOT_JSON)
}

fn word_length(text: &str) -> usize {
    text.find(|one: char| !one.is_ascii_alphanumeric() && !"+-.".contains(one))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn mask(keys: Keys, value: &str) -> String {
        mask_json(&Keyed::new(&[4; 32]), keys, value).unwrap()
    }

    #[test]
    fn structure_stays_and_nothing_else() {
        let value = r#"{"name": "Ada \"the\" \u00c4", "tags": ["x", {"deep": 1234.5}], "none": null, "empty": "", "ok": true,
            "ada@example.org": 1, "id": "0190163d-8694-739b-aea5-966c26f8ad91"}"#;
        let masked = mask(Keys::Fields, value);
        let parsed: Value = serde_json::from_str(&masked).unwrap();
        let keys: Vec<&String> = parsed.as_object().unwrap().keys().collect();
        for key in ["name", "tags", "none", "empty", "ok", "id"] {
            assert!(keys.iter().any(|one| *one == key), "{masked}");
        }
        assert!(parsed["none"].is_null());
        assert_eq!(parsed["empty"], "");
        for gone in ["Ada", "1234.5", "example.org", "0190163d", "\"x\""] {
            assert!(!masked.contains(gone), "{masked}");
        }
        assert_eq!(
            masked.matches(char::is_whitespace).count(),
            value.matches(char::is_whitespace).count() - 2
        );
    }

    #[test]
    fn keys_are_masked_where_that_is_wanted() {
        let masked = mask(Keys::Masked, r#"{"ada":{"score":5}}"#);
        assert!(
            !masked.contains("ada") && !masked.contains("score"),
            "{masked}"
        );
        serde_json::from_str::<Value>(&masked).unwrap();
    }

    #[test]
    fn scalars_and_depth_are_no_matter() {
        assert_eq!(mask(Keys::Fields, "null"), "null");
        assert_eq!(mask(Keys::Fields, " [ ] "), " [ ] ");
        let deep = format!("{}7{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(mask(Keys::Fields, &deep).len(), deep.len());
        assert_ne!(
            mask(Keys::Fields, "12345678901234567890123456789"),
            "12345678901234567890123456789"
        );
    }

    #[test]
    fn keys_that_are_data_are_told() {
        for key in ["name", "full_name", "date-of-birth", "line1", "a.b", "_id"] {
            assert!(is_field(key), "{key}");
        }
        for key in [
            "",
            "Ada Lovelace",
            "ada@example.org",
            "42",
            "Jürgen",
            "u12345",
            "a/b",
        ] {
            assert!(!is_field(key), "{key}");
        }
    }
}
