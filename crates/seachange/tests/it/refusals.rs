//! Changes that PostgreSQL has no way for: the plan says so, by name, instead of failing or leaving a
//! difference.

use seachange::draft::{self, Answers};
use seachange::proof::{self, Leg, difference};
use seachange::source::Source;
use seachange_schema::script;

use crate::cases::road;

/// An heir that keeps a column which its parent loses gets it as its own, with its values, and only then
/// with another type; the way back would have to take it away again.
#[tokio::test]
async fn a_column_does_not_become_an_inherited_one() {
    let home = tempfile::tempdir().unwrap();
    let side = |name: &str, sql: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, sql).unwrap();
        Source::Sql(path)
    };
    let previous = side(
        "previous.sql",
        "CREATE TABLE base (id int, e int); CREATE TABLE a () INHERITS (base); \
         CREATE TABLE b () INHERITS (base);",
    );
    let next = side(
        "next.sql",
        "CREATE TABLE base (id int); CREATE TABLE a (e bigint) INHERITS (base); \
         CREATE TABLE b () INHERITS (base);",
    );
    let road = road(home.path()).await;
    let draft = draft::draft(&road, &previous, &next, &Answers::default())
        .await
        .unwrap();
    assert!(draft.up.refusals.is_empty(), "{:?}", draft.up.refusals);
    let reasons: Vec<_> = draft.down.refusals.iter().collect();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!(reasons[0].object, "column a.e");

    let database = road.database(&previous).await.unwrap();
    let mut connection = database.connect().await.unwrap();
    sqlx::raw_sql("INSERT INTO a VALUES (1, 7)")
        .execute(&mut connection)
        .await
        .unwrap();
    proof::run(&mut connection, &draft.up, Leg::Up)
        .await
        .unwrap();
    let arrived = seachange::catalog::read(&mut connection).await.unwrap();
    assert_eq!(difference(&arrived, &draft.next), Vec::<String>::new());
    let kept: i64 = sqlx::query_scalar("SELECT e FROM a")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(kept, 7, "{}", script::script(&draft.up.phases[0]));
    drop(connection);
    database.drop().await.unwrap();
    road.close().await.unwrap();
}

/// Few extensions have scripts that lead back to an earlier version.
#[tokio::test]
async fn an_extension_without_a_path_back() {
    let home = tempfile::tempdir().unwrap();
    let side = |name: &str, version: &str| {
        let path = home.path().join(name);
        std::fs::write(
            &path,
            format!("CREATE EXTENSION pg_trgm VERSION '{version}';"),
        )
        .unwrap();
        Source::Sql(path)
    };
    let (previous, next) = (side("previous.sql", "1.3"), side("next.sql", "1.5"));
    let road = road(home.path()).await;
    let draft = draft::draft(&road, &previous, &next, &Answers::default())
        .await
        .unwrap();
    assert!(draft.up.refusals.is_empty(), "{:?}", draft.up.refusals);
    assert_eq!(draft.down.refusals[0].object, "extension pg_trgm");
    assert!(
        draft.down.refusals[0]
            .reason
            .ends_with("from version 1.5 to version 1.3")
    );
    road.close().await.unwrap();
}

/// To keep the values of a virtual generated column, they have to be computed; a plan that also changes
/// what they are computed from comes too late.
#[tokio::test]
async fn a_virtual_column_is_stored_before_what_it_reads_changes() {
    if crate::database::version().await < 18 {
        eprintln!("not tested: virtual generated columns need PostgreSQL 18");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let side = |name: &str, columns: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, format!("CREATE TABLE t ({columns})")).unwrap();
        Source::Sql(path)
    };
    let previous = side(
        "previous.sql",
        "a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL",
    );
    let next = side("next.sql", "a bigint, b int");
    let road = road(home.path()).await;
    let draft = draft::draft(&road, &previous, &next, &Answers::default())
        .await
        .unwrap();
    assert_eq!(draft.up.refusals.len(), 1, "{:?}", draft.up.refusals);
    assert_eq!(draft.up.refusals[0].object, "column t.b");
    assert!(draft.up.refusals[0].reason.contains("column t.a"));
    assert!(draft.down.refusals.is_empty(), "{:?}", draft.down.refusals);
    road.close().await.unwrap();
}
