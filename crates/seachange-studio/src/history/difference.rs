//! Two texts of SQL side by side, line by line.

use maud::{Markup, html};
use similar::{ChangeTag, DiffOp, TextDiff};

/// The lines around a difference that are shown with it.
const AROUND: usize = 4;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Differences,
    Whole,
}

/// A line of the two, if both have one there.
struct Pair<'a> {
    old: Option<(usize, &'a str)>,
    new: Option<(usize, &'a str)>,
    differs: bool,
}

/// The two texts under these titles.
pub(super) fn sides(titles: [&str; 2], old: &str, new: &str, extent: Extent) -> Markup {
    let difference = TextDiff::from_lines(old, new);
    let groups = match extent {
        Extent::Whole => vec![difference.ops().to_vec()],
        Extent::Differences => difference.grouped_ops(AROUND),
    };
    if old == new && extent == Extent::Differences {
        return html! { p.empty { "Both are the same." } };
    }
    html! {
        div.scroll { table.sides {
            colgroup { @for _ in titles { col.line; col; } }
            thead { tr { @for title in titles { th colspan="2" scope="col" { (title) } } } }
            @for group in &groups {
                tbody {
                    @if let Some(skipped) = skipped(group, extent) {
                        tr.fold { td colspan="4" { "… from line " (skipped) } }
                    }
                    @for pair in pairs(&difference, group) { (row(&pair)) }
                }
            }
        } }
    }
}

/// The line that a group begins at, where something stands before it that is not shown.
fn skipped(group: &[DiffOp], extent: Extent) -> Option<usize> {
    let start = group.first()?.new_range().start;
    (extent == Extent::Differences && start > 0).then_some(start + 1)
}

fn pairs<'a>(difference: &'a TextDiff<'a, 'a, str>, group: &[DiffOp]) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    for op in group {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for change in difference.iter_changes(op) {
            let line = change.value().trim_end_matches('\n');
            if let (ChangeTag::Equal | ChangeTag::Delete, Some(at)) =
                (change.tag(), change.old_index())
            {
                old.push((at + 1, line));
            }
            if let (ChangeTag::Equal | ChangeTag::Insert, Some(at)) =
                (change.tag(), change.new_index())
            {
                new.push((at + 1, line));
            }
        }
        let differs = !matches!(op, DiffOp::Equal { .. });
        for at in 0..old.len().max(new.len()) {
            pairs.push(Pair {
                old: old.get(at).copied(),
                new: new.get(at).copied(),
                differs,
            });
        }
    }
    pairs
}

fn row(pair: &Pair<'_>) -> Markup {
    let side = |line: Option<(usize, &str)>, class: &'static str| {
        let class = (pair.differs && line.is_some()).then_some(class);
        html! {
            td.line { @if let Some((number, _)) = line { (number) } }
            td class=[class] { @if let Some((_, text)) = line { (text) } }
        }
    };
    html! { tr { (side(pair.old, "removed")) (side(pair.new, "added")) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_stands_side_by_side() {
        let (old, new) = ("a\nb\nc\n", "a\nB\nc\nd\n");
        let shown = sides(["before", "after"], old, new, Extent::Differences).into_string();
        assert!(
            shown.contains(
                r#"<td class="removed">b</td><td class="line">2</td><td class="added">B</td>"#
            ),
            "{shown}"
        );
        assert!(
            shown.contains(
                r#"<td class="line"></td><td></td><td class="line">4</td><td class="added">d</td>"#
            ),
            "{shown}"
        );
    }

    #[test]
    fn what_is_the_same_is_left_out_unless_all_is_wanted() {
        let old: String = (1..=40).map(|number| format!("line {number}\n")).collect();
        let new = old.replace("line 30\n", "line thirty\n");
        let short = sides(["", ""], &old, &new, Extent::Differences).into_string();
        assert!(
            short.contains("from line 26") && !short.contains("line 10<"),
            "{short}"
        );
        let whole = sides(["", ""], &old, &new, Extent::Whole).into_string();
        assert!(
            whole.contains("line 10<") && !whole.contains("from line"),
            "{whole}"
        );
        assert!(
            sides(["", ""], &old, &old, Extent::Differences)
                .into_string()
                .contains("the same")
        );
    }
}
