//! `lib.rs`: which migrations it lists, and adding one. Parsed with syn, changed by byte ranges, so
//! that comments and formatting stay; what comes out is parsed again before it counts.

use std::ops::Range;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ImplItem, Item, Macro, Stmt, Token};

use crate::migrations::version::is_version;

/// What `lib.rs` holds, with the places to add to.
struct Registry {
    /// `mod m…;` and its place.
    modules: Vec<(String, Range<usize>)>,
    /// `Box::new(m…::Migration)` and its place.
    boxes: Vec<(String, Range<usize>)>,
    /// Between the brackets of the `vec!`.
    list: Range<usize>,
    /// Where the first `mod` may go.
    first_module: usize,
}

/// The migrations that `lib.rs` lists, in its order; or why that can't be told.
pub(super) fn registered(source: &str) -> Result<Vec<String>, String> {
    let registry = parse(source)?;
    for (version, _) in &registry.boxes {
        if !registry.modules.iter().any(|(module, _)| module == version) {
            return Err(format!(
                "`{version}` is in the list but has no `mod {version};`"
            ));
        }
    }
    Ok(registry
        .boxes
        .into_iter()
        .map(|(version, _)| version)
        .collect())
}

/// The two lines that list a migration.
pub(super) fn lines(version: &str) -> Vec<String> {
    vec![
        format!("mod {version};"),
        format!("Box::new({version}::Migration),"),
    ]
}

/// `lib.rs` with one more migration; or why it can't be added.
pub(super) fn register(source: &str, version: &str) -> Result<String, String> {
    let before = registered(source)?;
    let registry = parse(source)?;
    // From the back to the front, so that the first change does not move the place of the second.
    let mut edits = vec![
        module_edit(source, &registry, version),
        box_edit(source, &registry, version),
    ];
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut changed = source.to_owned();
    for (range, text) in edits {
        changed.replace_range(range, &text);
    }

    let after = registered(&changed)?;
    let without: Vec<_> = after.iter().filter(|v| *v != version).collect();
    if without.iter().copied().eq(&before) && after.len() == before.len() + 1 {
        Ok(changed)
    } else {
        Err("the list could not be extended without changing the rest".to_owned())
    }
}

/// `lib.rs` without these migrations; or why they can't be taken out.
pub(super) fn without(source: &str, versions: &[String]) -> Result<String, String> {
    let registry = parse(source)?;
    let gone = |(version, _): &&(String, Range<usize>)| versions.contains(version);
    let mut ranges: Vec<Range<usize>> = registry
        .modules
        .iter()
        .filter(gone)
        .map(|(_, range)| whole_line(source, range.clone()))
        .collect();
    ranges.extend(registry.boxes.iter().filter(gone).map(|(_, range)| {
        let rest = &source[range.end..registry.list.end];
        let comma = rest.trim_start().starts_with(',');
        let end = match comma {
            true => registry.list.end - rest.trim_start().len() + 1,
            false => range.end,
        };
        whole_line(source, range.start..end)
    }));
    ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
    let mut changed = source.to_owned();
    for range in ranges {
        changed.replace_range(range, "");
    }
    match registered(&changed)?.iter().any(|it| versions.contains(it)) {
        true => Err("it lists a migration twice".to_owned()),
        false => Ok(changed),
    }
}

/// The lines that a range is alone on, else the range and the blanks behind it.
fn whole_line(source: &str, range: Range<usize>) -> Range<usize> {
    let start = start_of_line(source, range.start);
    let end = source[range.end..]
        .find('\n')
        .map_or(source.len(), |at| range.end + at + 1);
    let alone =
        source[start..range.start].trim().is_empty() && source[range.end..end].trim().is_empty();
    match alone {
        true => start..end,
        false => {
            let rest = &source[range.end..];
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            range.start..range.end + blanks
        }
    }
}

/// `lib.rs` with these migrations, which are all there are, in this order; or why that can't be had.
/// Where a merge left conflict marks, the lines of both sides are kept.
pub(super) fn in_order(source: &str, versions: &[String]) -> Result<String, String> {
    let mut text = without_conflicts(source);
    for version in versions {
        if !registered(&text)?.contains(version) {
            text = register(&text, version)?;
        }
    }
    let registry = parse(&text)?;
    let mut edits = sorted(&text, &registry.modules);
    edits.extend(sorted(&text, &registry.boxes));
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut changed = text.clone();
    for (range, item) in edits {
        changed.replace_range(range, &item);
    }

    let after = parse(&changed)?;
    let names = |items: &[(String, Range<usize>)]| -> Vec<String> {
        items.iter().map(|(version, _)| version.clone()).collect()
    };
    match names(&after.boxes) == versions && names(&after.modules) == versions {
        true => Ok(changed),
        false => Err("it lists a migration twice, or one that is not there".to_owned()),
    }
}

/// Each item's text at the place where it belongs in the order of versions; what stands between the
/// places stays.
fn sorted(source: &str, items: &[(String, Range<usize>)]) -> Vec<(Range<usize>, String)> {
    let mut places: Vec<&Range<usize>> = items.iter().map(|(_, range)| range).collect();
    places.sort_by_key(|range| range.start);
    let mut by_version: Vec<&(String, Range<usize>)> = items.iter().collect();
    by_version.sort_by(|(one, _), (other, _)| one.cmp(other));
    places
        .into_iter()
        .zip(by_version)
        .map(|(place, (_, range))| (place.clone(), source[range.clone()].to_owned()))
        .collect()
}

/// Both sides of every conflict, without git's marks and without what both came from.
fn without_conflicts(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut in_base = false;
    for line in source.split_inclusive('\n') {
        let mark = line.trim_end();
        if line.starts_with("||||||| ") {
            in_base = true;
        } else if mark == "=======" {
            in_base = false;
        } else if !in_base && !line.starts_with("<<<<<<< ") && !line.starts_with(">>>>>>> ") {
            text.push_str(line);
        }
    }
    text
}

fn module_edit(source: &str, registry: &Registry, version: &str) -> (Range<usize>, String) {
    let earlier = registry
        .modules
        .iter()
        .filter(|(module, _)| module.as_str() < version)
        .max_by_key(|(module, _)| module);
    let first = registry.modules.iter().min_by_key(|(_, range)| range.start);
    match (earlier, first) {
        (Some((_, range)), _) => {
            let at = end_of_line(source, range.end);
            (at..at, format!("\nmod {version};"))
        }
        (None, Some((_, range))) => {
            let at = start_of_line(source, range.start);
            (at..at, format!("mod {version};\n"))
        }
        (None, None) => {
            let at = end_of_line(source, registry.first_module);
            (at..at, format!("\n\nmod {version};"))
        }
    }
}

fn box_edit(source: &str, registry: &Registry, version: &str) -> (Range<usize>, String) {
    let list = &source[registry.list.clone()];
    let new = format!("Box::new({version}::Migration)");
    let place = registry
        .boxes
        .iter()
        .rposition(|(listed, _)| listed.as_str() < version)
        .map_or(0, |place| place + 1);

    // All on one line, or nothing yet: spread over lines, as rustfmt would have it.
    if !list.contains('\n') && !list.contains("/*") {
        let indent = indent_of(source, registry.list.start);
        let mut boxes: Vec<&str> = registry
            .boxes
            .iter()
            .map(|(_, range)| &source[range.clone()])
            .collect();
        boxes.insert(place, &new);
        let lines: String = boxes
            .iter()
            .map(|text| format!("\n{indent}    {text},"))
            .collect();
        return (registry.list.clone(), format!("{lines}\n{indent}"));
    }

    match place.checked_sub(1).map(|last| &registry.boxes[last].1) {
        Some(last) => {
            let indent = indent_of(source, last.start);
            let gap = &source[last.end..registry.list.end];
            match gap.find(|char: char| !char.is_whitespace()) {
                Some(comma) if gap[comma..].starts_with(',') => {
                    let at = end_of_line(source, last.end + comma).min(registry.list.end);
                    (at..at, format!("\n{indent}{new},"))
                }
                _ => (last.end..last.end, format!(",\n{indent}{new}")),
            }
        }
        None => {
            let indent = indent_of(source, registry.list.start);
            let at = registry.list.start;
            (at..at, format!("\n{indent}    {new},"))
        }
    }
}

fn parse(source: &str) -> Result<Registry, String> {
    if source.starts_with('\u{feff}') {
        return Err("it starts with a byte order mark".to_owned());
    }
    let file = syn::parse_file(source).map_err(|error| {
        let at = error.span().start();
        format!("line {}: {error}", at.line)
    })?;

    let mut modules = Vec::new();
    let mut first_module = 0;
    let mut list = None;
    for item in &file.items {
        match item {
            Item::Use(item) if modules.is_empty() => {
                first_module = item.span().byte_range().end;
            }
            Item::Mod(item) if is_version(&item.ident.to_string()) => {
                modules.push((item.ident.to_string(), item.span().byte_range()));
            }
            Item::Impl(item) if implements_migrator(item) => {
                let found = migrations_list(item)?;
                if list.replace(found).is_some() {
                    return Err("it holds two migrators".to_owned());
                }
            }
            _ => {}
        }
    }
    let list = list.ok_or("it holds no `impl MigratorTrait for …`")?;
    let inner = list.delimiter.span().join().byte_range();
    let boxes = list
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .map_err(|_| "its `vec!` is not a plain list".to_owned())?
        .iter()
        .map(boxed_migration)
        .collect::<Result<_, _>>()?;
    Ok(Registry {
        modules,
        boxes,
        list: inner.start + 1..inner.end - 1,
        first_module,
    })
}

fn implements_migrator(item: &syn::ItemImpl) -> bool {
    item.trait_.as_ref().is_some_and(|(_, path, _)| {
        path.segments
            .last()
            .is_some_and(|segment| segment.ident == "MigratorTrait")
    })
}

/// The `vec![…]` that `migrations` consists of.
fn migrations_list(item: &syn::ItemImpl) -> Result<&Macro, String> {
    let body = item
        .items
        .iter()
        .find_map(|item| match item {
            ImplItem::Fn(function) if function.sig.ident == "migrations" => Some(&function.block),
            _ => None,
        })
        .ok_or("its migrator has no `fn migrations`")?;
    let list = match body.stmts.as_slice() {
        [Stmt::Expr(Expr::Macro(list), None)] => &list.mac,
        [Stmt::Macro(list)] if list.semi_token.is_none() => &list.mac,
        _ => return Err("`fn migrations` is more than one `vec![…]`".to_owned()),
    };
    if list.path.is_ident("vec") {
        Ok(list)
    } else {
        Err("`fn migrations` is not a `vec![…]`".to_owned())
    }
}

/// The module in `Box::new(module::Migration)`.
fn boxed_migration(expr: &Expr) -> Result<(String, Range<usize>), String> {
    let strange = || "its `vec!` holds something else than `Box::new(…::Migration)`".to_owned();
    let Expr::Call(call) = expr else {
        return Err(strange());
    };
    let (Expr::Path(function), Some(Expr::Path(value))) = (&*call.func, call.args.first()) else {
        return Err(strange());
    };
    let words = |path: &syn::Path| -> Vec<String> {
        path.segments.iter().map(|s| s.ident.to_string()).collect()
    };
    match (
        words(&function.path).as_slice(),
        words(&value.path).as_slice(),
    ) {
        ([of, new], [.., module, _]) if of == "Box" && new == "new" => {
            Ok((module.clone(), expr.span().byte_range()))
        }
        _ => Err(strange()),
    }
}

fn start_of_line(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn end_of_line(source: &str, at: usize) -> usize {
    let end = source[at..].find('\n').map_or(source.len(), |n| at + n);
    if source[..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

fn indent_of(source: &str, at: usize) -> &str {
    let line = &source[start_of_line(source, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

#[cfg(test)]
mod tests;
