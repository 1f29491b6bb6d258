//! Arrays in PostgreSQL's text form: each element masked, dimensions and NULLs as they are.

use super::masker::Unmaskable;

/// Rewrites `{a,"b c",NULL}`, with its bounds (`[2:3]=`) if it has any.
pub(super) fn mask_array(
    value: &str,
    mut element: impl FnMut(&str) -> Result<String, Unmaskable>,
) -> Result<String, Unmaskable> {
    let wrong = Unmaskable::NOT_AN_ARRAY;
    let start = value.find('{').ok_or(wrong)?;
    let mut masked = value[..start].to_owned();
    let mut rest = &value[start..];
    while let Some(first) = rest.chars().next() {
        match first {
            '{' | '}' | ',' => {
                masked.push(first);
                rest = &rest[1..];
            }
            '"' => {
                let (text, behind) = quoted(rest).ok_or(wrong)?;
                push_quoted(&mut masked, &element(&text)?);
                rest = behind;
            }
            _ => {
                let end = rest.find([',', '}']).ok_or(wrong)?;
                match &rest[..end] {
                    "NULL" => masked.push_str("NULL"),
                    text => push_quoted(&mut masked, &element(text)?),
                }
                rest = &rest[end..];
            }
        }
    }
    Ok(masked)
}

/// The text between the quotes, and what stands behind them.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, one)) = characters.next() {
        match one {
            '"' => return Some((inner, &text[at + 1..])),
            '\\' => inner.push(characters.next()?.1),
            one => inner.push(one),
        }
    }
    None
}

fn push_quoted(to: &mut String, text: &str) {
    to.push('"');
    for one in text.chars() {
        if matches!(one, '"' | '\\') {
            to.push('\\');
        }
        to.push(one);
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_seen_as_they_are() {
        for (value, elements, masked) in [
            ("{}", vec![], "{}"),
            ("{1,2,NULL}", vec!["1", "2"], r#"{"<1>","<2>",NULL}"#),
            (
                r#"{"a b","NULL","q\"\\"}"#,
                vec!["a b", "NULL", r#"q"\"#],
                r#"{"<a b>","<NULL>","<q\"\\>"}"#,
            ),
            (
                "[2:3]={{a},{b}}",
                vec!["a", "b"],
                r#"[2:3]={{"<a>"},{"<b>"}}"#,
            ),
            (r#"{"",ü}"#, vec!["", "ü"], r#"{"<>","<ü>"}"#),
        ] {
            let mut seen = Vec::new();
            let result = mask_array(value, |element| {
                seen.push(element.to_owned());
                Ok(format!("<{element}>"))
            });
            assert_eq!(result.unwrap(), masked);
            assert_eq!(seen, elements);
        }
        for wrong in ["", "x", "{a", r#"{"a"#] {
            mask_array(wrong, |element| Ok(element.to_owned())).unwrap_err();
        }
    }
}
