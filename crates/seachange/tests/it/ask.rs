//! What is asked of rows before a change: each kind of question, on rows that are in the way and on rows that are not.

use std::time::Duration;

use seachange::ask::{Answer, ask};
use seachange::catalog;
use seachange_schema::question::{About, questions};
use seachange_schema::{Schema, diff};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::database::Fresh;

const PREVIOUS: &str = "
CREATE TABLE p (id int PRIMARY KEY, code text);
CREATE TABLE t (id int PRIMARY KEY, p_id int, a text, b text, n bigint, w text);
";
const NEXT: &str = "
CREATE TABLE p (id int PRIMARY KEY, code text);
CREATE TABLE t (id int PRIMARY KEY, p_id int REFERENCES p, a text NOT NULL, b varchar(3), n int CHECK (n > 0), w int,
    fresh text NOT NULL);
CREATE UNIQUE INDEX t_lower ON t (lower(a)) WHERE a <> '';
ALTER TABLE p ADD CONSTRAINT p_code UNIQUE (code);
";
const GOOD: &str = "
INSERT INTO p VALUES (1, NULL), (2, NULL), (3, 'x');
";
const BAD: &str = "
INSERT INTO p VALUES (4, 'x');
INSERT INTO t VALUES (1, 9, NULL, 'long', 3000000000, 'word'), (2, 1, 'A', 'abc  ', -1, '7'), (3, NULL, 'a', 'abc', 1, '8');
";

#[tokio::test]
async fn each_kind_finds_what_is_in_the_way_and_nothing_else() {
    let (previous, next) = (built(PREVIOUS).await, built(NEXT).await);
    let (asked, unasked) = questions(&diff(previous, next, Vec::new()));
    assert_eq!(unasked, [""; 0]);
    let kinds: Vec<About> = asked.iter().map(|question| question.about).collect();
    for kind in [
        About::NotNull,
        About::Rows,
        About::Unique,
        About::ForeignKey,
        About::Check,
        About::Cast,
    ] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }

    let mut fresh = Fresh::create().await;
    let connection = &mut fresh.connection;
    run(connection, PREVIOUS).await;
    run(connection, GOOD).await;
    for one in ask(connection, &asked, Duration::from_secs(10))
        .await
        .unwrap()
    {
        assert_eq!(one.answer, Answer::Fine, "{:?}", one.question);
    }
    run(connection, BAD).await;
    for one in ask(connection, &asked, Duration::from_secs(10))
        .await
        .unwrap()
    {
        let Answer::Fails {
            count, examples, ..
        } = &one.answer
        else {
            panic!("{one:?}");
        };
        let expected = match one.question.about {
            About::Rows => Some(3),
            // The length of `b`, and the range of `n`; the words of `w` end the question.
            About::Cast if one.question.probe => None,
            _ => Some(1),
        };
        assert_eq!(*count, expected, "{one:?}");
        assert!(!examples.is_empty(), "{one:?}");
    }
}

async fn built(sql: &str) -> Schema {
    let mut fresh = Fresh::create().await;
    run(&mut fresh.connection, sql).await;
    catalog::read(&mut fresh.connection).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}
