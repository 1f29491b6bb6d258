//! Small SeaORM entities, recorded and built on a real server.

pub(crate) mod declared;

use std::path::{Path, PathBuf};

use sea_orm::sea_query::{ConditionalStatement, Expr, ExprTrait, Index, IndexCreateStatement};
use sea_orm::{DbBackend, Iterable, Schema, SchemaBuilder};
use seachange::Help;
use seachange::entities::{Declared, EntitiesError, Recorded, Renamed, record};
use seachange_schema::{Ident, Name};
use sqlx::PgConnection;

use crate::database::Fresh;
use declared::{clash, cycle, place, team};

fn empty() -> SchemaBuilder {
    SchemaBuilder::new(Schema::new(DbBackend::Postgres))
}

fn declared(builder: fn() -> SchemaBuilder) -> Declared {
    Declared {
        builder,
        indexes: Vec::new,
        sql: PathBuf::from("no/such/folder"),
        partitions_made_elsewhere: &[],
    }
}

fn all() -> Declared {
    let builder = || {
        empty()
            .register(cycle::hen::Entity)
            .register(team::Entity)
            .register(place::Entity)
            .register(cycle::egg::Entity)
    };
    let indexes = || {
        vec![
            Index::create()
                .name("team_rank_idx")
                .table(team::Entity)
                .col(team::Column::Rank)
                .and_where(Expr::col(team::Column::Name).ne("x"))
                .concurrently()
                .to_owned(),
        ]
    };
    Declared {
        indexes,
        ..declared(builder)
    }
}

fn sql(pieces: &[seachange::entities::Piece]) -> Vec<&str> {
    pieces.iter().map(|piece| piece.sql.as_str()).collect()
}

async fn strings(connection: &mut PgConnection, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query)
        .fetch_all(connection)
        .await
        .unwrap()
}

async fn build(recorded: &Recorded) -> Result<Fresh, EntitiesError> {
    let mut fresh = Fresh::create().await;
    match recorded.build(&mut fresh.connection).await {
        Ok(()) => Ok(fresh),
        Err(error) => Err(error),
    }
}

#[test]
fn statements_are_taken_apart_and_sorted() {
    let recorded = record(&all()).unwrap();
    assert_eq!(
        sql(&recorded.types),
        [
            r#"CREATE TYPE "Rank" AS ENUM ('low', 'high', E'it\'s')"#,
            r#"CREATE TYPE "tag" AS ENUM ('a', 'b')"#,
        ]
    );
    assert_eq!(
        sql(&recorded.schemas),
        [r#"CREATE SCHEMA IF NOT EXISTS "geo""#]
    );
    let origins: Vec<&str> = recorded
        .tables
        .iter()
        .map(|it| it.origin.as_str())
        .collect();
    assert_eq!(
        origins,
        [
            "entity `geo.place`",
            "entity `egg`",
            "entity `hen`",
            "entity `team`"
        ]
    );
    assert!(
        !recorded
            .tables
            .iter()
            .any(|it| it.sql.contains("REFERENCES"))
    );
    let keys: Vec<&str> = recorded
        .foreign_keys
        .iter()
        .map(|it| it.origin.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "foreign key `fk-egg-hen_id` of entity `egg`",
            "foreign key `fk-hen-egg_id` of entity `hen`",
            "foreign key `fk-team-parent_id` of entity `team`",
            "foreign key `fk-team-place_id` of entity `team`",
        ]
    );
    assert!(
        sql(&recorded.indexes)
            .iter()
            .all(|sql| !sql.contains("CONCURRENTLY"))
    );
}

#[test]
fn former_names_leave_the_comments() {
    let recorded = record(&all()).unwrap();
    let team = Name::public("team");
    let column = |column: &str, from: &str| Renamed::Column {
        table: team.clone(),
        column: Ident::new(column),
        from: Ident::new(from),
    };
    assert_eq!(
        recorded.renamed_from,
        [
            Renamed::Table {
                table: team.clone(),
                from: Ident::new("group")
            },
            column("name", "title"),
            column("rank", "grade"),
        ]
    );
    assert_eq!(
        sql(&recorded.comments),
        [
            r#"COMMENT ON TABLE "team" IS 'who it''s about'"#,
            r#"COMMENT ON COLUMN "team"."name" IS 'as printed'"#,
        ]
    );
}

#[test]
fn link_order_changes_nothing() {
    let other = declared(|| {
        empty()
            .register(place::Entity)
            .register(cycle::egg::Entity)
            .register(team::Entity)
            .register(cycle::hen::Entity)
    });
    let other = Declared {
        indexes: all().indexes,
        ..other
    };
    assert_eq!(
        record(&all()).unwrap().text(),
        record(&other).unwrap().text()
    );
}

#[tokio::test]
async fn everything_is_built() {
    let mut fresh = build(&record(&all()).unwrap()).await.unwrap();
    let connection = &mut fresh.connection;
    let columns = strings(
        connection,
        "SELECT attname || ' ' || format_type(atttypid, atttypmod) || \
         coalesce(' = ' || pg_get_expr(adbin, adrelid), '') \
         FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
         WHERE attrelid = 'team'::regclass AND attnum > 0 ORDER BY attnum",
    )
    .await;
    assert_eq!(
        columns,
        [
            "id integer",
            "name text",
            "rank \"Rank\" = 'low'::\"Rank\"",
            "ranks \"Rank\"[]",
            "tags tag[]",
            "parent_id integer",
            "place_id integer",
            "left integer",
            "right integer",
        ]
    );
    let constraints = strings(
        connection,
        "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
         WHERE contype = 'f' ORDER BY conname",
    )
    .await;
    assert_eq!(
        constraints,
        [
            "egg FOREIGN KEY (hen_id) REFERENCES hen(id) ON DELETE CASCADE",
            "hen FOREIGN KEY (egg_id) REFERENCES egg(id)",
            "team FOREIGN KEY (parent_id) REFERENCES team(id) ON DELETE SET NULL",
            "team FOREIGN KEY (place_id) REFERENCES geo.place(id)",
        ]
    );
    let indexes = strings(
        connection,
        "SELECT indexdef FROM pg_indexes WHERE tablename IN ('team', 'place', 'egg') \
         ORDER BY indexname",
    )
    .await;
    assert_eq!(
        indexes,
        [
            "CREATE UNIQUE INDEX egg_pkey ON public.egg USING btree (id)",
            "CREATE UNIQUE INDEX \"idx-team-span\" ON public.team USING btree (\"left\", \"right\")",
            "CREATE UNIQUE INDEX \"pk-place\" ON geo.place USING btree (id, land)",
            "CREATE UNIQUE INDEX place_id_key ON geo.place USING btree (id)",
            "CREATE UNIQUE INDEX team_pkey ON public.team USING btree (id)",
            "CREATE INDEX team_rank_idx ON public.team USING btree (rank) WHERE (name <> 'x'::text)",
        ]
    );
    let comments = strings(
        connection,
        "SELECT description FROM pg_description WHERE classoid = 'pg_class'::regclass \
         AND objoid = 'team'::regclass ORDER BY objsubid",
    )
    .await;
    assert_eq!(comments, ["who it's about", "as printed"]);
}

#[test]
fn one_enum_with_two_sets_of_labels_names_both_users() {
    let error = record(&declared(|| {
        empty().register(team::Entity).register(clash::Entity)
    }))
    .unwrap_err();
    let text = error.to_string();
    for part in [
        "enum `tag`",
        "('a', 'b')",
        "('a', 'c')",
        "`team`",
        "`clash`",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(error.help().is_some());
}

#[test]
fn the_registry_may_not_hold_one_table_twice() {
    let builder = || {
        let schema = Schema::new(DbBackend::Postgres);
        sea_orm::EntityRegistry::build_schema(schema, "it::entities::declared::twice")
    };
    let error = record(&declared(builder)).unwrap_err();
    assert_eq!(error.to_string(), "two entities name the table `twin`");
}

#[tokio::test]
async fn a_failing_statement_is_named_by_its_entity() {
    let error = build(&record(&declared(|| empty().register(cycle::hen::Entity))).unwrap())
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "foreign key `fk-hen-egg_id` of entity `hen`: relation \"egg\" does not exist \
         (SQLSTATE 42P01)"
    );
    assert!(error.help().unwrap().contains("registered"));

    let twice: fn() -> Vec<IndexCreateStatement> = || {
        team::Column::iter()
            .take(2)
            .map(|column| {
                Index::create()
                    .name("same")
                    .table(team::Entity)
                    .col(column)
                    .to_owned()
            })
            .collect()
    };
    let all = Declared {
        indexes: twice,
        ..all()
    };
    let error = build(&record(&all).unwrap()).await.err().unwrap();
    assert!(error.to_string().starts_with("index `same`: "), "{error}");
    assert_eq!(error.sql().unwrap().sqlstate.as_deref(), Some("42P07"));
}

#[tokio::test]
async fn files_run_before_and_after_and_say_where_they_fail() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "before/2.sql",
        "create function f() returns a language sql as 'select null::a';",
    );
    write("before/1.sql", "create domain a as int;");
    write("before/notes.txt", "no sql");
    write(
        "after/b.sql",
        "create view v as select * from team;\ncomment on view v is 'x';",
    );
    let all = Declared {
        sql: folder.path().to_owned(),
        partitions_made_elsewhere: &[],
        ..all()
    };
    let recorded = record(&all).unwrap();
    assert_eq!((recorded.before.len(), recorded.after.len()), (2, 1));
    build(&recorded).await.unwrap();

    write(
        "after/a.sql",
        "-- ok\ncreate view w as select nix from team;",
    );
    let error = build(&record(&all).unwrap()).await.err().unwrap();
    let path = folder.path().join("after/a.sql");
    assert!(
        error
            .to_string()
            .starts_with(&format!("{}:2: ", path.display())),
        "{error}"
    );

    write("after/c.sql/d.sql", "");
    std::fs::write(folder.path().join("before/3.sql"), [0xff]).unwrap();
    let error = record(&all).unwrap_err();
    assert!(error.to_string().contains("3.sql"), "{error}");
    assert!(Path::new(&all.sql).exists());
}
