//! A type as it is written, in the spelling of the catalog's `format_type`: `int4` is `integer`.

use super::{Node, SyntaxKind, Token};

/// What stands for a column's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataType {
    /// As `format_type` spells it.
    pub(crate) name: String,
    /// `serial` and its kin: a sequence and a default come with it.
    pub(crate) serial: bool,
}

pub(crate) fn is_type(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::PATH_TYPE
            | SyntaxKind::ARRAY_TYPE
            | SyntaxKind::VARCHAR_TYPE
            | SyntaxKind::CHARACTER_TYPE
            | SyntaxKind::BIT_TYPE
            | SyntaxKind::BIT_VARYING_TYPE
            | SyntaxKind::DOUBLE_TYPE
            | SyntaxKind::INTERVAL_TYPE
            | SyntaxKind::TIME_TYPE
            | SyntaxKind::TIMESTAMP_TYPE
            | SyntaxKind::PERCENT_TYPE
    )
}

/// The type of a column definition or of ALTER COLUMN TYPE: the first type among the children.
pub(crate) fn data_type(node: &Node<'_>) -> Option<DataType> {
    let node = node.children().find(|child| is_type(child.kind))?;
    Some(of_tokens(&node.tokens()))
}

fn of_tokens(tokens: &[Token<'_>]) -> DataType {
    let mut base = String::new();
    let mut modifiers = String::new();
    let mut depth = 0;
    let mut array = "";
    for token in tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "[" => {
                array = "[]";
                depth += 1;
            }
            "]" => depth -= 1,
            "." => base.push('.'),
            _ if token.kind == SyntaxKind::ARRAY_KW => array = "[]",
            text if depth > 0 && array.is_empty() => modifiers.push_str(text),
            _ if depth > 0 => {}
            text => {
                if !base.is_empty() && !base.ends_with('.') {
                    base.push(' ');
                }
                match text.starts_with('"') {
                    // The one-byte type is quoted in the catalog's spelling too.
                    true if text == "\"char\"" => base.push_str(text),
                    true => base.push_str(text.trim_matches('"')),
                    false => base.push_str(&text.to_ascii_lowercase()),
                }
            }
        }
    }
    let bare = base.strip_prefix("pg_catalog.").unwrap_or(&base);
    let bare = bare.strip_prefix("public.").unwrap_or(bare);
    let serial = bare.contains("serial") && spelled(bare, "").1;
    let (name, _) = spelled(bare, &modifiers);
    DataType {
        name: format!("{name}{array}"),
        serial,
    }
}

/// The catalog's spelling, and whether it is one of the serial types.
fn spelled(bare: &str, modifiers: &str) -> (String, bool) {
    let with = |name: &str| match modifiers {
        "" => name.to_owned(),
        some => format!("{name}({some})"),
    };
    let stamp = |kind: &str, zone: &str| format!("{} {zone} time zone", with(kind));
    let name = match bare {
        "int" | "int4" | "integer" => "integer".to_owned(),
        "serial" | "serial4" => return ("integer".to_owned(), true),
        "int2" | "smallint" => "smallint".to_owned(),
        "smallserial" | "serial2" => return ("smallint".to_owned(), true),
        "int8" | "bigint" => "bigint".to_owned(),
        "bigserial" | "serial8" => return ("bigint".to_owned(), true),
        "float4" | "real" => "real".to_owned(),
        "float8" | "double precision" => "double precision".to_owned(),
        "float" => match modifiers.parse() {
            Ok(bits) if (1..=24).contains(&bits) => "real".to_owned(),
            _ => "double precision".to_owned(),
        },
        "bool" | "boolean" => "boolean".to_owned(),
        "decimal" | "dec" | "numeric" => match modifiers {
            "" => "numeric".to_owned(),
            some if some.contains(',') => format!("numeric({some})"),
            some => format!("numeric({some},0)"),
        },
        "varchar"
        | "character varying"
        | "char varying"
        | "national character varying"
        | "national char varying"
        | "nchar varying" => with("character varying"),
        "char" | "character" | "nchar" | "national character" | "national char" => {
            match modifiers {
                "" => "character(1)".to_owned(),
                some => format!("character({some})"),
            }
        }
        "varbit" | "bit varying" => with("bit varying"),
        "timestamp" | "timestamp without time zone" => stamp("timestamp", "without"),
        "timestamptz" | "timestamp with time zone" => stamp("timestamp", "with"),
        "time" | "time without time zone" => stamp("time", "without"),
        "timetz" | "time with time zone" => stamp("time", "with"),
        other => with(other),
    };
    (name, false)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn types_are_spelled_as_the_catalog_does() {
        for (written, spelled) in [
            ("int4", "integer"),
            ("pg_catalog.int8[]", "bigint[]"),
            ("VARCHAR(20)", "character varying(20)"),
            ("char", "character(1)"),
            ("numeric(10)", "numeric(10,0)"),
            ("decimal(10, 2)", "numeric(10,2)"),
            ("timestamp(3) with time zone", "timestamp(3) with time zone"),
            ("timestamptz", "timestamp with time zone"),
            ("time", "time without time zone"),
            ("float(10)", "real"),
            ("double precision", "double precision"),
            ("bit varying(3)", "bit varying(3)"),
            ("text ARRAY[4]", "text[]"),
            ("public.mood", "mood"),
            ("shop.\"Mood\"", "shop.Mood"),
            ("bigserial", "bigint"),
        ] {
            let text = format!("ALTER TABLE t ADD COLUMN a {written}");
            let parsed = parse(&text);
            assert_eq!(parsed.errors, [], "{written}");
            let column = parsed.statements[0].find(SyntaxKind::ADD_COLUMN).unwrap();
            assert_eq!(data_type(column).unwrap().name, spelled, "{written}");
        }
    }
}
