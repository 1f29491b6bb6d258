//! Values as COPY's text format has them (PostgreSQL manual, "COPY", "Text Format").

use std::fmt::Write;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use sea_orm::Value;

/// A value of a type that is not written here yet.
#[derive(Debug)]
pub(super) struct Unwritten {
    /// Of the variant: `Range`.
    pub(super) kind: String,
}

/// Appends a value; NULL is `\N`.
pub(super) fn value(value: &Value, to: &mut String) -> Result<(), Unwritten> {
    if !written(value, to, escaped)? {
        to.push_str("\\N");
    }
    Ok(())
}

/// Appends text as it is within a field.
type Text = fn(&str, &mut String);

/// False where the value is NULL.
fn written(value: &Value, to: &mut String, text: Text) -> Result<bool, Unwritten> {
    macro_rules! display {
        ($value:expr) => {
            $value.map(|value| write!(to, "{value}")).is_some()
        };
    }
    macro_rules! with {
        ($value:expr, $write:expr) => {
            $value.as_ref().map(|value| $write(value, to)).is_some()
        };
    }
    Ok(match value {
        Value::Bool(value) => with!(value, |value: &bool, to: &mut String| to.push(if *value {
            't'
        } else {
            'f'
        })),
        Value::TinyInt(value) => display!(value),
        Value::SmallInt(value) => display!(value),
        Value::Int(value) => display!(value),
        Value::BigInt(value) => display!(value),
        Value::TinyUnsigned(value) => display!(value),
        Value::SmallUnsigned(value) => display!(value),
        Value::Unsigned(value) => display!(value),
        Value::BigUnsigned(value) => display!(value),
        // Rust writes the shortest text that reads back as the same number, and NaN and inf as PostgreSQL
        // reads them.
        Value::Float(value) => display!(value),
        Value::Double(value) => display!(value),
        Value::Decimal(value) => display!(value),
        Value::Uuid(value) => with!(value, |value: &uuid::Uuid, to: &mut String| to
            .push_str(value.hyphenated().encode_lower(&mut [0; 36]))),
        Value::String(value) => with!(value, |value: &String, to: &mut String| text(value, to)),
        Value::Char(value) => with!(value, |value: &char, to: &mut String| text(
            value.encode_utf8(&mut [0; 4]),
            to
        )),
        Value::Enum(value) => match enum_label(value) {
            Some(label) => {
                text(label, to);
                true
            }
            None => false,
        },
        Value::Bytes(value) => with!(value, |value: &Vec<u8>, to: &mut String| {
            let mut hex = String::with_capacity(2 + 2 * value.len());
            hex.push_str("\\x");
            for byte in value {
                let _ = write!(hex, "{byte:02x}");
            }
            text(&hex, to);
        }),
        Value::Json(value) => with!(value, |value: &serde_json::Value, to: &mut String| text(
            &value.to_string(),
            to
        )),
        Value::ChronoDate(value) => with!(value, date),
        Value::ChronoTime(value) => with!(value, time),
        Value::ChronoDateTime(value) => with!(value, |value: &NaiveDateTime, to: &mut String| {
            moment(*value, "", to);
        }),
        Value::ChronoDateTimeUtc(value) => {
            with!(value, |value: &chrono::DateTime<_>, to: &mut _| {
                moment(value.naive_utc(), "+00", to);
            })
        }
        Value::ChronoDateTimeLocal(value) => {
            with!(value, |value: &chrono::DateTime<_>, to: &mut _| {
                moment(value.naive_utc(), "+00", to);
            })
        }
        Value::ChronoDateTimeWithTimeZone(value) => {
            with!(value, |value: &chrono::DateTime<_>, to: &mut _| {
                moment(value.naive_utc(), "+00", to);
            })
        }
        Value::Array(_, values) => match values {
            Some(values) => {
                let mut array = String::new();
                elements(values, &mut array)?;
                text(&array, to);
                true
            }
            None => false,
        },
        other => {
            let debug = format!("{other:?}");
            let kind = debug.split('(').next().unwrap_or(&debug).to_owned();
            return Err(Unwritten { kind });
        }
    })
}

/// The label alone; sea-query keeps its type's name beside it.
fn enum_label(value: &sea_orm::sea_query::OptionEnum) -> Option<&str> {
    use sea_orm::sea_query::OptionEnum;
    match value {
        OptionEnum::Some(value) => Some(value.value.as_ref()),
        OptionEnum::None(_) => None,
    }
}

/// An array's text: `{"a","b",NULL}`.
fn elements(values: &[Value], to: &mut String) -> Result<(), Unwritten> {
    to.push('{');
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            to.push(',');
        }
        if let Value::Array(_, Some(inner)) = value {
            elements(inner, to)?;
            continue;
        }
        let mut element = String::new();
        match written(value, &mut element, |text, to| to.push_str(text))? {
            true => {
                to.push('"');
                for character in element.chars() {
                    if matches!(character, '"' | '\\') {
                        to.push('\\');
                    }
                    to.push(character);
                }
                to.push('"');
            }
            false => to.push_str("NULL"),
        }
    }
    to.push('}');
    Ok(())
}

fn escaped(text: &str, to: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        to.push_str(&rest[..at]);
        to.push_str(match rest.as_bytes()[at] {
            b'\t' => "\\t",
            b'\n' => "\\n",
            b'\r' => "\\r",
            _ => "\\\\",
        });
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}

fn date(date: &NaiveDate, to: &mut String) {
    let (common_era, year) = date.year_ce();
    let _ = write!(to, "{year:04}-{:02}-{:02}", date.month(), date.day());
    if !common_era {
        to.push_str(" BC");
    }
}

fn time(time: &NaiveTime, to: &mut String) {
    let _ = write!(
        to,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    );
    // A leap second is chrono's 59th with more than 1,000,000,000 ns; PostgreSQL has none.
    let micros = (time.nanosecond() / 1000).min(999_999);
    if micros > 0 {
        let _ = write!(to, ".{micros:06}");
    }
}

/// With `BC` behind the zone, where PostgreSQL looks for it.
fn moment(moment: NaiveDateTime, zone: &str, to: &mut String) {
    let (common_era, year) = moment.year_ce();
    let (month, day) = (moment.month(), moment.day());
    let _ = write!(to, "{year:04}-{month:02}-{day:02} ");
    time(&moment.time(), to);
    to.push_str(zone);
    if !common_era {
        to.push_str(" BC");
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Value;
    use sea_orm::sea_query::ArrayType;

    fn text(value: impl Into<Value>) -> String {
        let mut text = String::new();
        super::value(&value.into(), &mut text).unwrap();
        text
    }

    #[test]
    fn what_copy_gives_a_meaning_is_escaped() {
        assert_eq!(text("a\tb\nc\rd\\e"), r"a\tb\nc\rd\\e");
        assert_eq!(text(r"\N"), r"\\N");
        assert_eq!(text(r"\."), r"\\.");
        assert_eq!(text(None::<String>), r"\N");
        assert_eq!(text(""), "");
        assert_eq!(text(vec![0xde_u8, 0xad]), r"\\xdead");
    }

    #[test]
    fn arrays_are_quoted_before_they_are_escaped() {
        let values = vec![
            Value::from("a\"b\\c"),
            Value::from(None::<String>),
            Value::from(""),
            Value::from("NULL"),
        ];
        let array = Value::Array(ArrayType::String, Some(Box::new(values)));
        assert_eq!(text(array), r#"{"a\\"b\\\\c",NULL,"","NULL"}"#);
    }

    #[test]
    fn moments_before_christ_say_so() {
        let date = chrono::NaiveDate::from_ymd_opt(0, 1, 2).unwrap();
        assert_eq!(text(date), "0001-01-02 BC");
        let moment = date.and_hms_micro_opt(3, 4, 5, 6).unwrap().and_utc();
        assert_eq!(text(moment), "0001-01-02 03:04:05.000006+00 BC");
    }
}
