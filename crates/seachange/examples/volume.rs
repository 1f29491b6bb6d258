//! Loads users and their comments, for `cargo xtask bench seed`: `volume URL USERS COMMENTS`. The tables are
//! made if they are missing, and emptied if they are not.

use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use rand::seq::IndexedRandom;
use seachange::connection::open;
use seachange::seed::{Chance, Existing, Plan, Spread};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS users (
    id uuid PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS comments (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, content text NOT NULL,
    created_at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS comments_user_id_idx ON comments (user_id);";

mod users {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) name: String,
        pub(crate) created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod comments {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) user_id: Uuid,
        pub(crate) content: String,
        pub(crate) created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, users, comments] = words.as_slice() else {
        eprintln!("usage: volume URL USERS COMMENTS");
        return ExitCode::from(64);
    };
    match load(url, users, comments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn load(url: &str, users: &str, comments: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut connection = open(url, "volume").await?;
    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    let plan = plan(users.parse()?, comments.parse()?);
    plan.load(&mut connection, Existing::Truncate, &mut |_| {})
        .await?;
    Ok(())
}

fn plan(count: u64, comments_of_all: u64) -> Plan {
    let mut plan = Plan::new(1);
    let users = plan.rows::<users::Entity>(count);
    let comments = plan.rows::<comments::Entity>(comments_of_all);
    plan.table(&users, |row| {
        use users::Column;
        let mut chance = row.chance(Column::Name);
        users::Model {
            id: row.uuid(Column::Id),
            email: format!("{}@example.org", row.tag(Column::Email)),
            name: format!("{} {}", word(&mut chance), word(&mut chance)),
            created_at: row.between(Column::CreatedAt, day(0), day(1_000)),
        }
    });
    plan.table(&comments, move |row| {
        use comments::Column;
        let mut chance = row.chance(Column::Content);
        let words = chance.random_range(8..24);
        let content: Vec<&str> = (0..words).map(|_| word(&mut chance)).collect();
        comments::Model {
            id: row.uuid(Column::Id),
            user_id: row
                .pick(Column::UserId, &users, Spread::Skewed(2))
                .uuid(users::Column::Id),
            content: content.join(" "),
            created_at: row.between(Column::CreatedAt, day(1_000), day(2_000)),
        }
    });
    plan
}

fn word(chance: &mut Chance) -> &'static str {
    const WORDS: [&str; 12] = [
        "patient", "ward", "visit", "letter", "morning", "friend", "nurse", "question", "term",
        "form", "answer", "day",
    ];
    WORDS.choose(chance).copied().unwrap_or_default()
}

fn day(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(18_000 + number)
}
