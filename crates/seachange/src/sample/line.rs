//! PostgreSQL's text format of COPY: a line a row, tabs between fields, backslashes before what can't stand
//! for itself.

use std::borrow::Cow;

pub(super) const NULL: &[u8] = b"\\N";

/// The fields of a line without its end. A tab inside a field is written `\t`.
pub(super) fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b'\t')
}

/// The value of a field that is not NULL.
pub(super) fn value(field: &[u8]) -> Cow<'_, [u8]> {
    if !field.contains(&b'\\') {
        return Cow::Borrowed(field);
    }
    let mut value = Vec::with_capacity(field.len());
    let mut bytes = field.iter().copied();
    while let Some(byte) = bytes.next() {
        value.push(match byte {
            b'\\' => match bytes.next() {
                Some(b'b') => 8,
                Some(b'f') => 12,
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b't') => b'\t',
                Some(b'v') => 11,
                Some(other) => other,
                None => b'\\',
            },
            byte => byte,
        });
    }
    Cow::Owned(value)
}

/// Writes a value as a field.
pub(super) fn write(value: &str, to: &mut Vec<u8>) {
    for byte in value.bytes() {
        let escaped = match byte {
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            byte => {
                to.push(byte);
                continue;
            }
        };
        to.extend([b'\\', escaped]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        for text in ["", "a", "\\", "a\tb\nc\rd\\N", "\\.", "größe"] {
            let mut field = Vec::new();
            write(text, &mut field);
            assert!(!field.contains(&b'\t') && !field.contains(&b'\n'));
            assert_eq!(value(&field), text.as_bytes());
        }
        assert_eq!(value(br"\b\f\v").as_ref(), [8, 12, 11]);
        assert_eq!(fields(b"a\t\tb").count(), 3);
        assert_eq!(fields(b"").count(), 1);
    }
}
