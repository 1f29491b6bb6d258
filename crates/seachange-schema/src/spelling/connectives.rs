//! Nested AND and OR. `a BETWEEN 1 AND 2 AND b` is first deparsed as `((a >= 1 AND a <= 2) AND b)`.
//! Read back, the parser takes the left one apart (`makeAndExpr` in PostgreSQL's grammar), and from then
//! on there is one list.

use super::Walk;

/// The text with lists of conditions as they are after one reading; none where they are so already.
pub(super) fn flattened(text: &str) -> Option<String> {
    let mut current = step(text)?;
    while let Some(next) = step(&current) {
        current = next;
    }
    Some(current)
}

/// Takes one inner list apart.
fn step(text: &str) -> Option<String> {
    if !text.contains("((") {
        return None;
    }
    let mut open: Vec<Group> = Vec::new();
    for (at, c) in Walk::new(text) {
        match c {
            '(' => open.push(Group {
                at,
                and: false,
                or: false,
            }),
            ')' => {
                let Some(group) = open.pop() else { continue };
                let word = match (group.and, group.or) {
                    (true, false) => " AND ",
                    (false, true) => " OR ",
                    _ => continue,
                };
                let first = open.last().is_some_and(|outer| outer.at + 1 == group.at);
                if first && text[at + 1..].starts_with(word) {
                    return Some(format!(
                        "{}{}{}",
                        &text[..group.at],
                        &text[group.at + 1..at],
                        &text[at + 1..]
                    ));
                }
            }
            ' ' => {
                if let Some(group) = open.last_mut() {
                    group.and |= text[at..].starts_with(" AND ");
                    group.or |= text[at..].starts_with(" OR ");
                }
            }
            _ => {}
        }
    }
    None
}

/// A pair of parentheses whose end is still to come, and what joins its members.
struct Group {
    at: usize,
    and: bool,
    or: bool,
}

#[cfg(test)]
mod tests {
    use super::flattened;

    #[test]
    fn the_left_list_is_taken_apart() {
        assert_eq!(
            flattened("CHECK ((((a >= 1) AND (a <= 2)) AND (b = ' AND ('::text)))").as_deref(),
            Some("CHECK (((a >= 1) AND (a <= 2) AND (b = ' AND ('::text)))")
        );
        assert_eq!(
            flattened("((((a) OR (b)) OR (c)) OR (d))").as_deref(),
            Some("((a) OR (b) OR (c) OR (d))")
        );
    }

    #[test]
    fn what_is_grouped_otherwise_stays() {
        for text in [
            "((a) AND ((b) AND (c)))",
            "(((a) OR (b)) AND (c))",
            "f((a AND b), c)",
            "((a)::mood AND b)",
        ] {
            assert_eq!(flattened(text), None);
        }
    }
}
