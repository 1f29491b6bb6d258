//! Whether an extension can go from one version to another: only the server's files know.

use seachange_schema::plan::Refusal;
use seachange_schema::{Changes, Object, ObjectId, Plan};
use sqlx::PgConnection;

/// An extension that changes its version: name, from, to. None is what the server installs by itself.
type Update<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

/// The updates that a change asks for.
pub(crate) fn updates(changes: &Changes) -> Vec<Update<'_>> {
    let mut updates = Vec::new();
    for (id, change) in &changes.changes {
        if let (
            ObjectId::Extension { name },
            Some(Object::Extension(previous)),
            Some(Object::Extension(next)),
        ) = (id, &change.previous, &change.next)
            && previous.version != next.version
        {
            let versions = (previous.version.as_deref(), next.version.as_deref());
            updates.push((name.as_str(), versions.0, versions.1));
        }
    }
    updates
}

/// Refuses those for which the server behind the connection has no update path, instead of a plan that
/// fails there (`pg_extension_update_paths`).
pub(crate) async fn refuse_pathless(
    connection: &mut PgConnection,
    changes: &Changes,
    plan: &mut Plan,
) -> Result<(), sqlx::Error> {
    for (name, from, to) in updates(changes) {
        let exists: bool = sqlx::query_scalar(
            "WITH usual (version) AS (\
                 SELECT default_version FROM pg_available_extensions WHERE name = $1) \
             SELECT EXISTS (SELECT FROM usual, pg_extension_update_paths($1::name) \
                 WHERE source = coalesce($2, version) AND target = coalesce($3, version) \
                 AND path IS NOT NULL)",
        )
        .bind(name)
        .bind(from)
        .bind(to)
        .fetch_one(&mut *connection)
        .await?;
        if !exists {
            plan.refusals.push(Refusal {
                object: format!("extension {name}"),
                reason: format!(
                    "there is no update path from {} to {}",
                    worded(from),
                    worded(to)
                ),
            });
        }
    }
    Ok(())
}

fn worded(version: Option<&str>) -> String {
    match version {
        Some(version) => format!("version {version}"),
        None => "the version that this server installs".to_owned(),
    }
}
