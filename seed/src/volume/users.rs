//! The staff and the applicants.

use chrono::{DateTime, Utc};
use db::enums::UserRole;
use db::users::{Column, Entity, Model};
use fake::Fake;
use fake::faker::name::en::Name;
use rand::RngExt;
use seachange::seed::Row;

use super::cohort::{days, opened};

/// Every tenth of the staff coordinates, and the first; the others review.
pub(super) fn model(staff: u64) -> impl Fn(Row<Entity>) -> Model + Send + Sync + 'static {
    move |row| {
        let role = match row.number() {
            number if number >= staff => UserRole::Applicant,
            number if number.is_multiple_of(10) => UserRole::Coordinator,
            _ => UserRole::Reviewer,
        };
        Model {
            id: row.uuid(Column::Id),
            email: email(row),
            name: name(row),
            role,
            phone_number: row.maybe(Column::PhoneNumber, 0.7, || {
                let mut chance = row.chance(Column::PhoneNumber);
                let (exchange, line) = (
                    chance.random_range(200..1000),
                    chance.random_range(0..10_000),
                );
                format!("(555) {exchange}-{line:04}")
            }),
            created_at: created_at(row, staff),
        }
    }
}

pub(super) fn name(row: Row<Entity>) -> String {
    Name().fake_with_rng(&mut row.chance(Column::Name))
}

/// The name as an address can have it, and what no other user has: two people may be called the same.
pub(super) fn email(row: Row<Entity>) -> String {
    let plain: String = name(row)
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'a'..='z' => character,
            _ => '.',
        })
        .collect();
    format!(
        "{}.{}@example.org",
        plain.trim_matches('.'),
        row.tag(Column::Email)
    )
}

/// The staff before the opening, applicants in the half year after it.
pub(super) fn created_at(row: Row<Entity>, staff: u64) -> DateTime<Utc> {
    let begin = match row.number() < staff {
        true => opened() - days(200),
        false => opened(),
    };
    row.between(Column::CreatedAt, begin, begin + days(180))
}
