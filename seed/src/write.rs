//! Fixtures into the database, through the entities: all of them in one transaction, or none.

use db::{applications, audit_logs, comments, files, programs, reviews, users};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IdenStatic,
    IntoActiveModel, Iterable, PrimaryKeyToColumn, TransactionTrait,
};

use seachange::seed::Loaded;

use crate::error::SeedError;
use crate::fixtures::Fixtures;

/// What becomes of a row whose id is there already.
#[derive(Clone, Copy)]
enum Existing {
    /// It is set back to what the fixture says.
    SetBack,
    /// It stays: the audit log refuses changes, and needs none.
    Keep,
}

/// Writes every row, so that afterwards each is as the fixtures say. Rows of other ids are left
/// alone; one that holds a unique value of the fixtures is an error.
pub(crate) async fn write(
    connection: &DatabaseConnection,
    fixtures: Fixtures,
) -> Result<Vec<Loaded>, SeedError> {
    let transaction = connection.begin().await.map_err(SeedError::transaction)?;
    let on = &transaction;
    // Referred-to tables before those that refer to them.
    let seeded = vec![
        upsert::<users::Entity>(on, fixtures.users, Existing::SetBack).await?,
        upsert::<programs::Entity>(on, fixtures.programs, Existing::SetBack).await?,
        upsert::<applications::Entity>(on, fixtures.applications, Existing::SetBack).await?,
        upsert::<files::Entity>(on, fixtures.files, Existing::SetBack).await?,
        upsert::<reviews::Entity>(on, fixtures.reviews, Existing::SetBack).await?,
        upsert::<comments::Entity>(on, fixtures.comments, Existing::SetBack).await?,
        upsert::<audit_logs::Entity>(on, fixtures.audit_logs, Existing::Keep).await?,
    ];
    transaction.commit().await.map_err(SeedError::transaction)?;
    Ok(seeded)
}

async fn upsert<E>(
    transaction: &DatabaseTransaction,
    rows: Vec<E::Model>,
    existing: Existing,
) -> Result<Loaded, SeedError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let table = E::default().table_name();
    let count = rows.len() as u64;
    let keys: Vec<E::Column> = E::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect();
    let mut conflict = OnConflict::columns(keys.iter().copied());
    match existing {
        Existing::SetBack => conflict.update_columns(
            E::Column::iter()
                .filter(|column| keys.iter().all(|key| key.as_str() != column.as_str())),
        ),
        Existing::Keep => conflict.do_nothing(),
    };
    E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(conflict)
        .exec_without_returning(transaction)
        .await
        .map_err(|source| SeedError::write(table, source))?;
    Ok(Loaded {
        table: table.to_owned(),
        rows: count,
    })
}
