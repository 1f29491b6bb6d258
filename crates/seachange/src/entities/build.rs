//! Carrying out what was recorded, in a scratch database.

use sqlx::{Connection, PgConnection};

use super::error::EntitiesError;
use super::recorded::{Piece, Recorded};
use crate::connection::{SqlText, run_sql};

impl Recorded {
    /// Runs everything in one transaction. The database is a scratch one: empty.
    #[tracing::instrument(name = "entities", skip_all)]
    pub async fn build(&self, connection: &mut PgConnection) -> Result<(), EntitiesError> {
        let mut transaction = connection
            .begin()
            .await
            .map_err(EntitiesError::Transaction)?;
        for file in &self.before {
            run_sql(&mut transaction, file.sql())
                .await
                .map_err(EntitiesError::File)?;
        }
        run_pieces(&mut transaction, &self.pieces().collect::<Vec<_>>()).await?;
        for file in &self.after {
            run_sql(&mut transaction, file.sql())
                .await
                .map_err(EntitiesError::File)?;
        }
        transaction
            .commit()
            .await
            .map_err(EntitiesError::Transaction)
    }
}

/// All in one message: a round trip a statement would cost more than many of them take.
async fn run_pieces(connection: &mut PgConnection, pieces: &[&Piece]) -> Result<(), EntitiesError> {
    let mut text = String::new();
    let mut ends = Vec::with_capacity(pieces.len());
    for piece in pieces {
        text.push_str(&piece.sql);
        text.push_str(";\n");
        ends.push(text.len());
    }
    let sql = SqlText {
        path: "entities",
        text: &text,
    };
    run_sql(connection, sql).await.map_err(|error| {
        let piece = ends.partition_point(|end| *end <= error.offset);
        EntitiesError::Statement {
            origin: pieces
                .get(piece)
                .map_or_else(|| "entities".to_owned(), |piece| piece.origin.clone()),
            sql: error,
        }
    })
}
