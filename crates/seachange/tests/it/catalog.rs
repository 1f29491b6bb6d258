//! Schemas read from a real PostgreSQL: every kind of object, what is left out, what is reported.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::{expect, expect_file};
use seachange::Help;
use seachange::catalog::{CatalogError, read, read_within};
use seachange::connection::{SqlText, run_sql};
use seachange_schema::{Name, ObjectId, Schema};
use sqlx::{Connection, PgConnection};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::database::Fresh;

const OBJECTS: &str = include_str!("catalog/objects.sql");
const UNMODELLED: &str = include_str!("catalog/unmodelled.sql");

async fn run(connection: &mut PgConnection, text: &str) {
    let path = "setup.sql";
    run_sql(connection, SqlText { path, text })
        .await
        .unwrap_or_else(|error| panic!("{error}"));
}

/// What a database holds after `setup`.
async fn schema_of(setup: &str) -> Schema {
    let mut fresh = Fresh::create().await;
    run(&mut fresh.connection, setup).await;
    read(&mut fresh.connection).await.unwrap()
}

/// Each object on a line, what it needs below it.
fn render(schema: &Schema) -> String {
    let mut text = String::new();
    for (id, object) in &schema.objects {
        let json = serde_json::to_string(object).unwrap();
        text.push_str(&format!("{id}\n    {json}\n"));
        for need in schema.needs(id) {
            text.push_str(&format!("    -> {need}\n"));
        }
    }
    text
}

#[tokio::test]
async fn every_kind_of_object_is_read_whole() {
    let schema = schema_of(OBJECTS).await;
    assert_eq!(schema.unmodelled, []);
    expect_file!["catalog/objects.txt"].assert_eq(&render(&schema));
}

#[tokio::test]
async fn what_is_needed_is_there() {
    let schema = schema_of(OBJECTS).await;
    assert!(schema.depends.len() > 50);
    for (id, needs) in &schema.depends {
        assert!(schema.contains(id), "{id}");
        for need in needs {
            assert!(schema.contains(need), "{id} -> {need}");
            assert_ne!(id, need);
        }
    }
}

#[tokio::test]
async fn what_the_model_lacks_is_reported() {
    let schema = schema_of(UNMODELLED).await;
    let owner = schema_owner().await;
    let lines: Vec<String> = schema
        .unmodelled
        .iter()
        .map(|found| match (found.kind.as_str(), &found.definition) {
            // Its options are more with each version.
            ("publication" | "collation", _) | (_, None) => {
                format!("{} {}\n", found.kind, found.name)
            }
            (kind, Some(definition)) => format!("{kind} {}: {definition}\n", found.name),
        })
        .map(|line| {
            // Whose the schema public is since version 15.
            line.replace("pg_database_owner", "owner")
                .replace(&owner, "owner")
        })
        .collect();
    expect![[r#"
        access method pile: t heap_tableam_handler
        access method piled: pile
        cast (public.mood AS pg_catalog.text): a i
        column statistics base_lower.lower: 7
        comment index public.base_pkey: the key
        comment sequence public.base_big_seq: counts
        conversion public.latin: LATIN1 to UTF8 from iso8859_1_to_utf8 default f
        extension dependence function touch(): citext
        foreign table public.away: far a integer NOT NULL
        foreign-data wrapper elsewhere
        grant foreign table public.away: pg_monitor=r/owner
        grant server far: pg_monitor=U/owner
        grant table public.of_pair: pg_read_all_stats=r/pg_monitor
        operator public.===(integer,integer): int4eq commutator 0 negator 0 restrict - join - hashes f merges f
        operator class public.whole USING btree: for integer default f
        operator family public.whole USING btree: 3 ===(integer,integer) 1 btint4cmp(integer,integer)
        server far: elsewhere
        text search configuration public.search: default
        text search dictionary public.words: simple
        trigger state part_1.parted: D
        type public.shell: shell_in shell_out - - - - - length 4 align i storage p byvalue t category P preferred f default delimiter ,
        typed table of_pair: pair
        view column default seen.code: 'x'::text
    "#]].assert_eq(&lines.concat());
}

async fn schema_owner() -> String {
    let mut fresh = Fresh::create().await;
    sqlx::query_scalar("SELECT quote_ident(current_user)")
        .fetch_one(&mut fresh.connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_empty_database_has_its_public_schema_alone() {
    let schema = schema_of("").await;
    let ids: Vec<String> = schema.objects.keys().map(ObjectId::to_string).collect();
    assert_eq!(ids, ["schema public"]);
    assert_eq!(schema.depends.len(), 0);
    assert_eq!(schema.unmodelled, []);
}

#[tokio::test]
async fn reading_changes_nothing_and_gives_the_same_again() {
    let mut fresh = Fresh::create().await;
    run(&mut fresh.connection, OBJECTS).await;
    let first = read(&mut fresh.connection).await.unwrap();
    let second = read(&mut fresh.connection).await.unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn the_sessions_settings_do_not_matter_and_stay() {
    let settings = "SELECT array_agg(name || '=' || setting ORDER BY name)::text FROM pg_settings \
        WHERE source = 'session' OR name = 'jit'";
    let mut fresh = Fresh::create().await;
    run(&mut fresh.connection, OBJECTS).await;
    let plain = read(&mut fresh.connection).await.unwrap();
    run(
        &mut fresh.connection,
        "SET search_path = \"Odd Schema\", pg_catalog; SET datestyle = 'German'; \
         SET intervalstyle = iso_8601; SET timezone = 'Asia/Tokyo'; SET bytea_output = escape; \
         SET extra_float_digits = -15; SET quote_all_identifiers = on;",
    )
    .await;
    let mut transaction = fresh.connection.begin().await.unwrap();
    let before: String = sqlx::query_scalar(settings)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    let pinned = read_within(&mut transaction).await.unwrap();
    let after: String = sqlx::query_scalar(settings)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(render(&pinned), render(&plain));
    assert_eq!(after, before);
    assert!(before.contains("Tokyo"), "{before}");
}

#[tokio::test]
async fn a_reading_within_a_transaction_sees_what_that_did() {
    let mut fresh = Fresh::create().await;
    let mut transaction = fresh.connection.begin().await.unwrap();
    run(&mut transaction, "CREATE TABLE t (a int)").await;
    let within = read_within(&mut transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    let after = read(&mut fresh.connection).await.unwrap();
    let table = ObjectId::Table {
        name: Name::public("t"),
    };
    assert!(within.contains(&table));
    assert!(!after.contains(&table));
}

#[tokio::test]
async fn the_tables_of_records_are_not_there() {
    let schema = schema_of(
        "CREATE TABLE seaql_migrations (version varchar PRIMARY KEY, applied_at bigint NOT NULL);
         CREATE TABLE seachange_history (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n serial, note text DEFAULT now());
         CREATE INDEX by_note ON seachange_history (lower(note));
         COMMENT ON TABLE seachange_history IS 'x';
         COMMENT ON COLUMN seachange_history.note IS 'x';
         COMMENT ON INDEX seachange_history_pkey IS 'x';
         COMMENT ON SEQUENCE seachange_history_id_seq IS 'x';
         GRANT SELECT ON seachange_history TO PUBLIC;
         GRANT SELECT (version) ON seaql_migrations TO PUBLIC;
         GRANT USAGE ON SEQUENCE seachange_history_n_seq TO PUBLIC;",
    )
    .await;
    assert_eq!(schema, schema_of("").await);
}

#[tokio::test]
async fn a_failed_transaction_is_an_error_that_names_the_cause() {
    let mut fresh = Fresh::create().await;
    let mut transaction = fresh.connection.begin().await.unwrap();
    let failed = sqlx::raw_sql("SELECT 1 / 0").execute(&mut *transaction);
    failed.await.unwrap_err();
    let error = read_within(&mut transaction).await.unwrap_err();
    assert!(matches!(&error, CatalogError::Query { .. }), "{error:?}");
    transaction.rollback().await.unwrap();

    let mut transaction = fresh.connection.begin().await.unwrap();
    let error = read(&mut transaction).await.unwrap_err();
    assert!(error.help().unwrap().contains("open transaction"));
    transaction.rollback().await.unwrap();
    // The connection is as good as before.
    read(&mut fresh.connection).await.unwrap();
}

/// Counts what sqlx sends.
struct Sent(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Sent {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test]
async fn as_much_is_sent_for_many_objects_as_for_none() {
    let sent = Arc::new(AtomicUsize::new(0));
    let subscriber = tracing_subscriber::registry().with(Sent(Arc::clone(&sent)));
    let guard = tracing::subscriber::set_default(subscriber);
    let mut counts = Vec::new();
    for setup in ["", OBJECTS] {
        let mut fresh = Fresh::create().await;
        run(&mut fresh.connection, setup).await;
        // `open` does not log statements.
        let mut logged = PgConnection::connect(fresh.url()).await.unwrap();
        sent.store(0, Ordering::Relaxed);
        read(&mut logged).await.unwrap();
        counts.push(sent.load(Ordering::Relaxed));
        logged.close().await.unwrap();
    }
    drop(guard);
    // BEGIN, and one message with every query.
    assert_eq!(counts, [2, 2]);
}

#[tokio::test]
async fn functions_in_public_are_not_called() {
    let hostile = "CREATE FUNCTION trap() RETURNS text LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'called'; END$$;
         CREATE FUNCTION json_build_object(text, name, text, name) RETURNS json
             LANGUAGE sql AS 'SELECT trap()::json';
         CREATE FUNCTION quote_ident(name) RETURNS text LANGUAGE sql AS 'SELECT trap()';
         CREATE FUNCTION trap(oid, regclass) RETURNS boolean LANGUAGE sql AS 'SELECT trap() = $$$$';
         CREATE OPERATOR = (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = trap);
         CREATE FUNCTION trap(oid, int) RETURNS boolean LANGUAGE sql AS 'SELECT trap() = $$$$';
         CREATE OPERATOR >= (LEFTARG = oid, RIGHTARG = int, FUNCTION = trap);
         CREATE TABLE t (a int);";
    let schema = schema_of(hostile).await;
    assert_eq!(schema.tables().count(), 1);
}
