//! Defaults as an attribute writes them: a value where it is plainly one, else the expression.

use super::super::declared::Literal;

const NUMBERS: [&str; 6] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
];

/// `data_type` is the column's, as `format_type` has it.
pub(super) fn literal(expression: &str, data_type: &str, is_enum: bool) -> Literal {
    match expression {
        "true" if data_type == "boolean" => return Literal::Bool(true),
        "false" if data_type == "boolean" => return Literal::Bool(false),
        _ => {}
    }
    let base = data_type.split('(').next().unwrap_or(data_type);
    if NUMBERS.contains(&base)
        && let Some(number) = integer(expression)
    {
        return Literal::Integer(number);
    }
    let textual =
        ["text", "character varying", "json", "jsonb"].contains(&base) || data_type.ends_with("[]");
    if (textual || is_enum)
        && let Some(text) = quoted(expression, base)
    {
        return Literal::Text(text);
    }
    Literal::Expression(expression.to_owned())
}

/// `1`, or `'-1'::integer`.
fn integer(expression: &str) -> Option<i32> {
    let negative = expression.strip_prefix('\'');
    let negative = negative.and_then(|rest| rest.strip_suffix("'::integer"));
    negative.unwrap_or(expression).parse().ok()
}

/// `'it''s'::text`.
fn quoted(expression: &str, base: &str) -> Option<String> {
    let inner = expression.strip_prefix('\'')?;
    let inner = inner.strip_suffix(base)?.strip_suffix("'::")?;
    let plain = inner.replace("''", "");
    (!plain.contains(['\'', '\\'])).then(|| inner.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_a_value_is_one() {
        let of = |expression: &str, data_type: &str| literal(expression, data_type, false);
        assert_eq!(of("true", "boolean"), Literal::Bool(true));
        assert_eq!(of("0", "numeric(12,2)"), Literal::Integer(0));
        assert_eq!(of("'-1'::integer", "bigint"), Literal::Integer(-1));
        assert_eq!(of("'{}'::text[]", "text[]"), Literal::Text("{}".into()));
        assert_eq!(of("'it''s'::text", "text"), Literal::Text("it's".into()));
        assert_eq!(
            of("'x'::character varying", "character varying(20)"),
            Literal::Text("x".into())
        );
        assert_eq!(
            literal("'a'::mood", "mood", true),
            Literal::Text("a".into())
        );
        for (expression, data_type) in [
            ("now()", "timestamp with time zone"),
            ("0.5", "double precision"),
            ("3000000000", "bigint"),
            ("'a'::text || 'b'::text", "text"),
            ("E'a\\\\b'::text", "text"),
            ("NULL::character varying", "character varying"),
        ] {
            let expected = Literal::Expression(expression.into());
            assert_eq!(of(expression, data_type), expected, "{expression}");
        }
    }
}
