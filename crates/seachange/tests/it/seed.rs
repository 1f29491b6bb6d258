//! Rows by plan: the same every time, whole or not at all, and as the constraints want them.

mod shop;

use rand::RngExt;
use seachange::Help;
use seachange::seed::{Existing, Plan, SeedError, Spread};
use sqlx::PgConnection;

use super::database::Fresh;
use shop::{customer, member, plan as shop_plan, sale, team};

async fn empty() -> Fresh {
    let mut fresh = Fresh::create().await;
    run(&mut fresh.connection, shop::TABLES).await;
    fresh
}

async fn run(connection: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}

/// Every row of every table, as text.
async fn dump(connection: &mut PgConnection) -> Vec<String> {
    let mut rows = Vec::new();
    for query in [
        "SELECT t::text FROM customer t ORDER BY id",
        "SELECT t::text FROM sale t ORDER BY id",
        "SELECT t::text FROM team t ORDER BY id",
        "SELECT t::text FROM member t ORDER BY id",
    ] {
        let part: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        rows.extend(part);
    }
    rows
}

async fn load(fresh: &mut Fresh, plan: &Plan, existing: Existing) -> Result<(), SeedError> {
    plan.load(&mut fresh.connection, existing, &mut |_| {})
        .await
        .map(drop)
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let (mut first, mut second, mut other) = (empty().await, empty().await, empty().await);
    load(&mut first, &shop_plan(7), Existing::Refuse)
        .await
        .unwrap();
    load(&mut second, &shop_plan(7), Existing::Refuse)
        .await
        .unwrap();
    load(&mut other, &shop_plan(8), Existing::Refuse)
        .await
        .unwrap();
    let rows = dump(&mut first.connection).await;
    assert_eq!(rows, dump(&mut second.connection).await);
    assert_ne!(rows, dump(&mut other.connection).await);

    // What the tables ask for was checked by PostgreSQL; what they don't ask for is checked here.
    let counts: (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM customer), \
         (SELECT count(*) FROM customer WHERE nickname IS NULL), \
         (SELECT count(*) FROM sale WHERE previous_id IS NULL), \
         (SELECT count(*) FROM team WHERE lead_id IS NOT NULL)",
    )
    .fetch_one(&mut first.connection)
    .await
    .unwrap();
    assert_eq!(counts.0, 2_000);
    assert!((900..1_100).contains(&counts.1), "{counts:?}");
    assert_eq!((counts.2, counts.3), (1, 20));
}

/// The rows of one seed, for ever: changing them is a change for everybody who has a seed.
#[tokio::test]
async fn a_seed_is_a_promise() {
    let mut fresh = empty().await;
    load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap();
    let row: String = sqlx::query_scalar("SELECT c::text FROM customer c WHERE id = 1000")
        .fetch_one(&mut fresh.connection)
        .await
        .unwrap();
    expect_test::expect![[r#"(1000,ppxx6tr@example.org,,fine,"{""a,b"",mec8hpz,""\\""\\\\{}""}","2025-06-16 09:54:15.148896+00",PPXX6TR@EXAMPLE.ORG)"#]].assert_eq(&row);
}

#[tokio::test]
async fn a_table_more_changes_no_other() {
    let (mut both, mut alone) = (empty().await, empty().await);
    load(&mut both, &shop_plan(3), Existing::Refuse)
        .await
        .unwrap();
    let mut plan = Plan::new(3);
    let customers = plan.rows(2_000);
    plan.table(&customers, customer);
    load(&mut alone, &plan, Existing::Refuse).await.unwrap();
    let customers = "SELECT c::text FROM customer c ORDER BY id";
    let mut rows = Vec::new();
    for fresh in [&mut both, &mut alone] {
        let found: Vec<String> = sqlx::query_scalar(customers)
            .fetch_all(&mut fresh.connection)
            .await
            .unwrap();
        rows.push(found);
    }
    assert_eq!(rows[0], rows[1]);
}

#[tokio::test]
async fn the_next_insert_gets_the_next_number() {
    let mut fresh = empty().await;
    load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap();
    let next: i32 = sqlx::query_scalar(
        "INSERT INTO customer (email, mood, joined) VALUES ('x', 'fine', now()) RETURNING id",
    )
    .fetch_one(&mut fresh.connection)
    .await
    .unwrap();
    assert_eq!(next, 2_001);
}

#[tokio::test]
async fn rows_that_are_there_stay_unless_they_are_to_go() {
    let mut fresh = empty().await;
    load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap();
    let before = dump(&mut fresh.connection).await;
    let error = load(&mut fresh, &shop_plan(2), Existing::Refuse)
        .await
        .unwrap_err();
    assert!(matches!(&error, SeedError::Occupied { .. }), "{error:?}");
    assert!(error.help().unwrap().contains("--truncate"));
    assert_eq!(dump(&mut fresh.connection).await, before);

    // A trigger that refuses TRUNCATE is on again afterwards.
    run(
        &mut fresh.connection,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;
         CREATE TRIGGER keep BEFORE TRUNCATE ON sale EXECUTE FUNCTION refuse();",
    )
    .await;
    load(&mut fresh, &shop_plan(1), Existing::Truncate)
        .await
        .unwrap();
    assert_eq!(dump(&mut fresh.connection).await, before);
    let truncate = sqlx::raw_sql("TRUNCATE sale").execute(&mut fresh.connection);
    assert!(truncate.await.unwrap_err().to_string().contains("no"));

    // Rows of a table that nobody planned are nobody's to delete.
    run(
        &mut fresh.connection,
        "CREATE TABLE other (customer_id int REFERENCES customer); INSERT INTO other VALUES (1);",
    )
    .await;
    let error = load(&mut fresh, &shop_plan(1), Existing::Truncate)
        .await
        .unwrap_err();
    assert!(matches!(&error, SeedError::Referring { table } if table == "other"));
    assert_eq!(dump(&mut fresh.connection).await, before);
}

#[tokio::test]
async fn what_fails_leaves_nothing() {
    let mut fresh = empty().await;
    let mut plan = Plan::new(1);
    let customers = plan.rows::<customer::Entity>(5_000);
    let sales = plan.rows::<sale::Entity>(100);
    plan.table(&customers, customer);
    plan.table(&sales, |row| sale::Model {
        amount: if row.number() == 99 { 0 } else { 1 },
        customer_id: 1,
        ..sale(row, 1, row.serial(), None)
    });
    let error = load(&mut fresh, &plan, Existing::Refuse).await.unwrap_err();
    assert!(error.to_string().contains("line 100"), "{error}");
    assert!(error.help().unwrap().contains("sale_amount_check"));
    assert!(dump(&mut fresh.connection).await.is_empty());

    let mut plan = Plan::new(1);
    let customers = plan.rows::<customer::Entity>(5_000);
    plan.table(&customers, |row| {
        assert!(row.number() != 4_000, "no email for this one");
        customer(row)
    });
    let error = load(&mut fresh, &plan, Existing::Refuse).await.unwrap_err();
    assert!(
        error.to_string().contains("no email for this one"),
        "{error}"
    );
    assert!(dump(&mut fresh.connection).await.is_empty());
}

#[tokio::test]
async fn what_the_database_asks_for_is_known_before() {
    let mut fresh = empty().await;
    run(
        &mut fresh.connection,
        "ALTER TABLE customer ADD COLUMN vat text NOT NULL",
    )
    .await;
    let error = load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `customer.vat` is required, and the entity doesn't have it"
    );
    run(
        &mut fresh.connection,
        "ALTER TABLE customer DROP COLUMN vat; ALTER TABLE team DROP COLUMN lead_id;",
    )
    .await;
    let error = load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database has no column `team.lead_id`"
    );
    run(&mut fresh.connection, "DROP TABLE sale").await;
    let error = load(&mut fresh, &shop_plan(1), Existing::Refuse)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the database has no table `sale`");
}

#[tokio::test]
async fn a_circle_wants_a_second_pass() {
    let mut fresh = empty().await;
    let mut plan = Plan::new(1);
    let teams = plan.rows::<team::Entity>(2);
    let members = plan.rows::<member::Entity>(4);
    plan.table(&teams, |row| team::Model {
        id: row.serial(),
        lead_id: Some(row.serial()),
    });
    plan.table(&members, |row| member::Model {
        id: row.serial(),
        team_id: 1,
        score: row.chance(member::Column::Score).random(),
    });
    let error = load(&mut fresh, &plan, Existing::Refuse).await.unwrap_err();
    assert!(matches!(&error, SeedError::Circle { tables } if tables.len() == 2));
    assert!(error.help().unwrap().contains("table_later"));
}

#[tokio::test]
async fn a_skewed_spread_favours_the_first() {
    let plan = Plan::new(5);
    let customers = plan.rows::<customer::Entity>(1_000);
    let sales = plan.rows::<sale::Entity>(10_000);
    let picked = |spread| {
        let pick = |number| {
            sales
                .at(number)
                .pick(sale::Column::CustomerId, &customers, spread)
        };
        (0..10_000)
            .filter(|number| pick(*number).number() < 250)
            .count()
    };
    assert!((2_300..2_700).contains(&picked(Spread::Even)));
    assert!((4_800..5_200).contains(&picked(Spread::Skewed(2))));
}
