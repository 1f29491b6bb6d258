//! The schema that both tools get, as plain data: tables of eight columns with two indexes and a
//! foreign key to an earlier table. The writers below `drizzle` and `seachange` spell it out.

/// How many tables share an enumerated type.
const TABLES_PER_STATUS: usize = 10;

/// The labels of every enumerated type, the first of which is the default.
pub(super) const LABELS: [&str; 3] = ["draft", "active", "archived"];

pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    /// The numbers of the enumerated types, from zero.
    pub(super) statuses: Vec<usize>,
}

pub(super) struct Table {
    /// From one.
    pub(super) number: usize,
    /// Which of the schema's enumerated types its `status` has.
    pub(super) status: usize,
    /// The table that `previous_id` refers to: the one at half the number. A chain through all tables
    /// would take rustc through as many levels of types.
    pub(super) previous: Option<usize>,
    /// A nullable text column that the base schema doesn't have.
    pub(super) added: Option<String>,
}

impl Schema {
    pub(super) fn of(tables: usize) -> Self {
        let tables: Vec<Table> = (1..=tables)
            .map(|number| Table {
                number,
                status: (number - 1) / TABLES_PER_STATUS,
                previous: Some(number / 2).filter(|previous| *previous > 0),
                added: None,
            })
            .collect();
        let statuses = tables.last().map_or(0, |last| last.status + 1);
        Self {
            tables,
            statuses: (0..statuses).collect(),
        }
    }

    /// The same, and one column more on the table in the middle.
    pub(super) fn with_column(tables: usize, column: &str) -> Self {
        let mut schema = Self::of(tables);
        let middle = schema.tables.len() / 2;
        schema.tables[middle].added = Some(column.to_owned());
        schema
    }
}

impl Table {
    pub(super) fn name(&self) -> String {
        table_name(self.number)
    }
}

pub(super) fn table_name(number: usize) -> String {
    format!("item_{number:04}")
}

pub(super) fn status_name(number: usize) -> String {
    format!("status_{number:03}")
}
