//! The objects that are read: tables as an application has them, with what hangs on them.

/// How many tables one script makes: a lock on each is held until it commits.
const AT_ONCE: u16 = 100;
/// Of so many tables one is changed.
const CHANGED: u16 = 100;
/// The columns that a change adds to, alters in and drops from a table.
const CHANGES: usize = 3;

/// What makes them, script by script.
pub(super) fn create(tables: u16) -> Vec<String> {
    let mut scripts = vec![
        "CREATE TYPE state AS ENUM ('draft', 'sent', 'read', 'archived');
         CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN NEW.updated_at := now(); RETURN NEW; END $$;"
            .to_owned(),
    ];
    let numbers: Vec<u16> = (0..tables).collect();
    for some in numbers.chunks(usize::from(AT_ONCE)) {
        scripts.push(some.iter().map(|number| table(*number)).collect());
    }
    scripts
}

/// Twelve columns and what hangs on them; now and then a trigger, a view or a grant.
fn table(number: u16) -> String {
    let parent = match number {
        0 => "user".to_owned(),
        _ => format!("table_{:04}", number - 1),
    };
    let reference = match number {
        0 => String::new(),
        _ => format!(" REFERENCES {parent} (id) ON DELETE CASCADE"),
    };
    let name = format!("table_{number:04}");
    let mut sql = format!(
        "CREATE TABLE {name} (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             parent_id bigint{reference},
             email varchar(255) NOT NULL,
             title text NOT NULL DEFAULT '',
             state state NOT NULL DEFAULT 'draft',
             kind varchar(20) NOT NULL DEFAULT 'plain',
             amount numeric(12,2) NOT NULL DEFAULT 0,
             tags text[] NOT NULL DEFAULT '{{}}',
             details jsonb,
             public_id uuid NOT NULL DEFAULT gen_random_uuid(),
             created_at timestamptz NOT NULL DEFAULT now(),
             updated_at timestamptz NOT NULL DEFAULT now(),
             CONSTRAINT {name}_email_key UNIQUE (email),
             CONSTRAINT {name}_amount_check CHECK (amount >= 0),
             CONSTRAINT {name}_kind_check CHECK (kind IN ('plain', 'rich', 'raw'))
         );
         CREATE INDEX {name}_parent ON {name} (parent_id);
         CREATE INDEX {name}_open ON {name} (lower(title), created_at DESC) WHERE state <> 'archived';
         COMMENT ON TABLE {name} IS 'Table number {number}';
         COMMENT ON COLUMN {name}.email IS 'Where letters go';
         "
    );
    if number.is_multiple_of(5) {
        sql.push_str(&format!(
            "CREATE TRIGGER {name}_touch BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION touch();
             GRANT SELECT ON {name} TO PUBLIC;\n"
        ));
    }
    if number.is_multiple_of(10) {
        sql.push_str(&format!(
            "CREATE VIEW {name}_open_view AS SELECT id, email, title, state FROM {name}
                 WHERE state <> 'archived' AND kind IN ('plain', 'rich');\n"
        ));
    }
    sql
}

/// What changes some of them.
pub(super) fn change(tables: u16) -> Vec<String> {
    let changed = (0..tables).step_by(usize::from(CHANGED));
    let scripts = changed.map(|number| {
        format!(
            "ALTER TABLE table_{number:04} ADD COLUMN phone varchar(40),
                 ALTER COLUMN amount TYPE numeric(14,2), DROP COLUMN details;"
        )
    });
    scripts.collect()
}

/// How many objects differ then.
pub(super) fn changes(tables: u16) -> usize {
    usize::from(tables.div_ceil(CHANGED)) * CHANGES
}
