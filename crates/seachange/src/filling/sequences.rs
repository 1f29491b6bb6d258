//! Sequences, which know nothing of the numbers that rows brought along.

use seachange_schema::name::literal;
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

/// A sequence and the columns that it numbers.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    sequence: Name,
    ascending: bool,
    columns: Vec<(Name, Ident)>,
}

/// Of identity columns, and those that are a column's default.
pub(crate) fn numberings(schema: &Schema) -> Vec<Numbering> {
    let mut found: Vec<Numbering> = Vec::new();
    for (id, object) in &schema.objects {
        match (id, object) {
            (ObjectId::Column { table, name }, Object::Column(column)) => {
                if let Some(identity) = &column.identity {
                    found.push(Numbering {
                        sequence: table.sibling(&identity.sequence),
                        ascending: identity.options.increment > 0,
                        columns: vec![(table.clone(), name.clone())],
                    });
                }
            }
            (ObjectId::Sequence { name }, Object::Sequence(sequence)) => {
                let columns = numbered_by(schema, id);
                if !columns.is_empty() {
                    found.push(Numbering {
                        sequence: name.clone(),
                        ascending: sequence.options.increment > 0,
                        columns,
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// The columns whose default is the sequence's next number, and nothing made of it.
fn numbered_by(schema: &Schema, sequence: &ObjectId) -> Vec<(Name, Ident)> {
    let defaults = schema.depends.iter();
    defaults
        .filter(|(_, needs)| needs.contains(sequence))
        .filter_map(|(dependent, _)| match (dependent, schema.get(dependent)?) {
            (ObjectId::Default { table, column }, Object::Default(default))
                if default.expression.starts_with("nextval(")
                    && default.expression.ends_with("::regclass)") =>
            {
                Some((table.clone(), column.clone()))
            }
            _ => None,
        })
        .collect()
}

impl Numbering {
    /// Whether it numbers a column of that table.
    pub(crate) fn is_of(&self, table: &Name) -> bool {
        self.columns.iter().any(|(of, _)| of == table)
    }

    /// The statement after which the next number is one that no row has. A sequence that can't go so far
    /// stands at its end, and says so when it is asked.
    pub(crate) fn past(&self) -> String {
        let (last, in_reach, is_in_reach, end) = match self.ascending {
            true => ("max(value)", "least", ">= seqmin", "seqmax"),
            false => ("min(value)", "greatest", "<= seqmax", "seqmin"),
        };
        let columns = self.columns.iter();
        let columns: Vec<String> = columns
            .map(|(table, column)| format!("SELECT {column}::int8 AS value FROM {table}"))
            .collect();
        format!(
            "SELECT setval(seqrelid, {in_reach}({last}, {end})) \
             FROM ({}) numbers CROSS JOIN pg_sequence WHERE seqrelid = {}::regclass \
             GROUP BY seqrelid, seqmin, seqmax HAVING {last} {is_in_reach}",
            columns.join(" UNION ALL "),
            literal(&self.sequence.to_string())
        )
    }
}
