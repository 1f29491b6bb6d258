//! A connection that SeaORM believes to be one, and that only takes down what it is told.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt;
use sea_orm::sea_query::extension::postgres::TypeCreateStatement;
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, SchemaBuilder, Statement,
    StatementBuilder,
};
use sqlx::postgres::PgQueryResult;

use super::error::EntitiesError;

/// One statement of SeaORM, still typed.
pub(crate) enum Seen {
    Type(TypeCreateStatement),
    Table(Box<TableCreateStatement>),
    Index(IndexCreateStatement),
}

/// What the builder would run: for each entity its types, its table, its indexes.
pub(super) fn statements_of(builder: SchemaBuilder) -> Result<Vec<Seen>, EntitiesError> {
    let registered = format!("{builder:?}");
    let recorder = Recorder::default();
    builder
        .apply(&recorder)
        .now_or_never()
        .expect("the recorder answers at once, so nothing is ever waited for")
        .map_err(EntitiesError::Record)?;
    let seen = recorder
        .seen
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    check_registered(&registered, &seen)?;
    Ok(seen)
}

/// SeaORM runs only the first of two entities with one table. Its debug text, which lists both, is
/// the only place where the second can be seen.
fn check_registered(registered: &str, seen: &[Seen]) -> Result<(), EntitiesError> {
    const BEFORE_NAME: &str = "EntitySchemaInfo { table: \"CREATE TABLE ";
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let mut entities = 0;
    for rest in registered.split(BEFORE_NAME).skip(1) {
        let name = rest.split(" (").next().unwrap_or(rest);
        *times.entry(name).or_default() += 1;
        entities += 1;
    }
    let tables = seen.iter().filter(|one| matches!(one, Seen::Table(_)));
    if entities <= tables.count() {
        return Ok(());
    }
    match times.into_iter().find(|(_, times)| *times > 1) {
        Some((name, _)) => Err(EntitiesError::SameTable {
            table: name.replace("\\\"", ""),
        }),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Recorder {
    seen: Mutex<Vec<Seen>>,
}

#[async_trait::async_trait]
impl ConnectionTrait for Recorder {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute<S: StatementBuilder>(&self, statement: &S) -> Result<ExecResult, DbErr> {
        let seen = if let Some(create) = as_type::<S, TypeCreateStatement>(statement) {
            Seen::Type(create.clone())
        } else if let Some(create) = as_type::<S, TableCreateStatement>(statement) {
            Seen::Table(Box::new(create.clone()))
        } else if let Some(create) = as_type::<S, IndexCreateStatement>(statement) {
            Seen::Index(create.clone())
        } else {
            return Err(unexpected(statement.build(&DbBackend::Postgres).sql));
        };
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(seen);
        Ok(PgQueryResult::default().into())
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Err(unexpected(statement.sql))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Err(unexpected(sql.to_owned()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Err(unexpected(statement.sql))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Err(unexpected(statement.sql))
    }
}

fn unexpected(sql: String) -> DbErr {
    DbErr::Custom(format!(
        "a statement that creates no type, table or index: {sql}"
    ))
}

/// SeaORM's statement as the type that it is. `Any` would do, were `S` said to be `'static`.
fn as_type<S, T: 'static>(statement: &S) -> Option<&T> {
    if typeid::of::<S>() != TypeId::of::<T>() {
        return None;
    }
    #[expect(
        unsafe_code,
        reason = "S is T: their type ids are the same, and T has no lifetime that could differ"
    )]
    Some(unsafe { &*std::ptr::from_ref(statement).cast::<T>() })
}
