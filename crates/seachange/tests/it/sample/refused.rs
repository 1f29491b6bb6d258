//! What is refused, and how it is told.

use seachange::Help;
use seachange::sample::{Mask, Masking, SampleError, Share, copy};

use super::{clinic, column, copied, databases, dump, run, sample};
use crate::database::Fresh;

async fn refusal(schema: &str, rows: &str, masking: Masking) -> SampleError {
    let (source, target) = databases(schema, rows).await;
    let mut all = sample(50.0, 1);
    all.share = Share::ALL;
    let error = copied(&source, &target, &masking, &all).await.unwrap_err();
    assert!(error.help().is_some(), "{error}");
    assert!(dump(&target).await.values().all(Vec::is_empty));
    error
}

#[tokio::test]
async fn every_column_without_a_mask_is_named_at_once() {
    let schema = "CREATE TYPE pair AS (a integer, b text);
         CREATE TABLE t (id integer PRIMARY KEY, net inet, span int4range, p pair, x xml, took interval,
            short varchar(5) UNIQUE, indexed varchar(6), n text NOT NULL, name text UNIQUE, safe text);
         CREATE UNIQUE INDEX ON t (upper(indexed));
         CREATE TABLE child (id integer PRIMARY KEY REFERENCES t, ref integer REFERENCES t);";
    let masking = Masking::new()
        .with(column("t", "n"), Mask::Null)
        .with(column("t", "name"), Mask::Person)
        .with(column("t", "id"), Mask::Between(5, 1))
        .with(column("t", "safe"), Mask::JsonKeys)
        .safe(column("child", "ref"))
        .safe(column("t", "mispelt"));
    let error = refusal(schema, "", masking).await;
    let text = error.to_string();
    for told in [
        "`t.net`: nothing is known of its type `inet`",
        "`t.span`: nothing is known of its type `int4range`",
        "`t.p`: nothing is known of its type `pair`",
        "`t.x`: ",
        "`t.took`: ",
        "`t.short`: it is unique, and 5 characters are too few",
        "`t.indexed`: it is unique, and 6 characters are too few",
        "`t.n`: `Mask::Null` on a column that is NOT NULL",
        "`t.name`: it is unique, and `Mask::Person` is too short",
        "`t.id`: `Mask::Between(5, 1)` is no range",
        "`t.safe`: `Mask::JsonKeys` does not fit its type `text`",
        "`child.ref`: it is safe, and `t.id`, which it refers to, is `Mask::Between(5, 1)`",
        "`t.mispelt`: it is declared, and the source has no such column",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(error.help().unwrap().contains(".safe(column)"));
}

#[tokio::test]
async fn columns_that_are_masked_differently_can_not_be_joined() {
    let schema = "CREATE TABLE t (id numeric PRIMARY KEY); CREATE TABLE child (id integer PRIMARY KEY, t integer REFERENCES t);";
    let error = refusal(schema, "", Masking::new()).await;
    assert!(
        error
            .to_string()
            .contains("`child.t`: it is `integer` and refers to `t.id`, which is `numeric`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_check_that_a_mask_violates_is_named_and_no_value_is() {
    let schema = "CREATE TABLE t (id integer PRIMARY KEY, age integer CONSTRAINT of_age CHECK (age BETWEEN 18 AND 99), secret text);";
    let rows = "INSERT INTO t VALUES (1, 44, 'Josephine')";
    let error = refusal(schema, rows, Masking::new().safe(column("t", "secret"))).await;
    let text = error.to_string();
    assert!(
        text.contains("refuses a row of `t`") && text.contains("of_age"),
        "{text}"
    );
    assert!(!format!("{error:?}").contains("Josephine"), "{error:?}");
    let help = error.help().unwrap();
    assert!(
        help.contains("id, age") && help.contains("Mask::Between"),
        "{help}"
    );
}

#[tokio::test]
async fn a_value_that_a_mask_does_not_take_is_named_by_its_column() {
    let schema = "CREATE TABLE t (id integer PRIMARY KEY, age integer, code text);";
    let masking = Masking::new().with(column("t", "age"), Mask::Between(18, 99));
    let rows = "INSERT INTO t VALUES (1, 44, 'a'), (2, 17, 'b')";
    let error = refusal(schema, rows, masking).await;
    assert!(
        error
            .to_string()
            .contains("a value of `t.age` can't be masked: it is outside the range"),
        "{error}"
    );
    let masking = Masking::new().with(column("t", "code"), Mask::Code);
    let error = refusal(schema, "INSERT INTO t VALUES (1, 44, 'Jürgen')", masking).await;
    assert!(
        error.to_string().contains("`t.code`") && !format!("{error:?}").contains("rgen"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_partition_that_is_not_there_is_told() {
    let schema =
        "CREATE TABLE t (id integer, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE t_2026 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
    let rows = "INSERT INTO t VALUES (1, '2026-01-02')";
    let error = refusal(schema, rows, Masking::new()).await;
    assert!(
        error.to_string().contains("no partition of relation \"t\""),
        "{error}"
    );
    assert!(error.help().unwrap().contains("at"), "{error}");
}

#[tokio::test]
async fn a_reference_that_leads_nowhere_is_told() {
    let schema = "CREATE TABLE t (id integer PRIMARY KEY); CREATE TABLE child (id integer PRIMARY KEY, t integer);";
    let (mut source, mut target) = databases(schema, "INSERT INTO child VALUES (1, 5)").await;
    for database in [&mut source, &mut target] {
        run(
            database,
            "ALTER TABLE child ADD CONSTRAINT stray FOREIGN KEY (t) REFERENCES t NOT VALID",
        )
        .await;
    }
    let mut all = sample(50.0, 1);
    all.share = Share::ALL;
    let error = copied(&source, &target, &Masking::new(), &all)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("stray"), "{error}");
}

#[tokio::test]
async fn the_target_has_the_same_schema_and_no_rows() {
    let schema =
        "CREATE TABLE t (id integer PRIMARY KEY, a text); CREATE TABLE u (id integer PRIMARY KEY);";
    let (source, mut target) = databases(schema, "INSERT INTO t VALUES (1, 'a')").await;
    // What rows don't depend on may differ.
    run(&mut target, "CREATE INDEX ON t (a); ALTER TABLE t ALTER a SET DEFAULT 'x'; CREATE VIEW v AS SELECT 1 AS one; COMMENT ON TABLE t IS 'c'").await;
    run(&mut target, "INSERT INTO u VALUES (1)").await;
    let error = copied(&source, &target, &Masking::new(), &sample(50.0, 1))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SampleError::Filled(tables) if tables == &["u"]),
        "{error}"
    );
    run(
        &mut target,
        "DELETE FROM u; ALTER TABLE t ALTER a TYPE varchar(5), ADD b text; DROP TABLE u",
    )
    .await;
    let error = copied(&source, &target, &Masking::new(), &sample(50.0, 1))
        .await
        .unwrap_err();
    let text = error.to_string();
    for told in [
        "column t.a differs",
        "column t.b is left over",
        "table u is missing",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[tokio::test]
async fn the_source_is_never_written_and_its_timeout_is_kept() {
    let source = clinic().await;
    let before = dump(&source).await;
    let target = Fresh::create().await;
    let mut impatient = sample(50.0, 1);
    let error = copied(&source, &target, &super::clinic_masking(), &impatient)
        .await
        .unwrap_err();
    assert!(matches!(error, SampleError::Schema(_)), "{error}");

    impatient.statement_timeout = Some(std::time::Duration::from_millis(1));
    let error = copied(&source, &target, &super::clinic_masking(), &impatient)
        .await
        .unwrap_err();
    let told = error.help().unwrap();
    assert!(told.contains("timeout"), "{error}: {told}");
    assert_eq!(dump(&source).await, before);
}

#[tokio::test]
async fn a_reader_is_enough_and_rows_that_are_hidden_from_it_are_told() {
    let (mut source, mut target) = (clinic().await, super::empty_clinic().await);
    let separator = if source.url().contains('?') { '&' } else { '?' };
    let reader = format!(
        "{}{separator}options=-c%20role%3Dpg_read_all_data",
        source.url()
    );
    run(&mut source, "ALTER TABLE visits ENABLE ROW LEVEL SECURITY").await;
    let masking = super::clinic_masking();
    let some = sample(10.0, 1);
    let error = copy(&reader, target.url(), &masking, &some, |_| {})
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`visits`"), "{error}");
    assert!(
        error.help().unwrap().contains("row-level security"),
        "{error}"
    );
    run(&mut source, "ALTER TABLE visits DISABLE ROW LEVEL SECURITY").await;
    copy(&reader, target.url(), &masking, &some, |_| {})
        .await
        .unwrap();
    super::foreign_keys_hold(&mut target).await;
}
