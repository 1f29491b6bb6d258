//! What becomes of each column, from what is declared and what the schema says. Every column that can't be
//! masked as it is declared is found here, before a row is read.

mod declare;
mod describe;

mod rule;

use std::collections::BTreeMap;

use seachange_schema::{Name, Schema};

use super::error::{Refused, SampleError};
use super::mask::Keyed;
use super::masking::Masking;
use super::tables::Table;

pub(super) use rule::Rule;

/// For each table, what becomes of its columns, in the order of [`Table::columns`].
pub(super) fn rules(
    schema: &Schema,
    tables: &[Table],
    masking: &Masking,
    keyed: &Keyed,
) -> Result<BTreeMap<Name, Vec<Rule>>, SampleError> {
    let mut refused: Vec<Refused> = Vec::new();
    let mut columns = describe::columns(schema, tables);
    let links = describe::links(&columns, tables);
    declare::declare(&mut columns, masking, &mut refused);
    declare::follow(&mut columns, &links, &mut refused);
    declare::join(&mut columns, &links, &mut refused);

    let mut rules: BTreeMap<Name, Vec<Rule>> = BTreeMap::new();
    for column in columns {
        match rule::rule(&column, keyed) {
            Ok(rule) => rules.entry(column.name.table).or_default().push(rule),
            Err(reason) => refused.push(Refused {
                column: column.name.to_string(),
                reason,
            }),
        }
    }
    match refused.is_empty() {
        true => Ok(rules),
        false => Err(SampleError::Declared(refused)),
    }
}
