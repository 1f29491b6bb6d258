//! What the model does not have. The rows come as they are reported.

use super::assembly::Assembly;

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    let rows: Vec<seachange_schema::model::Unmodelled> = serde_json::from_str(answer)?;
    into.schema.unmodelled.extend(rows);
    Ok(())
}
