//! The schema in drizzle's own words: one `schema.ts`.

use std::fmt::Write;

use super::super::schema::{LABELS, Schema, Table, status_name, table_name};

const IMPORTS: &str = r#"import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
"#;

pub(super) fn schema_ts(schema: &Schema) -> String {
    let mut text = IMPORTS.to_owned();
    for &status in &schema.statuses {
        let name = status_name(status);
        let labels = LABELS.map(|label| format!("\"{label}\"")).join(", ");
        write!(
            text,
            "\nexport const {name} = pgEnum(\"{name}\", [{labels}]);\n"
        )
        .expect(INFALLIBLE);
    }
    for table in &schema.tables {
        write_table(&mut text, table);
    }
    text
}

const INFALLIBLE: &str = "a String takes any text";

fn write_table(text: &mut String, table: &Table) {
    let name = table.name();
    let status = status_name(table.status);
    let default = LABELS[0];
    let references = table.previous.map_or_else(String::new, |number| {
        let previous = table_name(number);
        format!(".references(() => {previous}.id, {{ onDelete: \"cascade\" }})")
    });
    let added = table.added.as_ref().map_or_else(String::new, |column| {
        format!("  {column}: text(\"{column}\"),\n")
    });
    write!(
        text,
        r#"
export const {name} = pgTable("{name}", {{
  id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
  name: text("name").notNull(),
  quantity: integer("quantity").notNull().default(0),
  active: boolean("active").notNull().default(true),
  status: {status}("status").notNull().default("{default}"),
  data: jsonb("data"),
  previousId: uuid("previous_id"){references},
  createdAt: timestamp("created_at", {{ withTimezone: true }}).notNull().defaultNow(),
{added}}}, (table) => [
  index("{name}_status_idx").on(table.status),
  index("{name}_name_created_at_idx").on(table.name, table.createdAt),
]);
"#
    )
    .expect(INFALLIBLE);
}
