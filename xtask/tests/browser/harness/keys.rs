//! Keys by their names: `Enter`, `Control+K`, `Shift+ArrowDown`, `a`.

use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};

/// Name, number, and what it writes.
const NAMED: [(&str, i64, Option<&str>); 16] = [
    ("Enter", 13, Some("\r")),
    ("Escape", 27, None),
    ("Tab", 9, None),
    ("Backspace", 8, None),
    ("Delete", 46, None),
    ("ArrowLeft", 37, None),
    ("ArrowUp", 38, None),
    ("ArrowRight", 39, None),
    ("ArrowDown", 40, None),
    ("Home", 36, None),
    ("End", 35, None),
    ("PageUp", 33, None),
    ("PageDown", 34, None),
    ("F2", 113, None),
    ("Space", 32, Some(" ")),
    ("Plus", 187, Some("+")),
];
const MODIFIERS: [(&str, i64); 4] = [("Alt", 1), ("Control", 2), ("Meta", 4), ("Shift", 8)];

/// As events say which are held.
pub(super) fn modifier(name: &str) -> i64 {
    let found = MODIFIERS.iter().find(|(modifier, _)| *modifier == name);
    found.unwrap_or_else(|| panic!("`{name}` is no modifier")).1
}

/// What the browser gets when a key goes down and up.
pub(super) fn stroke(words: &str) -> [DispatchKeyEventParams; 2] {
    let mut modifiers = 0;
    let mut name = words;
    while let Some((first, rest)) = name.split_once('+').filter(|(_, rest)| !rest.is_empty()) {
        modifiers |= modifier(first);
        name = rest;
    }
    let found = NAMED.iter().find(|(named, ..)| *named == name);
    let (key, number, text) = match found {
        Some((named, number, text)) => {
            let writes_itself = text.filter(|text| *text != "\r");
            (
                writes_itself.unwrap_or(named).to_owned(),
                *number,
                text.map(str::to_owned),
            )
        }
        None => {
            let sign = name.chars().next().unwrap();
            assert_eq!(sign.len_utf8(), name.len(), "`{name}` is no key");
            // The numbers of other signs are those of other keys: 46 is Delete, and not the full stop.
            let number = match sign.is_ascii_alphanumeric() {
                true => i64::from(u32::from(sign.to_ascii_uppercase())),
                false => 0,
            };
            (name.to_owned(), number, Some(name.to_owned()))
        }
    };
    // With Control nothing is written.
    let text = text.filter(|_| modifiers & 7 == 0 || key == "Enter");
    let event = |kind, text: Option<String>| {
        let mut event = DispatchKeyEventParams::new(kind);
        event.modifiers = Some(modifiers);
        event.key = Some(key.clone());
        event.code = found.map(|(named, ..)| (*named).to_owned());
        event.windows_virtual_key_code = Some(number);
        // What a field does with Control+A is the browser's own.
        if modifiers == 2 && key.eq_ignore_ascii_case("a") && text.is_none() {
            event.commands = Some(vec!["selectAll".to_owned()]);
        }
        event.text.clone_from(&text);
        event.unmodified_text = text;
        event
    };
    let down = match text {
        Some(_) => DispatchKeyEventType::KeyDown,
        None => DispatchKeyEventType::RawKeyDown,
    };
    [event(down, text), event(DispatchKeyEventType::KeyUp, None)]
}
