//! The grammar knows everything that the engine's own cases and plans say.

use std::path::Path;

use seachange_lint::{Direction, File, lint};

const SECTIONS: [&str; 5] = ["previous", "next", "rows", "up", "down"];

#[test]
fn nothing_in_the_engines_cases_is_unreadable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seachange/tests/cases");
    let mut read = 0;
    let mut unread = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for sql in sections(&text) {
            let linted = lint(&File {
                path: "case",
                text: &sql,
                direction: Direction::Up,
                transaction: true,
                before: None,
            });
            read += 1;
            // What DO does stands in a string.
            let odd = linted
                .findings
                .into_iter()
                .find(|it| it.code == "not-read" && !it.message.contains("DO"));
            unread.extend(odd.map(|finding| format!("{}: {finding:?}", path.display())));
        }
    }
    assert!(read > 500, "{read}");
    assert!(unread.is_empty(), "{}", unread.join("\n"));
}

fn sections(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ");
        match name.and_then(|name| name.strip_suffix(" --")) {
            Some(name) => {
                inside = SECTIONS.contains(&name);
                found.extend(inside.then(String::new));
            }
            None => {
                if let Some(section) = found.last_mut().filter(|_| inside) {
                    section.push_str(line);
                }
            }
        }
    }
    found
}
