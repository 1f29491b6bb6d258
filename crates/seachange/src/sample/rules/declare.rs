//! Declarations brought to the columns, and from referenced columns to those that refer to them.

use std::collections::BTreeMap;

use super::describe::{Column, Link};
use crate::sample::error::Refused;
use crate::sample::masking::{ColumnName, Declared, Mask, Masking};
use crate::sample::types::{Kind, Type};

/// A declaration of what isn't there may be a misspelt one of what is.
pub(super) fn declare(columns: &mut [Column], masking: &Masking, refused: &mut Vec<Refused>) {
    let mut places: BTreeMap<ColumnName, &mut Column> = columns
        .iter_mut()
        .map(|column| (column.name.clone(), column))
        .collect();
    for (name, declared) in masking.declared() {
        match places.get_mut(name) {
            Some(column) => column.declared = Some(declared.clone()),
            None => refused.push(Refused {
                column: name.to_string(),
                reason: "it is declared, and the source has no such column, or generates it"
                    .to_owned(),
            }),
        }
    }
}

/// A column that refers to another is what that one is.
pub(super) fn follow(columns: &mut [Column], links: &[Link], refused: &mut Vec<Refused>) {
    let mut changed = true;
    while changed {
        changed = false;
        for &(from, to) in links {
            if columns[from].declared.is_none() && columns[to].declared.is_some() {
                columns[from].declared = columns[to].declared.clone();
                changed = true;
            }
        }
    }
    for &(from, to) in links {
        let (from, to) = (&columns[from], &columns[to]);
        // What refers to nothing need not be the same.
        if from.declared == to.declared || from.declared == Some(Declared::Masked(Mask::Null)) {
            continue;
        }
        let words = |declared: &Option<Declared>| match declared {
            Some(declared) => declared.words(),
            None => "not declared".to_owned(),
        };
        refused.push(Refused {
            column: from.name.to_string(),
            reason: format!(
                "it is {}, and `{}`, which it refers to, is {}",
                words(&from.declared),
                to.name,
                words(&to.declared)
            ),
        });
    }
}

/// Columns that are joined hold the same values, so they need one mask that all their types have room for.
pub(super) fn join(columns: &mut [Column], links: &[Link], refused: &mut Vec<Refused>) {
    let mut changed = true;
    while changed {
        changed = false;
        for &(from, to) in links {
            let (one, two) = (&columns[from], &columns[to]);
            let unique = one.unique || two.unique;
            let Some(kind) = one.of.kind.joined(&two.of.kind) else {
                continue;
            };
            for place in [from, to] {
                let column = &mut columns[place];
                changed |= column.of.kind != kind || column.unique != unique;
                column.of.kind = kind.clone();
                column.unique = unique;
            }
        }
    }
    for &(from, to) in links {
        let (from, to) = (&columns[from], &columns[to]);
        let is_safe = from.declared == Some(Declared::Safe);
        let is_null = from.declared == Some(Declared::Masked(Mask::Null));
        if !is_safe && !is_null && !alike(&from.of, &to.of) {
            refused.push(Refused {
                column: from.name.to_string(),
                reason: format!(
                    "it is `{}` and refers to `{}`, which is `{}`: these are masked differently",
                    from.data_type, to.name, to.data_type
                ),
            });
        }
    }
}

fn alike(one: &Type, two: &Type) -> bool {
    // Both are refused by themselves.
    one.array == two.array && (one.kind == two.kind || one.kind == Kind::Other)
}
