//! The table that the load is on, and the kinds of change to it: each is a piece of its definition that reads
//! otherwise.

/// One change.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What is replaced in [`BASE`], by what.
    pub(super) edit: (&'static str, &'static str),
    /// What people would have to answer.
    pub(super) rename: Option<&'static str>,
    /// Whether the plain form keeps readers or writers waiting while it works.
    pub(super) blocks: bool,
    /// Whether a column that the load reads gets another type: PostgreSQL then refuses the plan that a session has cached,
    /// once.
    pub(super) retypes: bool,
}

pub(super) const BASE: &str = "\
CREATE TABLE owners (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE items (
  id serial,
  code text NOT NULL,
  label text,
  amount int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'new',
  owner_id int,
  CONSTRAINT items_pkey PRIMARY KEY (id)
);
CREATE INDEX items_state ON items (state);
CREATE INDEX items_owner ON items (owner_id);
CREATE TABLE notes (
  id bigserial,
  item_id int NOT NULL REFERENCES items ON DELETE CASCADE,
  body text NOT NULL,
  CONSTRAINT notes_pkey PRIMARY KEY (id)
);
CREATE INDEX notes_item ON notes (item_id);
-- end
";

/// A child for every fourth.
pub(super) fn rows(rows: u32) -> String {
    format!(
        "INSERT INTO owners SELECT id, 'owner ' || id FROM generate_series(0, 999) AS id;
         INSERT INTO items (code, label, amount, state, owner_id)
         SELECT 'c' || id, 'label ' || id, id % 10000, (ARRAY['new', 'open', 'done'])[1 + id % 3], id % 1000
         FROM generate_series(1, {rows}) AS id;
         INSERT INTO notes (item_id, body) SELECT 1 + id % {rows}, 'note ' || id FROM generate_series(1, {rows} / 4) AS id;"
    )
}

const PLAIN: Kind = Kind {
    name: "",
    edit: ("", ""),
    rename: None,
    blocks: true,
    retypes: false,
};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "index",
        edit: ("-- end", "CREATE INDEX items_amount ON items (amount);"),
        ..PLAIN
    },
    Kind {
        name: "unique constraint",
        edit: (
            "-- end",
            "ALTER TABLE items ADD CONSTRAINT items_code_key UNIQUE (code);",
        ),
        ..PLAIN
    },
    Kind {
        name: "primary key swapped",
        edit: (
            "notes_pkey PRIMARY KEY (id)",
            "notes_pkey PRIMARY KEY (item_id, id)",
        ),
        ..PLAIN
    },
    Kind {
        name: "foreign key",
        edit: (
            "-- end",
            "ALTER TABLE items ADD CONSTRAINT items_owner_fkey FOREIGN KEY (owner_id) REFERENCES owners;",
        ),
        ..PLAIN
    },
    Kind {
        name: "check",
        edit: (
            "-- end",
            "ALTER TABLE items ADD CONSTRAINT items_amount_check CHECK (amount >= 0);",
        ),
        ..PLAIN
    },
    Kind {
        name: "set not null",
        edit: ("label text,", "label text NOT NULL,"),
        ..PLAIN
    },
    Kind {
        name: "index replaced",
        edit: (
            "items_state ON items (state)",
            "items_state ON items (state, amount)",
        ),
        ..PLAIN
    },
    Kind {
        name: "volatile default",
        edit: (
            "owner_id int,",
            "owner_id int, token uuid NOT NULL DEFAULT gen_random_uuid(),",
        ),
        ..PLAIN
    },
    Kind {
        name: "int to bigint on the key",
        edit: ("id serial", "id bigserial"),
        retypes: true,
        ..PLAIN
    },
    Kind {
        name: "text to varchar",
        edit: ("code text NOT NULL", "code varchar(40) NOT NULL"),
        retypes: true,
        ..PLAIN
    },
    Kind {
        name: "index dropped",
        edit: ("CREATE INDEX items_state ON items (state);", ""),
        blocks: false,
        ..PLAIN
    },
    Kind {
        name: "column renamed",
        edit: ("label text", "title text"),
        rename: Some("items.label:title"),
        blocks: false,
        ..PLAIN
    },
];

impl Kind {
    pub(super) fn next(&self) -> String {
        BASE.replace(self.edit.0, self.edit.1)
    }
}
