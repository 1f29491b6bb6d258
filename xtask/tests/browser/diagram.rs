//! The diagram: zoomed and moved by pointer and keys, places remembered, one table's neighbourhood, files to take along.

use crate::{Page, Rows, Visit};

/// What is seen of the drawing: left, top, width, height.
fn view(page: &Page) -> [f64; 4] {
    page.now("document.getElementById('diagram').getAttribute('viewBox').split(' ').map(Number)")
}

fn place(page: &Page, table: &str) -> String {
    page.now(&format!(
        "document.querySelector(\".table[data-name='{table}']\").getAttribute('transform')"
    ))
}

/// A point of a table's head, in the window.
fn head(page: &Page, table: &str) -> [f64; 2] {
    page.now(&format!(
        "(() => {{ const it = document.querySelector(\".table[data-name='{table}'] .head\").getBoundingClientRect(); \
         return [it.left + it.width / 2, it.top + it.height / 2]; }})()"
    ))
}

/// A point of the ground, with nothing on it.
fn ground(page: &Page) -> [f64; 2] {
    page.now(
        "(() => { const svg = document.getElementById('diagram'), box = svg.getBoundingClientRect(); \
         for (let x = box.left + 8; x < box.right; x += 9) for (let y = box.top + 8; y < box.bottom; y += 9) \
           if (document.elementFromPoint(x, y) === svg) return [x, y]; return null; })()",
    )
}

#[test]
fn it_is_zoomed_moved_and_its_places_are_remembered() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.follows("header nav a >> Diagram");
    visit.finds("svg.live .table[data-name='users']");
    let begin = view(&visit);
    visit.clicks("[data-zoom=in]");
    let larger = view(&visit);
    assert!(larger[2] < begin[2] * 0.85, "{larger:?} {begin:?}");
    let at = ground(&visit);
    visit.turns_the_wheel(at, -300.0);
    visit.holds(
        "the wheel to make it larger",
        &format!(
            "document.getElementById('diagram').viewBox.baseVal.width < {}",
            larger[2] * 0.7
        ),
    );
    visit.clicks("[data-zoom=fit]");
    visit.drags(ground(&visit), [-120.0, -60.0]);
    let moved = view(&visit);
    assert!(
        moved[0] > begin[0] + 60.0 && moved[1] > begin[1] + 30.0,
        "{moved:?} {begin:?}"
    );
    assert_eq!(moved[2], begin[2]);
    visit.clicks("[data-zoom=fit]");

    // A table is dragged, its lines follow, and it is there the next time.
    let (home, others) = (place(&visit, "users"), place(&visit, "files"));
    let lines =
        "[...document.querySelectorAll('.edge .line')].map((it) => it.getAttribute('d')).join()";
    let straight: String = visit.now(lines);
    visit.drags(head(&visit, "users"), [70.0, 40.0]);
    let dragged = place(&visit, "users");
    assert_ne!(dragged, home);
    assert_eq!(place(&visit, "files"), others);
    assert_ne!(visit.now::<String>(lines), straight);
    assert_eq!(visit.path(), "/diagram", "a drag is no click");
    visit.reloads();
    visit.finds("svg.live");
    assert_eq!(place(&visit, "users"), dragged);
    visit.clicks("[data-zoom=reset]");
    assert_eq!(place(&visit, "users"), home);
    visit.holds(
        "Reset to have nothing to do",
        "one('[data-zoom=reset]').disabled",
    );
    visit.reloads();
    visit.finds("svg.live");
    assert_eq!(place(&visit, "users"), home);

    // What a line says at its ends, and which columns are keys.
    visit.says(".table[data-name='applications']", "FK");
    visit.says(".table[data-name='applications']", "PK");
    let told: Vec<String> =
        visit.now("[...document.querySelectorAll('.edge title')].map((it) => it.textContent)");
    assert_eq!(told.len(), 10, "{told:?}");
    assert!(
        told.iter()
            .any(|it| it.starts_with("fk-reviews-application_id: ")),
        "{told:?}"
    );
}

#[test]
fn keys_and_search_go_from_table_to_table() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.goes("/diagram");
    visit.finds("svg.live");
    visit.clicks("input[data-focus]");
    visit.types("revi");
    visit.presses(&["Enter"]);
    visit.holds(
        "the focus on reviews",
        "document.activeElement.dataset.name === 'reviews'",
    );
    let home = place(&visit, "reviews");
    visit.presses(&["Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"]);
    assert_ne!(place(&visit, "reviews"), home);
    let before = view(&visit);
    visit.presses(&["+"]);
    assert!(view(&visit)[2] < before[2]);
    visit.presses(&["-", "ArrowRight"]);
    let after = view(&visit);
    assert!(
        after[0] > before[0] && (after[2] - before[2]).abs() < 1.0,
        "{after:?} {before:?}"
    );
    visit.presses(&["0"]);

    // F draws what the table is joined with, one step or two.
    visit.leads(|| visit.presses(&["f"]));
    visit.finds("svg.live");
    let names = || {
        let mut names: Vec<String> =
            visit.now("[...document.querySelectorAll('.table')].map((it) => it.dataset.name)");
        names.sort_unstable();
        names
    };
    assert_eq!(names(), ["applications", "reviews", "users"]);
    visit.follows(".steps a >> 2");
    visit.finds("svg.live");
    assert_eq!(names().len(), 7);
    visit.follows(".steps a >> 1");
    visit.follows("a >> Keys only");
    visit.finds("svg.live");
    let columns: usize = visit.now("every(\".table[data-name='users'] .column\").length");
    assert_eq!(columns, 1);

    // Enter opens the rows.
    visit.clicks("input[data-focus]");
    visit.types("users");
    visit.presses(&["Enter"]);
    visit.leads(|| visit.presses(&["Enter"]));
    visit.finds("#grid");
    assert_eq!(visit.path(), "/table/public/users");
}

#[test]
fn it_is_taken_along_as_svg_mermaid_and_dot() {
    let Some(visit) = Visit::to(Rows::Fixtures) else {
        return;
    };
    visit.goes("/diagram");
    let export = |name: &str| visit.downloads(|| visit.clicks(&format!(".ways a >> {name}")));
    let (name, svg) = export("SVG");
    assert_eq!(name, "schema.svg");
    assert!(svg.starts_with("<svg") && svg.contains("<style>") && svg.contains("applications"));
    let (name, mermaid) = export("Mermaid");
    assert_eq!(name, "schema.mmd");
    assert!(mermaid.contains("erDiagram"), "{mermaid}");
    let (name, dot) = export("DOT");
    assert_eq!(name, "schema.dot");
    assert!(dot.starts_with("digraph"), "{dot}");
    // Of a part, the part.
    visit.goes("/diagram?table=public.files");
    let (name, mermaid) = export("Mermaid");
    assert_eq!(name, "public.files.mmd");
    assert!(
        mermaid.contains("files") && !mermaid.contains("reviews"),
        "{mermaid}"
    );

    // The file shows what it should by itself.
    let file = tempfile::Builder::new().suffix(".svg").tempfile().unwrap();
    std::fs::write(file.path(), svg).unwrap();
    visit.opens_file(file.path());
    let boxes: usize = visit.now("[...document.querySelectorAll('.table')].filter((it) => it.getBoundingClientRect().width > 80).length");
    assert_eq!(boxes, 7);
}

const SIXTY: &str = "CREATE TABLE hub (id int PRIMARY KEY, name text); \
     DO $make$ BEGIN FOR n IN 1..59 LOOP \
       EXECUTE format('CREATE TABLE spoke_%s (id int PRIMARY KEY, hub int REFERENCES hub, before int %s)', n, \
                      CASE WHEN n > 20 THEN format('REFERENCES spoke_%s', n - 1) ELSE '' END); \
     END LOOP; END $make$";

#[test]
fn a_schema_of_sixty_tables_begins_with_one() {
    let Some(visit) = Visit::to(Rows::Of(SIXTY)) else {
        return;
    };
    visit.goes("/diagram");
    visit.sees("This schema has 60 tables");
    visit.says("a.chip", "hub");
    visit.finds(".table.chosen[data-name=hub]");
    visit.follows("a >> Draw all of them");
    visit.finds("svg.live");
    let drawn: usize = visit.now("every('.table').length");
    assert_eq!(drawn, 60);
    // Another one, found by its name though it is not drawn.
    visit.goes("/diagram?table=public.spoke_40");
    visit.finds("svg.live");
    let drawn: usize = visit.now("every('.table').length");
    assert_eq!(drawn, 4);
    visit.clicks("input[data-focus]");
    visit.types("spoke_7");
    visit.leads(|| visit.presses(&["Enter"]));
    visit.says("a.chip", "spoke_7");
}
