//! What holds on every page: it fits a phone, follows the system's colours, can be read, asks nobody else and complains
//! of nothing. With `SEACHANGE_SCREENSHOTS=FOLDER` there is a picture of each, too.

use crate::{Page, Rows, Scheme, Size, Visit};

/// A page as somebody has it before them, and how they came to it.
type Sight = (&'static str, fn(&Visit));

const SIGHTS: [Sight; 23] = [
    ("tables", |visit| visit.goes("/")),
    ("palette", |visit| {
        visit.goes("/");
        visit.presses(&["Control+k"]);
        visit.finds("dialog.go li");
        visit.types("re");
    }),
    ("grid", |visit| {
        visit.goes("/table/public/applications?sort=created_at%3Adesc");
    }),
    ("grid-narrowed", |visit| {
        visit.goes(
            "/table/public/applications?filter=%5B%22status%22%2C%22in%22%2C%22accepted%22%2C%22waitlisted%22%5D\
             &where=current_stage%20%3E%202",
        );
        visit.clicks("#filter summary");
    }),
    ("grid-columns", |visit| {
        visit.goes("/table/public/users?show=name&show=email");
        visit.clicks("#columns summary");
    }),
    ("grid-empty", |visit| {
        visit.goes("/table/public/users?where=false");
    }),
    ("grid-refused", |visit| {
        visit.goes("/table/public/users?where=nonsense%20%3D%201");
    }),
    ("field", |visit| {
        visit.goes("/table/public/users");
        visit.clicks("#grid tbody tr:nth-child(3) td:nth-child(5)");
        visit.presses(&["Enter"]);
        visit.finds("dialog.over");
    }),
    ("field-json", |visit| {
        visit.goes("/table/public/applications?show=status&show=data");
        visit.clicks("#grid tbody tr:nth-child(2) td:nth-child(3)");
        visit.presses(&["Enter"]);
        visit.finds("dialog.over textarea");
    }),
    ("staged", |visit| {
        visit.goes("/table/public/users?show=name&show=email&show=role");
        stages(visit);
    }),
    ("review", |visit| {
        visit.goes("/table/public/users?show=name&show=email&show=role");
        stages(visit);
        visit.presses(&["Control+s"]);
        visit.finds("dialog pre.sql");
    }),
    ("changed-meanwhile", |visit| {
        visit.goes("/table/public/users?show=name&show=email&show=role");
        stages(visit);
        visit.clicks("#grid tr.inserted td");
        visit.presses(&["Delete"]);
        visit.loses("#grid tr.inserted");
        visit.database.run(
            "UPDATE users SET name = name || ' Junior', role = 'reviewer' WHERE id IN (SELECT id FROM users ORDER BY id LIMIT 3)",
        );
        visit.presses(&["Control+s"]);
        visit.clicks("dialog button.main");
        visit.finds("#grid tr.conflict");
    }),
    ("field-refused", |visit| {
        visit.goes("/table/public/users?show=name&show=email&show=role");
        let taken = visit
            .database
            .text("SELECT email FROM users ORDER BY id DESC LIMIT 1");
        visit.clicks("#grid tbody tr:nth-child(2) td:nth-child(3)");
        visit.presses(&["Enter"]);
        visit.finds("dialog.over");
        visit.writes(&taken);
        visit.presses(&["Enter", "Control+s"]);
        visit.clicks("dialog button.main");
        visit.finds("#grid td.wrong");
    }),
    ("row", |visit| {
        visit.goes("/table/public/applications");
        visit.follows("#grid tbody tr:first-child a[title^='This row']");
    }),
    ("console", |visit| {
        visit.goes("/console");
        visit.fills(
            "textarea[name=sql]",
            "SELECT name, email, role FROM users ORDER BY name LIMIT 5;\nSELECT nothing FROM users",
        );
        visit.presses(&["Control+Enter"]);
        visit.finds("#results .failure");
    }),
    ("console-explained", |visit| {
        visit.goes("/console");
        visit.fills(
            "textarea[name=sql]",
            "SELECT p.name, count(*) FROM applications a JOIN programs p ON p.id = a.program_id GROUP BY 1",
        );
        visit.clicks("#console button >> Explain analyze");
        visit.finds("section.result pre");
    }),
    ("diagram", |visit| {
        visit.goes("/diagram");
        visit.finds("svg.live");
    }),
    ("diagram-one", |visit| {
        visit.goes("/diagram?table=public.comments");
        visit.finds("svg.live");
    }),
    ("import", |visit| {
        visit.goes("/table/public/users/import");
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        std::fs::write(
            file.path(),
            "email,name,role,created_at\nnew@example.org,New One,applicant,2026-11-01\nother@example.org,Other,emperor,yesterday maybe\n",
        )
        .unwrap();
        visit.gives_file("input[type=file]", file.path());
        visit.finds("#tried .failure");
    }),
    ("migrations", |visit| {
        visit.goes("/migrations");
        visit.finds("#summary.good");
    }),
    ("migration", |visit| {
        visit.goes("/migrations/of/m20261123_001313_add_phone_number");
        visit.finds("#part .sides");
    }),
    ("drift", |visit| visit.goes("/migrations/drift?whole=yes")),
    ("missing", |visit| visit.goes("/table/public/nothing")),
];

/// A row changed, one inserted, one to be deleted.
fn stages(visit: &Visit) {
    visit.clicks("#grid tbody tr:nth-child(2) td:nth-child(2)");
    visit.presses(&["Enter"]);
    visit.finds("dialog.over");
    visit.writes("Somebody Else");
    visit.presses(&["Enter"]);
    visit.clicks("#grid tbody tr:nth-child(4) td:nth-child(2)");
    visit.presses(&["Delete"]);
    visit.clicks("button >> Insert a row");
    visit.finds("#grid tr.inserted");
}

/// Nobody is asked whether to leave.
fn discards(visit: &Visit) {
    if !visit.all("dialog[open]").is_empty() {
        visit.presses(&["Escape"]);
        visit.loses("dialog");
    }
    if !visit.all(".staged").is_empty() {
        visit.clicks(".staged button >> Discard");
        visit.loses(".staged");
    }
}

#[test]
fn every_page_is_readable_at_a_desk() {
    every_page(Size::Desk);
}

#[test]
fn every_page_fits_a_phone() {
    every_page(Size::Phone);
}

fn every_page(size: Size) {
    let Some(visit) = Visit::to(Rows::Cohort) else {
        return;
    };
    for refused in ["status of 404", "status of 409", "status of 422"] {
        visit.witness().expects(refused);
    }
    visit.has_size(size);
    let window = match size {
        Size::Desk => 1440,
        Size::Phone => 390,
    };
    let mut faults = Vec::new();
    for (name, comes_to) in SIGHTS {
        comes_to(&visit);
        let mut grounds = Vec::new();
        for scheme in [Scheme::Light, Scheme::Dark] {
            visit.has_scheme(scheme);
            let seen = format!("{name}-{size:?}-{scheme:?}").to_lowercase();
            grounds.push(visit.now::<String>("getComputedStyle(document.body).backgroundColor"));
            visit.keeps_a_picture(&seen);
            faults.extend(
                unreadable(&visit)
                    .into_iter()
                    .map(|it| format!("{seen}: {it}")),
            );
        }
        assert_eq!(grounds, ["rgb(251, 252, 253)", "rgb(16, 22, 27)"], "{name}");
        let width: usize = visit.now("document.scrollingElement.scrollWidth");
        if width > window {
            faults.push(format!("{name} is {width} wide in a window of {window}"));
        }
        discards(&visit);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3): 4.5 to 1, large ones 3 to 1.
fn unreadable(page: &Page) -> Vec<String> {
    page.now(&format!("({})()", include_str!("everywhere/contrast.js")))
}
