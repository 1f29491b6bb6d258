//! What a deed changes about the state.

use super::{KnownColumn, KnownConstraint, State};
use crate::deed::{ColumnChange, ConstraintKind, Deed, Kind, NewConstraint, What};
use crate::impact::lock_of;
use seachange_schema::{Ident, Name};

impl State<'_> {
    pub(crate) fn apply(&mut self, deed: &Deed) {
        for (table, lock) in lock_of(&deed.what, self) {
            self.held.push((table, lock, deed.start));
        }
        match &deed.what {
            What::CreateTable(table) => {
                // One that IF NOT EXISTS finds is as old as it was.
                let found = table.if_not_exists && self.table(&table.name).is_some();
                if !found {
                    self.made.insert(table.name.clone());
                }
            }
            What::CreateView {
                name,
                materialized: true,
            } => {
                self.made.insert(name.clone());
            }
            What::CreateType { name } => {
                self.types_made.insert(name.clone());
            }
            What::AddColumn { table, column } => {
                let data_type = column.data_type.as_ref().map(|it| it.name.clone());
                let known = KnownColumn {
                    data_type,
                    new: true,
                };
                self.columns
                    .insert((table.clone(), column.name.clone()), known);
                for constraint in &column.constraints {
                    self.add_constraint(table, constraint);
                }
            }
            What::AlterColumn {
                table,
                column,
                change: ColumnChange::Type { to, .. },
            } => {
                let known = KnownColumn {
                    data_type: Some(to.name.clone()),
                    new: self.is_new_column(table, column),
                };
                self.columns.insert((table.clone(), column.clone()), known);
            }
            What::AddConstraint { table, constraint } => self.add_constraint(table, constraint),
            What::ValidateConstraint { table, name } => self.validate(table, name),
            What::DropConstraint { table, name } => {
                self.constraints.remove(&(table.clone(), name.clone()));
            }
            What::RenameColumn { table, column, to } => {
                let known = KnownColumn {
                    data_type: self.column_type(table, column),
                    new: self.is_new_column(table, column),
                };
                self.columns.insert((table.clone(), to.clone()), known);
            }
            What::Rename { kind, name, to } => self.rename(*kind, name, to),
            What::CreateIndex(index) => {
                if let Some(name) = &index.name {
                    self.indexes.insert(name.clone(), index.table.clone());
                }
            }
            What::AddLabel { of, label } if self.is_old_type(of) => {
                self.labels.push((of.clone(), label.clone()));
            }
            _ => {}
        }
    }

    fn add_constraint(&mut self, table: &Name, constraint: &NewConstraint) {
        if let Some(name) = &constraint.name
            && matches!(
                constraint.kind,
                ConstraintKind::Check | ConstraintKind::ForeignKey | ConstraintKind::NotNull
            )
        {
            let known = KnownConstraint {
                definition: constraint.definition.clone(),
                validated: !constraint.not_valid,
                added: true,
                references: constraint.references.clone(),
            };
            self.constraints
                .insert((table.clone(), name.clone()), known);
        }
    }

    fn validate(&mut self, table: &Name, name: &Ident) {
        let before = self.constraint(table, name);
        let definition = before.map(|constraint| constraint.definition.clone());
        let references = self.points_at(table, name);
        let known = self
            .constraints
            .entry((table.clone(), name.clone()))
            .or_insert_with(|| KnownConstraint {
                definition: definition.unwrap_or_default(),
                validated: true,
                added: false,
                references,
            });
        known.validated = true;
    }

    fn rename(&mut self, kind: Kind, name: &Name, to: &Name) {
        match kind {
            Kind::Table | Kind::MaterializedView | Kind::View => {
                if self.made.remove(name) {
                    self.made.insert(to.clone());
                } else {
                    let catalog = self.catalog_name(name).clone();
                    self.former.insert(to.clone(), catalog);
                }
                self.columns = std::mem::take(&mut self.columns)
                    .into_iter()
                    .map(|((of, column), known)| match of == *name {
                        true => ((to.clone(), column), known),
                        false => ((of, column), known),
                    })
                    .collect();
            }
            Kind::Index => {
                if let Some(table) = self.index_table(name) {
                    self.indexes.insert(to.clone(), table);
                }
            }
            Kind::Type | Kind::Domain => {
                if self.types_made.remove(name) {
                    self.types_made.insert(to.clone());
                } else {
                    self.types_renamed.insert(name.plain(), to.plain());
                }
            }
            _ => {}
        }
    }
}
