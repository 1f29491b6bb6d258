//! A row as a line of a file: CSV as COPY reads it, JSON, or INSERT.

use axum::http::HeaderValue;
use seachange_schema::literal;

use crate::data::Text;

/// What a file is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
    Sql,
}

/// One column of a file.
pub(super) struct Field {
    pub(super) name: String,
    /// As an identifier.
    pub(super) quoted: String,
    /// Whether its text is JSON already: a number, a truth value, a document.
    pub(super) json: bool,
}

/// Writes rows one after the other.
pub(super) struct Writer {
    pub(super) format: Format,
    pub(super) fields: Vec<Field>,
    /// Behind INSERT INTO.
    pub(super) into: String,
    written: u64,
}

impl Format {
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "sql" => Some(Self::Sql),
            _ => None,
        }
    }

    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Sql => "sql",
        }
    }

    pub(super) fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Sql => "application/sql; charset=utf-8",
        })
    }
}

impl Writer {
    pub(super) fn new(format: Format, fields: Vec<Field>, into: String) -> Self {
        Self {
            format,
            fields,
            into,
            written: 0,
        }
    }

    pub(super) fn begin(&self) -> String {
        match self.format {
            Format::Csv => {
                let names: Vec<String> = self.fields.iter().map(|it| csv(&it.name)).collect();
                names.join(",") + "\n"
            }
            Format::Json => "[".to_owned(),
            Format::Sql => String::new(),
        }
    }

    pub(super) fn row(&mut self, values: &[Text], out: &mut String) {
        match self.format {
            Format::Csv => {
                // An empty field is NULL, as COPY reads it; an empty text has quotes.
                let values: Vec<String> = (values.iter())
                    .map(|value| value.as_deref().map(csv).unwrap_or_default())
                    .collect();
                out.push_str(&values.join(","));
                out.push('\n');
            }
            Format::Json => {
                out.push_str(if self.written == 0 { "\n{" } else { ",\n{" });
                for (at, (field, value)) in self.fields.iter().zip(values).enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(&string(&field.name));
                    out.push_str(": ");
                    match value {
                        None => out.push_str("null"),
                        Some(text) if field.json => out.push_str(&as_json(text)),
                        Some(text) => out.push_str(&string(text)),
                    }
                }
                out.push('}');
            }
            Format::Sql => {
                let names: Vec<&str> = self.fields.iter().map(|it| it.quoted.as_str()).collect();
                let values: Vec<String> = (values.iter())
                    .map(|value| value.as_deref().map_or_else(|| "NULL".to_owned(), literal))
                    .collect();
                out.push_str(&format!(
                    "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({});\n",
                    self.into,
                    names.join(", "),
                    values.join(", ")
                ));
            }
        }
        self.written += 1;
    }

    pub(super) fn end(&self) -> &'static str {
        match self.format {
            Format::Json => "\n]\n",
            Format::Csv | Format::Sql => "",
        }
    }
}

/// A field of CSV (RFC 4180).
fn csv(text: &str) -> String {
    let marks = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    let plain =
        !text.is_empty() && !text.bytes().any(marks) && text.trim() == text && text != "\\.";
    match plain {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// PostgreSQL writes truth as `t` and `f`, and knows numbers that JSON does not.
fn as_json(text: &str) -> String {
    match text {
        "t" => "true".to_owned(),
        "f" => "false".to_owned(),
        "NaN" | "Infinity" | "-Infinity" => string(text),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, rows: &[&[Option<&str>]]) -> String {
        let field = |name: &str, json| Field {
            name: name.to_owned(),
            quoted: format!("\"{name}\""),
            json,
        };
        let mut writer = Writer::new(
            format,
            vec![field("a", true), field("b,\"", false)],
            "\"s\".\"t\"".to_owned(),
        );
        let mut out = writer.begin();
        for row in rows {
            let values: Vec<Text> = row.iter().map(|it| it.map(str::to_owned)).collect();
            writer.row(&values, &mut out);
        }
        out + writer.end()
    }

    #[test]
    fn null_and_empty_stay_apart() {
        let rows: &[&[_]] = &[
            &[Some("1"), None],
            &[None, Some("")],
            &[Some("t"), Some("x\"y\nz")],
        ];
        assert_eq!(
            written(Format::Csv, rows),
            "a,\"b,\"\"\"\n1,\n,\"\"\nt,\"x\"\"y\nz\"\n"
        );
        assert_eq!(
            written(Format::Json, rows),
            "[\n{\"a\": 1, \"b,\\\"\": null},\n{\"a\": null, \"b,\\\"\": \"\"},\n{\"a\": true, \"b,\\\"\": \"x\\\"y\\nz\"}\n]\n"
        );
        assert_eq!(written(Format::Json, &[]), "[\n]\n");
        assert!(
            written(Format::Sql, &[&[None, Some("it's")]]).ends_with("VALUES (NULL, 'it''s');\n")
        );
    }

    #[test]
    fn numbers_that_json_lacks_are_texts() {
        let rows: &[&[_]] = &[&[Some("NaN"), None]];
        assert!(written(Format::Json, rows).contains("\"a\": \"NaN\""));
    }
}
