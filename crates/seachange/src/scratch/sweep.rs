//! Dropping what processes left behind that were killed.

use super::error::ScratchError;
use super::host::{Host, PREFIX};

impl Host {
    /// A few at a time when a handle is opened, so that nobody waits for another's leftovers.
    pub(super) async fn sweep_some(&self) -> Result<(), ScratchError> {
        const AT_ONCE: usize = 4;
        self.sweep(AT_ONCE).await?;
        Ok(())
    }

    /// All that is left, unless somebody else is at it.
    pub(super) async fn sweep_alone(&self) -> Result<Vec<String>, ScratchError> {
        // The session that takes the lock has to give it back.
        let mut admin = self.admin().await?;
        let mine = admin
            .names(
                "take turns at dropping leftover scratch databases",
                "SELECT 'mine' WHERE pg_try_advisory_lock(hashtext(($1::text[])[1] || ' sweep'))",
                &[PREFIX.to_owned()],
            )
            .await?;
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let swept = self.sweep(usize::MAX).await;
        admin
            .names(
                "end the turn at dropping leftover scratch databases",
                "SELECT 'done' WHERE pg_advisory_unlock(hashtext(($1::text[])[1] || ' sweep'))",
                &[PREFIX.to_owned()],
            )
            .await?;
        swept
    }

    /// A scratch database belongs to the handle in its name, and that lives as long as its
    /// administrative session. The session can be seen from everywhere, also by other users and
    /// from other machines, where a process id means nothing. One that is kept has a comment.
    pub(super) async fn sweep(&self, most: usize) -> Result<Vec<String>, ScratchError> {
        let left = self
            .names(
                "look for leftover scratch databases",
                "SELECT d.datname::text FROM pg_database d \
                 WHERE starts_with(d.datname, ($1::text[])[1]) AND NOT d.datistemplate \
                 AND shobj_description(d.oid, 'pg_database') IS NULL \
                 AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.application_name = \
                 'seachange scratch ' || split_part(d.datname, '_', 3) || '_' \
                 || split_part(d.datname, '_', 4)) ORDER BY d.oid",
                &[PREFIX.to_owned()],
            )
            .await?;
        let mut dropped = Vec::new();
        for name in left.into_iter().take(most) {
            // Another process may be sweeping too, or it may be another role's.
            if self.drop_database(&name).await.is_ok() {
                dropped.push(name);
            }
        }
        Ok(dropped)
    }
}
