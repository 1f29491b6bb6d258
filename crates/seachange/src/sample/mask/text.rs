//! Text: a digest in base 32, in the dress of what the text looks like. None of the text itself is kept.

use super::day::mask_if_day;
use super::keyed::Keyed;
use super::uuid::mask_if_uuid;

/// Characters of a digest where nothing limits it: 100 bits.
pub(in crate::sample) const DIGEST: usize = 20;
/// From this many on (60 bits), a million different texts meet with odds below one in a million.
pub(in crate::sample) const UNIQUE_FROM: usize = 12;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// RFC 2606: never anybody's.
const NOBODY: &str = "@example.invalid";
const NOWHERE: &str = "https://example.invalid/";
/// No country has this code, so nobody is ever called.
const UNDIALLED: &str = "+999";

/// The most characters that there is room for.
pub(super) type Limit = Option<usize>;

/// A digest of the whole text.
pub(super) fn digest(keyed: &Keyed, value: &str, limit: Limit) -> String {
    digest_of(keyed, value, limit.unwrap_or(DIGEST).min(DIGEST))
}

/// No more than 25 characters of five bits.
fn digest_of(keyed: &Keyed, value: &str, length: usize) -> String {
    let number = keyed.number(b"text", value.as_bytes());
    let mut digest = String::with_capacity(length);
    for place in 1..=length {
        let letter = number >> (u128::BITS as usize - 5 * place) & 31;
        digest.push(char::from(ALPHABET[letter as usize]));
    }
    digest
}

/// By what the text looks like: a UUID as in a column of UUIDs, a date as in one of dates, an address as
/// an address; everything else, and what there is no room for, a digest.
pub(super) fn by_shape(keyed: &Keyed, value: &str, limit: Limit) -> String {
    let fits = |masked: &String| limit.is_none_or(|limit| masked.len() <= limit);
    if let Some(masked) = mask_if_uuid(keyed, value).or_else(|| mask_if_day(keyed, value)) {
        if fits(&masked) {
            return masked;
        }
    } else if is_email(value) {
        return email(keyed, value, limit);
    } else if is_url(value) {
        return dressed(keyed, value, limit, NOWHERE, "");
    }
    digest(keyed, value, limit)
}

/// An address at a domain that can't exist, in lower case.
pub(super) fn email(keyed: &Keyed, value: &str, limit: Limit) -> String {
    dressed(keyed, value, limit, "", NOBODY)
}

fn dressed(keyed: &Keyed, value: &str, limit: Limit, before: &str, behind: &str) -> String {
    let dress = before.len() + behind.len();
    match limit.map_or(DIGEST, |limit| limit.saturating_sub(dress).min(DIGEST)) {
        // Bare, it is more surely unique.
        length if length < UNIQUE_FROM => digest(keyed, value, limit),
        length => format!("{before}{}{behind}", digest_of(keyed, value, length)),
    }
}

/// A number that can't be dialled.
pub(super) fn phone(keyed: &Keyed, value: &str, limit: Limit) -> String {
    let number = keyed.number(b"phone", value.as_bytes()) % 10_u128.pow(11);
    cut(format!("{UNDIALLED}{number:011}"), limit)
}

/// Two words that can be spoken and are nobody's name.
pub(super) fn person(keyed: &Keyed, value: &str, limit: Limit) -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
    const VOWELS: &[u8; 4] = b"aeio";
    let mut digest = keyed.digest(b"person", value.as_bytes()).into_iter();
    let mut word = || -> String {
        let syllables = digest.by_ref().take(3);
        let mut word: String = syllables
            .flat_map(|byte| {
                let (consonant, vowel) = (usize::from(byte >> 4), usize::from(byte & 3));
                [CONSONANTS[consonant], VOWELS[vowel]].map(char::from)
            })
            .collect();
        word[..1].make_ascii_uppercase();
        word
    };
    cut(format!("{} {}", word(), word()), limit)
}

/// Only what is ASCII is cut.
fn cut(mut text: String, limit: Limit) -> String {
    text.truncate(limit.unwrap_or(text.len()));
    text
}

fn is_email(value: &str) -> bool {
    let Some((name, domain)) = value.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && !value.contains(char::is_whitespace)
}

fn is_url(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed() -> Keyed {
        Keyed::new(&[4; 32])
    }

    #[test]
    fn text_is_dressed_as_what_it_looks_like() {
        let shape = |value| by_shape(&keyed(), value, None);
        assert_eq!(shape("Ada Lovelace").len(), DIGEST);
        assert!(shape("ada@example.org").ends_with("@example.invalid"));
        assert!(shape("https://example.org/ada").starts_with("https://example.invalid/"));
        assert!(shape("1984-02-29").starts_with("198"));
        assert_eq!(shape("0190163d-8694-739b-aea5-966c26f8ad91").len(), 36);
        assert_eq!(shape("ada @ example.org").len(), DIGEST);
        assert_ne!(shape("ada"), shape("Ada"));
    }

    #[test]
    fn the_limit_is_kept() {
        for limit in [1, 2, 12, 20, 27, 28, 30, 36, 100] {
            for value in [
                "Ada",
                "ada@example.org",
                "s3://a/b",
                "1984-02-29",
                "0190163d-8694-739b-aea5-966c26f8ad91",
            ] {
                let masked = by_shape(&keyed(), value, Some(limit));
                assert!(!masked.is_empty() && masked.len() <= limit, "{masked}");
            }
            assert!(phone(&keyed(), "1", Some(limit)).len() <= limit);
            assert!(person(&keyed(), "1", Some(limit)).len() <= limit);
        }
        assert!(by_shape(&keyed(), "ada@example.org", Some(28)).contains('@'));
    }

    #[test]
    fn people_and_telephones_look_like_it() {
        let name = person(&keyed(), "Ada Lovelace", None);
        assert_eq!((name.len(), name.split(' ').count()), (13, 2));
        let number = phone(&keyed(), "555 123", None);
        assert!(number.starts_with("+999") && number.len() == 15, "{number}");
    }
}
