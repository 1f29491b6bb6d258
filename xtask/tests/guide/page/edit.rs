//! An edit as a page shows it: lines that stay, go and come, without their numbers.

/// The text with every place of the edit changed; or why that is not clear.
pub(super) fn apply(text: &str, edit: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    for place in edit.split("@@\n") {
        text = change(&text, place)?;
    }
    Ok(text)
}

fn change(text: &str, place: &str) -> Result<String, String> {
    let (mut old, mut new) = (String::new(), String::new());
    for line in place.lines() {
        let (sides, rest) = match line.split_at_checked(1) {
            Some(("-", rest)) => ((true, false), rest),
            Some(("+", rest)) => ((false, true), rest),
            Some((" ", rest)) => ((true, true), rest),
            // Editors take the blanks off an empty line.
            None => ((true, true), ""),
            Some(_) => return Err(format!("`{line}` begins with none of ` `, `-` and `+`")),
        };
        for (wanted, side) in [(sides.0, &mut old), (sides.1, &mut new)] {
            if wanted {
                *side += rest;
                side.push('\n');
            }
        }
    }
    if old == new {
        return Err(format!("nothing changes in\n{place}"));
    }
    // From the begin of a line.
    let places: Vec<usize> = (text.match_indices(&old))
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'))
        .collect();
    match (old.is_empty(), &places[..]) {
        (true, _) => Err("an edit needs a line that stays or goes".to_owned()),
        (false, [at]) => Ok(format!("{}{new}{}", &text[..*at], &text[at + old.len()..])),
        (false, places) => Err(format!(
            "these lines stand there {} times:\n{old}",
            places.len()
        )),
    }
}
