//! Names that Rust can bear, for names that PostgreSQL can.

use std::collections::BTreeSet;

/// Keywords, with those that the edition keeps for later.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// These can't be written raw.
const SPECIAL: &[&str] = &["crate", "self", "super", "_"];

/// Names that an entity's module has anyway.
const TAKEN_TYPES: &[&str] = &[
    "Entity",
    "Model",
    "ModelEx",
    "ActiveModel",
    "ActiveModelEx",
    "Column",
    "Relation",
    "PrimaryKey",
    "RelatedEntity",
    "String",
    "Option",
    "Vec",
    "Self",
    "Uuid",
    "Json",
    "Date",
    "Time",
    "DateTime",
    "DateTimeUtc",
    "Decimal",
    "BigDecimal",
    "Expr",
    "BelongsTo",
    "HasMany",
    "HasOne",
    "Iden",
    "Condition",
    "Iterable",
    "Index",
    "Box",
    "Result",
    "Linked",
    "Related",
    "Select",
    "Value",
    "Ok",
    "Err",
    "Some",
    "None",
];

/// In snake case: `createdAt` and `Created At` are `created_at`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            snake.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        let c = if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        };
        if c != '_' || !(snake.is_empty() || snake.ends_with('_')) {
            snake.push(c);
        }
    }
    let snake = snake.trim_end_matches('_');
    match snake.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{snake}"),
        Some(_) if SPECIAL.contains(&snake) => format!("{snake}_column"),
        Some(_) => snake.to_owned(),
    }
}

/// In camel case, as SeaORM makes a variant of a field that [`snake`] made.
pub(super) fn camel(snake: &str) -> String {
    let mut camel = String::new();
    for word in snake.split('_') {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|c| c.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}

/// A field as it is written.
pub(super) fn raw(name: &str) -> String {
    match KEYWORDS.contains(&name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    }
}

/// Of a file and its module: no keyword.
pub(super) fn module(name: &str) -> String {
    let name = snake(name);
    match KEYWORDS.contains(&name.as_str()) || ["enums", "entity"].contains(&name.as_str()) {
        true => format!("{name}_"),
        false => name,
    }
}

/// Of an enum's type.
pub(super) fn type_name(name: &str) -> String {
    let name = camel(&snake(name));
    match TAKEN_TYPES.contains(&name.as_str()) {
        true => format!("{name}Type"),
        false => name,
    }
}

/// Of an enum's variant.
pub(super) fn variant(name: &str) -> String {
    let name = camel(&snake(name));
    match name == "Self" {
        true => "SelfValue".to_owned(),
        false => name,
    }
}

/// Of a relation: SeaORM makes camel case of it once more, which keeps no single letter apart.
pub(super) fn relation(snake: &str) -> String {
    let mut merged = String::new();
    let mut single = false;
    for word in snake.split('_') {
        if !(merged.is_empty() || single || word.len() == 1) {
            merged.push('_');
        }
        merged.push_str(word);
        single = word.len() == 1;
    }
    variant(&merged)
}

/// The name with a number behind it where it is taken, by what `key` makes of it.
pub(super) fn free(
    name: String,
    taken: &mut BTreeSet<String>,
    key: impl Fn(&str) -> String,
) -> String {
    let mut numbered = name.clone();
    let mut number = 2;
    while !taken.insert(key(&numbered)) {
        numbered = format!("{name}_{number}");
        number += 1;
    }
    numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_snake_case() {
        for (name, expected) in [
            ("created_at", "created_at"),
            ("createdAt", "created_at"),
            ("Created At", "created_at"),
            ("HTTPServer", "httpserver"),
            ("line1", "line1"),
            ("2fa", "n2fa"),
            ("self", "self_column"),
            ("größe", "gr_e"),
            ("_hidden_", "hidden"),
            ("---", "unnamed"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn keywords_and_collisions_are_told_apart() {
        assert_eq!(raw("type"), "r#type");
        assert_eq!(raw("kind"), "kind");
        assert_eq!(module("type"), "type_");
        assert_eq!(module("enums"), "enums_");
        assert_eq!(type_name("model"), "ModelType");
        assert_eq!(variant("in-progress"), "InProgress");
        assert_eq!(relation("author"), "Author");
        assert_eq!(relation("user_by_x_y"), "UserByxy");
        let mut taken = BTreeSet::new();
        assert_eq!(free("a1".into(), &mut taken, camel), "a1");
        assert_eq!(free("a_1".into(), &mut taken, camel), "a_1_2");
    }
}
