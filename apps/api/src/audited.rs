//! The way to the database. Reading is open to every handler; a change is a [`Change`], whose transaction can only be
//! committed together with its entry in the audit log. There is no other way to write, so none can be forgotten.

use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait as _, DatabaseConnection,
    DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait, QuerySelect, Select, SelectTwo,
    Set, TransactionTrait as _,
};
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::identity::User;
use crate::problem::Problem;

/// The pool, for reading.
pub(crate) struct Database {
    pool: DatabaseConnection,
}

impl Database {
    pub(crate) fn new(pool: DatabaseConnection) -> Self {
        Self { pool }
    }

    pub(crate) async fn one<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Option<E::Model>, Problem> {
        Ok(select.one(&self.pool).await?)
    }

    pub(crate) async fn all<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Vec<E::Model>, Problem> {
        Ok(select.all(&self.pool).await?)
    }

    pub(crate) async fn pairs<E: EntityTrait, F: EntityTrait>(
        &self,
        select: SelectTwo<E, F>,
    ) -> Result<Vec<(E::Model, Option<F::Model>)>, Problem> {
        Ok(select.all(&self.pool).await?)
    }
}

/// A change under way: a transaction of one user. Dropped, it never happened.
#[must_use = "a change that is not committed never happened"]
pub(crate) struct Change {
    transaction: DatabaseTransaction,
    user: Uuid,
}

/// What the audit log says of a change: who is the change's to know.
pub(crate) struct Entry {
    pub(crate) action: &'static str,
    pub(crate) resource: &'static str,
    pub(crate) resource_id: Uuid,
    pub(crate) metadata: Option<Value>,
}

impl Entry {
    pub(crate) fn new(action: &'static str, resource: &'static str, resource_id: Uuid) -> Self {
        Self {
            action,
            resource,
            resource_id,
            metadata: None,
        }
    }

    pub(crate) fn with(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }
}

impl Change {
    /// Nobody waits for a row for longer than five seconds, and a request that hangs lets go of its rows.
    pub(crate) async fn begin(app: &App, user: &User) -> Result<Self, Problem> {
        let transaction = app.database().pool.begin().await?;
        transaction
            .execute_unprepared(
                "SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '15s'",
            )
            .await?;
        Ok(Self {
            transaction,
            user: user.id(),
        })
    }

    /// The row, which nobody else changes until this ends.
    pub(crate) async fn locked<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Option<E::Model>, Problem> {
        let select = select.lock(LockType::NoKeyUpdate);
        Ok(select.one(&self.transaction).await?)
    }

    /// The row, which stays as it is until this ends; others may read it for the same.
    pub(crate) async fn kept<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Option<E::Model>, Problem> {
        Ok(select.lock(LockType::Share).one(&self.transaction).await?)
    }

    pub(crate) async fn all<E: EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Vec<E::Model>, Problem> {
        Ok(select.all(&self.transaction).await?)
    }

    pub(crate) async fn insert<A>(
        &self,
        row: A,
    ) -> Result<<A::Entity as EntityTrait>::Model, Problem>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        Ok(row.insert(&self.transaction).await?)
    }

    pub(crate) async fn update<A>(
        &self,
        row: A,
    ) -> Result<<A::Entity as EntityTrait>::Model, Problem>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        Ok(row.update(&self.transaction).await?)
    }

    pub(crate) async fn delete<M, A>(&self, row: M) -> Result<(), Problem>
    where
        M: ModelTrait + IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = M::Entity> + ActiveModelBehavior + Send,
    {
        row.delete(&self.transaction).await?;
        Ok(())
    }

    /// The only end that keeps what was changed.
    pub(crate) async fn commit(self, entry: Entry) -> Result<(), Problem> {
        db::audit_logs::ActiveModel {
            user_id: Set(self.user),
            action: Set(entry.action.to_owned()),
            resource: Set(entry.resource.to_owned()),
            resource_id: Set(Some(entry.resource_id)),
            metadata: Set(entry.metadata),
            ..Default::default()
        }
        .insert(&self.transaction)
        .await?;
        self.transaction.commit().await?;
        tracing::info!(
            action = entry.action,
            resource = entry.resource,
            id = %entry.resource_id,
            "changed"
        );
        Ok(())
    }
}
