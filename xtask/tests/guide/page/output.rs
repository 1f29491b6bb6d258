//! Whether a command prints what stands on the page: times, durations and ports are another machine's.

/// Digits in these shapes are any digits.
const SHAPES: [&str; 3] = ["0000-00-00", "00:00:00", "m00000000_000000_"];

/// Whether output is what was expected of it.
pub(super) fn same(expected: &str, printed: &str) -> bool {
    let (expected, printed) = (masked(expected), masked(printed));
    lines_match(&lasting(&expected), &lasting(&printed))
}

/// Without what is said only where a build takes long.
fn lasting(text: &str) -> Vec<&str> {
    let lines = text.trim_end().lines().map(str::trim_end);
    lines
        .filter(|line| !(line.starts_with("building the ") && line.ends_with(" …")))
        .collect()
}

fn lines_match(expected: &[&str], printed: &[&str]) -> bool {
    match (expected, printed) {
        ([], []) => true,
        (["…", rest @ ..], _) => (0..=printed.len()).any(|at| lines_match(rest, &printed[at..])),
        ([one, rest @ ..], [line, others @ ..]) => {
            line_matches(one, line) && lines_match(rest, others)
        }
        _ => false,
    }
}

fn line_matches(expected: &str, line: &str) -> bool {
    match expected.split_once('…') {
        None => expected == line,
        Some((before, after)) => line.strip_prefix(before).is_some_and(|rest| {
            let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.any(|at| line_matches(after, &rest[at..]))
        }),
    }
}

/// With the same text in place of all that differs from run to run.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_digit = masked.ends_with(|it: char| it.is_ascii_digit());
        if !after_digit && let Some(length) = of_shape(rest) {
            masked.extend(rest[..length].chars().map(zero));
            rest = &rest[length..];
        } else if !after_digit && let Some((number, unit)) = duration(rest) {
            masked += "1 ms";
            rest = &rest[number + unit..];
        } else if let Some(host) = ["127.0.0.1:", "localhost:"]
            .iter()
            .find(|host| rest.starts_with(**host))
        {
            masked += host;
            masked.push('0');
            rest = rest[host.len()..].trim_start_matches(|it: char| it.is_ascii_digit());
        } else {
            masked.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    masked
}

fn of_shape(rest: &str) -> Option<usize> {
    let fits = |shape: &&str| {
        let begin = rest.get(..shape.len());
        begin.is_some_and(|begin| begin.chars().map(zero).eq(shape.chars()))
    };
    SHAPES.into_iter().find(fits).map(str::len)
}

fn zero(letter: char) -> char {
    if letter.is_ascii_digit() { '0' } else { letter }
}

/// `17 ms`, `1.25 s`: the lengths of the number and of what follows it.
fn duration(rest: &str) -> Option<(usize, usize)> {
    let number = rest
        .find(|it: char| !it.is_ascii_digit() && it != '.')
        .unwrap_or(rest.len());
    let behind = &rest[number..];
    let unit = [" ms", " s"].into_iter().find(|unit| {
        let after = behind.strip_prefix(unit);
        after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    })?;
    (rest.starts_with(|it: char| it.is_ascii_digit())).then_some((number, unit.len()))
}
