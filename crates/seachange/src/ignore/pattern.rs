//! A name in which `*` stands for any text, also for none.

/// Whether the whole of `text` is what the pattern says.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        // No star: nothing may be left.
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text) in [
            ("users", "users"),
            ("*", ""),
            ("*", "anything"),
            ("tmp_*", "tmp_"),
            ("*.idx_manual_*", "public.idx_manual_a"),
            ("a*b*c", "a-b-b-c"),
            ("a*a", "aa"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("users", "users2"),
            ("users", "user"),
            ("tmp_*", "a_tmp_b"),
            ("a*a", "a"),
            ("a*b*c", "a-c-b"),
            ("*.x", "x"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
