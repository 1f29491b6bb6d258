//! SeaORM's own runner and ours, on one database and one record.

use sea_orm::Database;
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use seachange::runner::{Extent, Program, State, Target};

use super::database::TestDatabase;
use super::migrator::{Migrator, Sql, down, sql, table, up};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";

fn migrations() -> [Sql; 3] {
    let index = sql(
        B,
        "-- seachange: no-transaction\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nANALYZE a;\n",
        "DROP INDEX a_id;\n",
    );
    [table(A), index, table(C)]
}

struct SeaOrm;

impl MigratorTrait for SeaOrm {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations()
            .into_iter()
            .map(|migration| Box::new(migration) as Box<dyn MigrationTrait>)
            .collect()
    }
}

fn ours() -> Program {
    Migrator::of(&migrations()).program()
}

#[tokio::test]
async fn each_goes_on_where_the_other_stopped() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let theirs = Database::connect(url.as_str()).await.unwrap();

    SeaOrm::up(&theirs, Some(1)).await.unwrap();
    assert_eq!(up(&ours(), url, Extent::Steps(1)).await.done(), [B]);
    SeaOrm::up(&theirs, None).await.unwrap();
    assert_eq!(database.relations().await, "a a_id c");
    assert_eq!(up(&ours(), url, Extent::All).await.done(), [""; 0]);

    let status = seachange::runner::status(&ours(), &Target::new(url.as_str()))
        .await
        .unwrap();
    assert!(
        status
            .migrations
            .iter()
            .all(|one| one.state == State::Applied && !one.edited)
    );

    SeaOrm::down(&theirs, Some(1)).await.unwrap();
    assert_eq!(down(&ours(), url, Extent::Steps(1)).await.done(), [B]);
    SeaOrm::down(&theirs, None).await.unwrap();
    assert_eq!(database.relations().await, "");
    assert_eq!(up(&ours(), url, Extent::All).await.done(), [A, B, C]);
    let applied = SeaOrm::get_applied_migrations(&theirs).await.unwrap();
    assert_eq!(applied.len(), 3);
    theirs.close().await.unwrap();
}

/// Applied by us, taken back and changed and applied again by SeaORM's runner: what we remember is
/// not about what is there.
#[tokio::test]
async fn what_the_other_applied_since_is_not_called_edited() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let other = sql(A, "CREATE TABLE a (id bigint);", "DROP TABLE a;");
    up(&Migrator::of(&[other]).program(), url, Extent::All)
        .await
        .done();
    database
        .execute("UPDATE seaql_migrations SET applied_at = applied_at + 3600")
        .await;
    assert_eq!(up(&ours(), url, Extent::Steps(0)).await.done(), [""; 0]);
}

#[tokio::test]
async fn the_record_has_seaorms_shape() {
    let shape = "SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull), ', ' ORDER BY attnum)
                        || ' ' || (SELECT string_agg(pg_get_constraintdef(oid), ' ' ORDER BY pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = 'seaql_migrations'::regclass)
                 FROM pg_attribute WHERE attrelid = 'seaql_migrations'::regclass AND attnum > 0";
    let database = TestDatabase::new().await;
    up(&ours(), &database.url, Extent::All).await.done();
    let made_here = database.value(shape).await.unwrap();

    let database = TestDatabase::new().await;
    let theirs = Database::connect(database.url.as_str()).await.unwrap();
    SeaOrm::install(&theirs).await.unwrap();
    theirs.close().await.unwrap();
    assert_eq!(database.value(shape).await.unwrap(), made_here);
}
