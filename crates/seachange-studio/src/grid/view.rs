//! The grid as HTML: what narrows it down, the rows, and the way on.

use maud::{Markup, html};

use super::address::{Address, Direction, SIZES, Sort};
use super::cell::{Cell, shown};
use super::fetch::{Page, Row, columns};
use super::filter::{Filter, Operator};
use crate::answer::Refusal;
use crate::data::{Column, Editor, ForeignKey, Kind, Relation, RowKey};
use crate::diagram::neighbourhood;
use crate::page::{count, encode, failure};
use crate::settings::Access;
use crate::tables;

pub(super) fn grid(
    relation: &Relation,
    address: &Address,
    page: Result<Page, Refusal>,
    access: Access,
) -> Markup {
    html! {
        (head(relation, access))
        (narrowing(relation, address, access))
        @match page {
            Ok(page) => {
                (rows(relation, address, &page, access))
                (ways(address, &page))
            }
            Err(refusal) => { (failure(&refusal)) }
        }
    }
}

fn head(relation: &Relation, access: Access) -> Markup {
    html! {
        div.bar {
            h1 { (relation.name.plain()) }
            span.faint { (relation.kind.word()) }
            @if let Some(rows) = relation.rows {
                span.faint title="As of the last ANALYZE" { "≈ " (count(rows)) " rows" }
            }
            button.quiet type="button" data-count=(format!(
                "/api/count/{}/{}",
                encode(relation.name.schema.as_str()),
                encode(relation.name.name.as_str())
            )) { "count" }
            @if matches!(relation.kind, Kind::Table | Kind::Partitioned) {
                a href=(neighbourhood(&relation.name)) title="This table and what it is joined with" { "diagram" }
            }
            @if is_editable(relation, access) {
                button type="button" data-insert { "Insert a row" }
            }
        }
        @if let Some(comment) = &relation.comment { p.comment { (comment) } }
    }
}

/// Filters that are set, and forms that set more; they work without any module.
fn narrowing(relation: &Relation, address: &Address, access: Access) -> Markup {
    let condition = address.condition.as_deref().unwrap_or_default();
    html! {
        div.narrowing {
            @for (at, filter) in address.filters.iter().enumerate() {
                a.chip href=(address.with(|it| { it.filters.remove(at); })) title="Take this filter away" {
                    (described(filter)) " ✕"
                }
            }
            @if address.condition.is_some() {
                a.chip href=(address.with(|it| it.condition = None)) title="Take this condition away" {
                    "WHERE " code { (condition) } " ✕"
                }
            }
            details.menu #filter {
                summary { "Filter" }
                form method="get" action=(address.path()) data-filters {
                    (carried(address, &[]))
                    select name="column" aria-label="Column" {
                        @for column in &relation.columns {
                            option value=(column.name.as_str()) data-editor=(editor(column))
                                data-operators=(operators(column))
                                data-labels=[labels(column)] { (column.name.as_str()) }
                        }
                    }
                    select name="operator" aria-label="What is asked" {
                        @for operator in Operator::ALL { option value=(operator.word()) { (operator.shown()) } }
                    }
                    span data-values {
                        input name="value" aria-label="Value" autocomplete="off";
                        input name="upto" aria-label="Up to" autocomplete="off";
                    }
                    button { "Add" }
                }
            }
            details.menu #where {
                summary { "WHERE" }
                form method="get" action=(address.path()) {
                    (carried(address, &["where"]))
                    textarea name="where" rows="2" cols="48" spellcheck="false" aria-label="A condition in SQL"
                        placeholder="a condition in SQL" { (condition) }
                    button { "Apply" }
                }
            }
            details.menu #columns {
                summary { "Columns" @if let Some(shown) = &address.shown { " " (shown.len()) "/" (relation.columns.len()) } }
                form method="get" action=(address.path()) data-columns {
                    (carried(address, &["show"]))
                    (choices(relation, address))
                    button { "Show" }
                    a href=(address.with(|it| it.shown = None)) { "all" }
                }
            }
            details.menu #export {
                summary { "Export" }
                div {
                    @for format in ["csv", "json", "sql"] {
                        a href=(exported(address, format)) download { (format.to_uppercase()) }
                    }
                    @if is_editable(relation, access) {
                        a href=(format!("{}/import", address.path())) { "Import CSV" }
                    }
                }
            }
            details.menu {
                summary { (address.size) " a page" }
                div {
                    @for size in SIZES {
                        a href=(address.with(|it| it.size = size)) aria-current=[(size == address.size).then_some("true")] { (size) }
                    }
                }
            }
        }
    }
}

/// All rows that the filters leave, in their order.
fn exported(address: &Address, format: &str) -> String {
    let all = address.at(super::address::From::Start).here();
    let query = all.strip_prefix(address.path()).unwrap_or_default();
    format!("{}/export/{format}{query}", address.path())
}

/// The shown ones first, in their order; a module lets them be dragged.
fn choices(relation: &Relation, address: &Address) -> Markup {
    let shown = columns(relation, address);
    let others = relation.columns.iter().filter(|it| !shown.contains(it));
    html! {
        ul.choices {
            @for (column, on) in shown.iter().copied().map(|it| (it, true)).chain(others.map(|it| (it, false))) {
                li {
                    label {
                        input type="checkbox" name="show" value=(column.name.as_str()) checked[on];
                        (column.name.as_str())
                    }
                    button.quiet type="button" data-move="up" aria-label=(format!("Move {} before", column.name.as_str())) { "↑" }
                    button.quiet type="button" data-move="down" aria-label=(format!("Move {} behind", column.name.as_str())) { "↓" }
                }
            }
        }
    }
}

fn carried(address: &Address, but: &[&str]) -> Markup {
    html! {
        @for (name, value) in address.pairs() {
            @if !but.contains(&name) && !["after", "before", "last"].contains(&name) {
                input type="hidden" name=(name) value=(value);
            }
        }
    }
}

fn rows(relation: &Relation, address: &Address, page: &Page, access: Access) -> Markup {
    let columns = columns(relation, address);
    let editable = is_editable(relation, access);
    html! {
        div.scroll {
            table.grid #grid data-schema=(relation.name.schema.as_str()) data-table=(relation.name.name.as_str())
                data-editable=[editable.then_some("yes")] {
                thead { tr {
                    th.mark scope="col" { span.hidden { "Row" } }
                    @for column in &columns { (heading(relation, address, column)) }
                } }
                tbody {
                    @for row in &page.rows { (line(relation, &columns, row)) }
                }
            }
        }
        @if page.rows.is_empty() {
            p.empty {
                @if address.filters.is_empty() && address.condition.is_none() { "No row." } @else { "No row is like that." }
            }
        }
    }
}

fn is_editable(relation: &Relation, access: Access) -> bool {
    access == Access::ReadWrite && relation.is_writable()
}

fn heading(relation: &Relation, address: &Address, column: &Column) -> Markup {
    let name = column.name.as_str();
    let sorted = address.sort.iter().find(|it| it.column == *column);
    let (mark, next) = match sorted.map(|it| it.direction) {
        None => ("", Some(Direction::Ascending)),
        Some(Direction::Ascending) => (" ↑", Some(Direction::Descending)),
        Some(Direction::Descending) => (" ↓", None),
    };
    let sort = |it: &mut Address| {
        it.sort = next
            .map(|direction| Sort {
                column: column.clone(),
                direction,
            })
            .into_iter()
            .collect();
    };
    let title = match (column.ordered, column.indexed) {
        (true, true) => "Sort by it",
        (true, false) => {
            "Sort by it; no index begins with it, so PostgreSQL has to look at every row"
        }
        (false, _) => "Its type has no order",
    };
    html! {
        th scope="col" data-name=(name) data-type=(column.type_shown) data-editor=(editor(column))
            data-labels=[labels(column)] data-required=[column.required.then_some("yes")]
            data-generated=[column.generated.then_some("yes")] data-default=[column.default.as_deref()]
            data-key=[relation.key.has(&column.name).then_some("yes")] {
            @if column.ordered {
                a href=(address.with(sort)) title=(title) { (name) (mark) }
            } @else {
                span title=(title) { (name) }
            }
            @if relation.key.has(&column.name) { span.key title="Part of the key" { "⚷" } }
            small title=[column.comment.as_deref()] { (column.type_shown) }
        }
    }
}

fn line(relation: &Relation, columns: &[&Column], row: &Row) -> Markup {
    let at = serde_json::json!(row.at).to_string();
    html! {
        tr data-at=[(relation.key != RowKey::None).then_some(at)] {
            th.mark scope="row" {
                @if let Some(path) = row_path(relation, row) { a href=(path) title="This row and what belongs to it" { "›" } }
            }
            @for (column, cell) in columns.iter().zip(&row.cells) {
                td class=[right(column)] tabindex="-1" data-null=[cell.text.is_none().then_some("yes")]
                    data-cut=[cell.cut.then_some("yes")] {
                    @match reference(relation, column, cell) {
                        Some(path) => { (shown(cell)) " " a.follow href=(path) title="The row that it points at" { "→" } }
                        None => { (shown(cell)) }
                    }
                }
            }
        }
    }
}

/// Where a row is shown by itself; a row that only its place tells apart has no address that lasts.
fn row_path(relation: &Relation, row: &Row) -> Option<String> {
    let RowKey::Columns(_) = relation.key else {
        return None;
    };
    let path = tables::path(relation.name.schema.as_str(), relation.name.name.as_str());
    let key = serde_json::json!(row.at.key).to_string();
    Some(format!("{path}/row?key={}", encode(&key)))
}

/// The row that the value of a foreign key of one column points at.
fn reference(relation: &Relation, column: &Column, cell: &Cell) -> Option<String> {
    let value = cell.text.as_ref().filter(|_| !cell.cut)?;
    let key = relation
        .references
        .iter()
        .find(|key| key.own == [column.name.as_str()])?;
    Some(rows_of(key, &[value]))
}

/// The rows at the other end of a foreign key, by these values.
pub(crate) fn rows_of(key: &ForeignKey, values: &[&str]) -> String {
    let filters: Vec<String> = (key.theirs.iter().zip(values))
        .map(|(column, value)| {
            let filter = serde_json::json!([column, Operator::Is.word(), value]);
            format!("filter={}", encode(&filter.to_string()))
        })
        .collect();
    format!(
        "{}?{}",
        tables::path(&key.schema, &key.table),
        filters.join("&")
    )
}

fn ways(address: &Address, page: &Page) -> Markup {
    html! {
        nav.ways aria-label="Pages" {
            @if let Some(from) = &page.newer {
                a href=(address.at(super::address::From::Start).here()) { "« first" }
                a rel="prev" href=(address.at(from.clone()).here()) { "‹ before" }
            }
            span.faint { (page.rows.len()) @if page.rows.len() == 1 { " row" } @else { " rows" } " here" }
            @if let Some(from) = &page.older {
                a rel="next" href=(address.at(from.clone()).here()) { "next ›" }
                a href=(address.at(super::address::From::End).here()) { "last »" }
            }
            @if page.endless { span.faint { "There are more; without a key there is no way on: filter, or export them." } }
        }
    }
}

fn described(filter: &Filter) -> String {
    let (name, asked) = (filter.column.name.as_str(), filter.operator.shown());
    let between = if filter.operator == Operator::Between {
        " and "
    } else {
        ", "
    };
    format!("{name} {asked} {}", filter.values.join(between))
}

fn editor(column: &Column) -> &'static str {
    match column.editor {
        Editor::Text => "text",
        Editor::Number => "number",
        Editor::Boolean => "boolean",
        Editor::Date => "date",
        Editor::Time => "time",
        Editor::Timestamp => "timestamp",
        Editor::Json => "json",
        Editor::Bytes => "bytes",
        Editor::Enum => "enum",
        Editor::Array => "array",
        Editor::Uuid => "uuid",
        Editor::Other => "other",
    }
}

fn operators(column: &Column) -> String {
    let words: Vec<&str> = Operator::of(column).iter().map(|it| it.word()).collect();
    words.join(" ")
}

fn labels(column: &Column) -> Option<String> {
    column
        .labels
        .as_ref()
        .map(|labels| serde_json::json!(labels).to_string())
}

fn right(column: &Column) -> Option<&'static str> {
    (column.editor == Editor::Number).then_some("number")
}
