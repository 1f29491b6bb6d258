//! Dropping what processes left behind that were killed.

use super::error::ScratchError;
use super::host::Host;

impl Host {
    /// A few at a time when a handle is opened, so that nobody waits for another's leftovers.
    pub(super) async fn sweep_some(&self) -> Result<(), ScratchError> {
        const AT_ONCE: usize = 4;
        self.sweep(AT_ONCE).await?;
        Ok(())
    }

    /// A scratch database belongs to the handle in its name, and that lives as long as its
    /// administrative session. The session can be seen from everywhere, also by other users and
    /// from other machines, where a process id means nothing.
    pub(super) async fn sweep(&self, most: usize) -> Result<Vec<String>, ScratchError> {
        let left = self
            .names(
                "look for leftover scratch databases",
                "SELECT d.datname::text FROM pg_database d \
                 WHERE starts_with(d.datname, ($1::text[])[1]) AND NOT d.datistemplate \
                 AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.application_name = \
                 'seachange scratch ' || split_part(d.datname, '_', 3) || '_' \
                 || split_part(d.datname, '_', 4)) ORDER BY d.oid",
                &["seachange_scratch_".to_owned()],
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
