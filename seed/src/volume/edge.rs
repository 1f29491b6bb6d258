//! Rows at the edges of what the tables take: each is legal, and each has broken some program.

use chrono::{DateTime, NaiveDate, Utc};
use db::enums::{ApplicationStatus, ProgramStatus, ReviewStatus, UserRole};
use db::json::{ExportMapping, Rubric, Scores, Stages};
use db::{applications, audit_logs, comments, files, programs, reviews, users};
use sea_orm::Iterable;
use seachange::seed::{Plan, Row};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixtures::volunteers;

/// Texts that get cut, escaped twice, trimmed, compared or counted wrongly.
const TEXTS: [&str; 18] = [
    "",
    " ",
    " blanks around ",
    "\ttabs\tand\nnew\r\nlines",
    "O'Brien \"the\" \\ backslash",
    r"\N",
    r"\.",
    "NULL",
    "'; DROP TABLE users; --",
    "<script>alert(1)</script>",
    "=1+1",
    "Zoë Nuñez-Łukasiewicz",
    "Zoe\u{301} decomposed",
    "مريم الفاسي",
    "李小龍 🧑🏽‍⚕️ 👩‍👩‍👧‍👦",
    "\u{202e}right to left\u{202c}",
    "zero\u{200b}width",
    "İstanbul ß ﬁ",
];

/// Users: one for each text and a few more.
const USERS: u64 = 24;

pub(super) fn plan(plan: &mut Plan) {
    let users = plan.rows(USERS);
    let programs = plan.rows(4);
    let applications = plan.rows_per(&users, |_| 2);
    let files = plan.rows_per(&applications, |_| 1);
    let reviews = plan.rows_per(&applications, |application| application.number() % 4);
    let comments = plan.rows_per(&applications, |application| application.number() % 3);
    let audit_logs = plan.rows_per(&users, |_| 2);

    plan.table(&users, user);
    let creators = users.clone();
    plan.table(&programs, move |row| {
        program(row, creators.at(row.number()))
    });
    let (people, offered) = (users.clone(), programs.clone());
    plan.table(&applications, move |row| {
        let program = row.distinct(applications::Column::ProgramId, &offered);
        application(row, program, row.parent(&people))
    });
    let (of, people) = (applications.clone(), users.clone());
    plan.table(&files, move |row| {
        file(row, row.parent(&of), people.at(row.number() % USERS))
    });
    let (of, people) = (applications.clone(), users.clone());
    plan.table(&reviews, move |row| {
        let reviewer = row.distinct(reviews::Column::ReviewerId, &people);
        review(row, row.parent(&of), reviewer)
    });
    let (of, people) = (applications, users.clone());
    plan.table(&comments, move |row| {
        comment(row, row.parent(&of), people.at(row.number() % USERS))
    });
    plan.table(&audit_logs, move |row| audit_log(row, row.parent(&users)));
}

fn text(number: u64) -> String {
    const LONGEST: usize = 100_000;
    match TEXTS.get(number as usize % (TEXTS.len() + 1)) {
        Some(text) => (*text).to_owned(),
        None => "long ".repeat(LONGEST / 5),
    }
}

/// The first and the last moments that a program or PostgreSQL may know, leap days, and hours that summer
/// time repeats or leaves out.
fn moment(number: u64) -> DateTime<Utc> {
    let days = [
        (-4712, 1, 1),
        (0, 1, 1),
        (1, 1, 1),
        (1582, 10, 15),
        (1899, 12, 31),
        (1970, 1, 1),
        (2000, 2, 29),
        (2026, 3, 29),
        (2026, 10, 25),
        (2038, 1, 19),
        (9999, 12, 31),
        (200_000, 12, 31),
    ];
    let (year, month, day) = days[number as usize % days.len()];
    NaiveDate::from_ymd_opt(year, month, day)
        .and_then(|date| date.and_hms_micro_opt(23, 59, 59, 999_999))
        .expect("a day of the calendar")
        .and_utc()
}

fn json(number: u64) -> Value {
    let deep = (0..100).fold(json!(0), |inner, _| json!([inner]));
    match number % 6 {
        0 => json!({}),
        1 => json!({ "": null, " ": [], "ключ": { "🔑": "\u{e000}\"\\/\n" } }),
        2 => json!({ "big": 9_007_199_254_740_993_i64, "small": 5e-324, "whole": 1.0 }),
        3 => json!({ "long": text(TEXTS.len() as u64) }),
        4 => json!({ "deep": deep }),
        _ => json!([null, true, "a list where a form is wanted"]),
    }
}

fn one<T: Iterable + Copy>(number: u64) -> T {
    let all: Vec<T> = T::iter().collect();
    all[number as usize % all.len()]
}

fn id<E: sea_orm::EntityTrait>(row: Row<E>, column: E::Column) -> Uuid {
    match row.number() {
        0 => Uuid::nil(),
        1 => Uuid::max(),
        _ => row.uuid(column),
    }
}

fn user(row: Row<users::Entity>) -> users::Model {
    use users::Column;
    let tag = row.tag(Column::Email);
    users::Model {
        id: id(row, Column::Id),
        email: match row.number() {
            // The longest that mail systems take: 64 before the @, 254 in all.
            0 => format!("{tag}{}@{}.org", "l".repeat(57), "d".repeat(185)),
            1 => format!("{tag}+tag@xn--bcher-kva.example"),
            2 => format!("\"{tag} with blanks\"@example.org"),
            3 => format!("{}@EXAMPLE.ORG", tag.to_uppercase()),
            4 => format!("δοκιμή-{tag}@παράδειγμα.example"),
            _ => format!("{tag}@example.org"),
        },
        name: text(row.number()),
        role: one::<UserRole>(row.number()),
        phone_number: match row.number() % 3 {
            0 => None,
            1 => Some(String::new()),
            _ => Some(format!("+{}", "9".repeat(40))),
        },
        created_at: moment(row.number()),
    }
}

fn program(row: Row<programs::Entity>, creator: Row<users::Entity>) -> programs::Model {
    let volunteers = volunteers();
    let (stages, rubric) = match row.number() {
        0 => (Stages::default(), Rubric::default()),
        1 => {
            let all = volunteers.stages.0.iter().cycle().take(500);
            (Stages(all.cloned().collect()), volunteers.rubric)
        }
        _ => (volunteers.stages, volunteers.rubric),
    };
    programs::Model {
        id: id(row, programs::Column::Id),
        name: text(row.number() + 13),
        description: text(row.number()),
        stages,
        rubric,
        export_mapping: (row.number().is_multiple_of(2)).then(ExportMapping::default),
        creator_id: id(creator, users::Column::Id),
        status: one::<ProgramStatus>(row.number()),
        created_at: moment(row.number()),
    }
}

fn application(
    row: Row<applications::Entity>,
    program: Row<programs::Entity>,
    applicant: Row<users::Entity>,
) -> applications::Model {
    applications::Model {
        id: id(row, applications::Column::Id),
        program_id: id(program, programs::Column::Id),
        applicant_id: id(applicant, users::Column::Id),
        current_stage: if row.number().is_multiple_of(2) {
            0
        } else {
            i32::MAX
        },
        status: one::<ApplicationStatus>(row.number()),
        data: json(row.number()),
        created_at: moment(row.number()),
        // Before it was made: clocks disagree.
        updated_at: moment(row.number() + 5),
    }
}

fn file(
    row: Row<files::Entity>,
    application: Row<applications::Entity>,
    uploader: Row<users::Entity>,
) -> files::Model {
    files::Model {
        id: id(row, files::Column::Id),
        application_id: id(application, applications::Column::Id),
        filename: match row.number() % 4 {
            0 => format!("{}.pdf", "n".repeat(251)),
            1 => "../../etc/passwd".to_owned(),
            _ => text(row.number()),
        },
        url: format!(
            "https://files.cohortflow.org/{}",
            "%F0%9F%A9%BA".repeat(150)
        ),
        uploaded_by: id(uploader, users::Column::Id),
        created_at: moment(row.number()),
    }
}

fn review(
    row: Row<reviews::Entity>,
    application: Row<applications::Entity>,
    reviewer: Row<users::Entity>,
) -> reviews::Model {
    let scores: &[(&str, f64)] = match row.number() % 3 {
        0 => &[],
        1 => &[("largest", f64::MAX), ("smallest", 5e-324)],
        _ => &[("no such criterion", -1.0), ("", 0.1)],
    };
    reviews::Model {
        id: id(row, reviews::Column::Id),
        application_id: id(application, applications::Column::Id),
        reviewer_id: id(reviewer, users::Column::Id),
        scores: Scores(
            scores
                .iter()
                .map(|(id, score)| ((*id).to_owned(), *score))
                .collect(),
        ),
        comments: (row.number().is_multiple_of(2)).then(|| text(row.number())),
        status: one::<ReviewStatus>(row.number()),
        created_at: moment(row.number()),
    }
}

fn comment(
    row: Row<comments::Entity>,
    application: Row<applications::Entity>,
    author: Row<users::Entity>,
) -> comments::Model {
    comments::Model {
        id: id(row, comments::Column::Id),
        application_id: id(application, applications::Column::Id),
        author_id: (row.number().is_multiple_of(2)).then(|| id(author, users::Column::Id)),
        content: text(row.number()),
        created_at: moment(row.number()),
    }
}

fn audit_log(row: Row<audit_logs::Entity>, user: Row<users::Entity>) -> audit_logs::Model {
    audit_logs::Model {
        id: id(row, audit_logs::Column::Id),
        user_id: id(user, users::Column::Id),
        action: text(row.number()),
        resource: text(row.number() + 1),
        resource_id: (row.number().is_multiple_of(2)).then(Uuid::nil),
        metadata: (!row.number().is_multiple_of(3)).then(|| json(row.number())),
        created_at: moment(row.number()),
    }
}
