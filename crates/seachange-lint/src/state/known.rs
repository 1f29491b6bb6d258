//! Questions to the state.

use seachange_schema::model::{Column, Constraint, ConstraintKind, Table};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::State;
use crate::deed::Kind;
use crate::rules::foreign_key_without_index;

impl<'a> State<'a> {
    pub(crate) fn before(schema: Option<&'a Schema>) -> Self {
        Self {
            schema,
            ..Self::default()
        }
    }

    /// A table or materialized view that was there before the file; also one that nobody knows.
    pub(crate) fn is_old(&self, table: &Name) -> bool {
        !self.made.contains(table)
    }

    /// Whether the catalog knows what the table holds, or everything has to be taken for possible.
    pub(crate) fn catalog_name<'n>(&'n self, name: &'n Name) -> &'n Name {
        self.former.get(name).unwrap_or(name)
    }

    fn object(&self, id: &ObjectId) -> Option<&Object> {
        self.schema?.get(id)
    }

    pub(crate) fn table(&self, table: &Name) -> Option<&Table> {
        let name = self.catalog_name(table).clone();
        match self.object(&ObjectId::Table { name })? {
            Object::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(crate) fn is_partitioned(&self, table: &Name) -> bool {
        self.table(table)
            .is_some_and(|table| table.partition_by.is_some())
    }

    pub(crate) fn column(&self, table: &Name, column: &Ident) -> Option<&Column> {
        let table = self.catalog_name(table).clone();
        let name = column.clone();
        match self.object(&ObjectId::Column { table, name })? {
            Object::Column(column) => Some(column),
            _ => None,
        }
    }

    /// The type a column has now, in the catalog's spelling.
    pub(crate) fn column_type(&self, table: &Name, column: &Ident) -> Option<String> {
        let known = self.columns.get(&(table.clone(), column.clone()));
        let name = match known {
            Some(known) => known.data_type.clone()?,
            None => self.column(table, column)?.data_type.clone(),
        };
        let (bare, array) = match name.strip_suffix("[]") {
            Some(bare) => (bare, "[]"),
            None => (name.as_str(), ""),
        };
        // Under the name that the file gave its type; what was declared in the file has that already.
        match self.types_renamed.get(bare) {
            Some(renamed) if known.is_none() => Some(format!("{renamed}{array}")),
            _ => Some(name),
        }
    }

    /// Whether the file itself added the column.
    pub(crate) fn is_new_column(&self, table: &Name, column: &Ident) -> bool {
        let known = self.columns.get(&(table.clone(), column.clone()));
        known.is_some_and(|known| known.new)
    }

    /// The constraints of a table that the catalog has, in order of their names.
    pub(crate) fn constraints_of(&self, table: &Name) -> Vec<(&Ident, &Constraint)> {
        let of = self.catalog_name(table);
        let objects = self.schema.into_iter().flat_map(|schema| &schema.objects);
        objects
            .filter_map(|(id, object)| match (id, object) {
                (ObjectId::Constraint { table, name }, Object::Constraint(constraint))
                    if table == of =>
                {
                    Some((name, constraint))
                }
                _ => None,
            })
            .collect()
    }

    pub(crate) fn constraint(&self, table: &Name, name: &Ident) -> Option<&Constraint> {
        let (table, name) = (self.catalog_name(table).clone(), name.clone());
        match self.object(&ObjectId::Constraint { table, name })? {
            Object::Constraint(constraint) => Some(constraint),
            _ => None,
        }
    }

    /// Whether the constraint was added NOT VALID by the file, and not validated since.
    pub(crate) fn is_added_not_valid(&self, table: &Name, name: &Ident) -> bool {
        let known = self.constraints.get(&(table.clone(), name.clone()));
        known.is_some_and(|known| known.added && !known.validated)
    }

    /// Whether a check that is valid proves that the column holds no NULL: SET NOT NULL then scans nothing.
    pub(crate) fn proves_not_null(&self, table: &Name, column: &Ident) -> bool {
        if self.column(table, column).is_some_and(|it| it.not_null) {
            return true;
        }
        let here = (self.constraints.iter())
            .filter(|((of, _), known)| of == table && known.validated)
            .any(|(_, known)| says_not_null(&known.definition, column));
        here || self.constraints_of(table).iter().any(|(_, constraint)| {
            constraint.kind == ConstraintKind::Check
                && constraint.validated
                && says_not_null(&constraint.definition, column)
        })
    }

    /// The table that an index is on.
    pub(crate) fn index_table(&self, index: &Name) -> Option<Name> {
        if let Some(table) = self.indexes.get(index) {
            return Some(table.clone());
        }
        match self.object(&ObjectId::Index {
            name: index.clone(),
        })? {
            Object::Index(index) => Some(index.table.clone()),
            _ => None,
        }
    }

    /// The columns that an index of the catalog begins with.
    pub(crate) fn index_columns(&self, index: &Name) -> Vec<Ident> {
        let name = index.clone();
        match self.object(&ObjectId::Index { name }) {
            Some(Object::Index(index)) => foreign_key_without_index::keys(&index.definition),
            _ => Vec::new(),
        }
    }

    /// Whether the type was there before the file.
    pub(crate) fn is_old_type(&self, name: &Name) -> bool {
        !self.types_made.contains(name)
    }

    /// Whether the file gave something that name that had another one before.
    pub(crate) fn is_renamed(&self, name: &Name) -> bool {
        let plain = name.plain();
        self.former.contains_key(name) || self.types_renamed.values().any(|it| *it == plain)
    }

    /// A type as the catalog has it: of a domain, what it is over, and whether it, or one under it, has
    /// conditions of its own.
    pub(crate) fn base_type(&self, name: &str) -> (String, bool) {
        let mut name = name.to_owned();
        let mut constrained = false;
        while let Some(Object::Domain(domain)) = self.domain(&name) {
            constrained |= domain.not_null || !domain.checks.is_empty();
            name = domain.data_type.clone();
        }
        (name, constrained)
    }

    fn domain(&self, plain: &str) -> Option<&Object> {
        // What the file renamed is in the catalog under its old name.
        let mut renamed = self.types_renamed.iter();
        let old = renamed.find(|(_, now)| now.as_str() == plain);
        let name = parsed(old.map_or(plain, |(old, _)| old));
        if old.is_none() && !self.is_old_type(&name) {
            return None;
        }
        self.object(&ObjectId::Type { name })
    }

    /// Whether the file makes that type itself, so that nothing is known of it.
    pub(crate) fn is_made_type(&self, plain: &str) -> bool {
        self.types_made
            .contains(&parsed(plain.trim_end_matches("[]")))
    }

    /// The tables with a column of that type, or an array of it.
    pub(crate) fn tables_with(&self, data_type: &str) -> Vec<String> {
        let objects = self.schema.into_iter().flat_map(|schema| &schema.objects);
        let mut tables: Vec<String> = objects
            .filter_map(|(id, object)| match (id, object) {
                (ObjectId::Column { table, .. }, Object::Column(column))
                    if column.data_type.trim_end_matches("[]") == data_type =>
                {
                    Some(table.plain())
                }
                _ => None,
            })
            .collect();
        tables.dedup();
        tables
    }

    /// What depends on an object by the catalog, in words.
    pub(crate) fn dependents(&self, kind: Kind, name: &Name) -> Vec<String> {
        let name = self.catalog_name(name).clone();
        let id = match kind {
            Kind::Table => ObjectId::Table { name },
            Kind::View | Kind::MaterializedView => ObjectId::View { name },
            Kind::Sequence => ObjectId::Sequence { name },
            Kind::Type | Kind::Domain => ObjectId::Type { name },
            Kind::Schema => ObjectId::Schema { name: name.name },
            _ => return Vec::new(),
        };
        let depends = self.schema.into_iter().flat_map(|schema| &schema.depends);
        depends
            .filter(|(_, needs)| needs.contains(&id))
            .map(|(dependent, _)| dependent.to_string())
            .collect()
    }
}

/// A name as people write it.
fn parsed(plain: &str) -> Name {
    match plain.split_once('.') {
        Some((schema, name)) => Name::new(schema, name),
        None => Name::public(plain),
    }
}

/// Whether a check is `column IS NOT NULL`, alone or among conditions that all have to hold.
fn says_not_null(definition: &str, column: &Ident) -> bool {
    let plain: String = definition
        .chars()
        .filter(|&letter| letter != '(' && letter != ')' && letter != '"')
        .collect();
    let upper = plain.trim().to_ascii_uppercase();
    let plain = plain.trim();
    let plain = match upper.starts_with("CHECK") {
        true => plain["CHECK".len()..].trim(),
        false => plain,
    };
    if upper.contains(" OR ") || upper.contains("CASE ") {
        return false;
    }
    let wanted = format!("{} IS NOT NULL", column.as_str()).to_ascii_uppercase();
    plain
        .to_ascii_uppercase()
        .split(" AND ")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .any(|part| part.trim_end_matches(" NOT VALID") == wanted)
}
