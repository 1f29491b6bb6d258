//! Which cluster a session is in, whatever name it was reached by.

use sqlx::PgConnection;

/// The cluster's system identifier, the same for its replicas; none where the role may not read it, or the
/// server has none.
pub(crate) async fn system_identifier(
    connection: &mut PgConnection,
) -> Result<Option<String>, sqlx::Error> {
    let readable: bool = sqlx::query_scalar(
        "SELECT coalesce(has_function_privilege(to_regprocedure('pg_catalog.pg_control_system()'), 'EXECUTE'), false)",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !readable {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
        .fetch_one(connection)
        .await
        .map(Some)
}
