//! How PostgreSQL's versions differ, as far as it matters here: all of it in one place.
//!
//! Catalog queries are one text for all versions where that is possible: a column that an older version
//! lacks is read as `to_jsonb(row) ->> 'column'`; a query of another version is named in `topic.rs`. What a plan says is valid on every version that has the objects in it,
//! so plans do not ask for a version. Where something is done in another way on some version, it asks
//! here.
//!
//! | from | what is different | what is made of it |
//! |------|-------------------|--------------------|
//! | 15 | `CREATE DATABASE … STRATEGY`; before, files are always copied | [`has_copy_strategy`] |
//! | 15 | a trigger's clones on partitions are no longer internal | found by their parent (`unmodelled_facts.sql`, `triggers.sql`) |
//! | 15 | what a generated column reads is needed by its expression, no longer by the column | moved there (`depends.rs`) |
//! | 15 | `UNIQUE NULLS NOT DISTINCT`, `security_invoker`, unlogged sequences | in the definitions and options that are read anyway |
//! | 15 | the schema `public` is the database owner's, and nobody else may create in it | what initdb granted is no grant (`privileges.sql`) |
//! | 15 | publications of schemas, with column lists and row filters | queries of their own (`publication_*_15.sql`) |
//! | 16 | a view on one table is spelled without the table's name before its columns | texts of one version are compared with each other only: a cached schema belongs to the server's version |
//! | 17 | a domain's NOT NULL is a constraint (`contype` is `n`) | read as the domain's fact (`domains.sql`) |
//! | 17 | the privilege MAINTAIN | a word like the others: `aclexplode` tells all that there are (`privileges.sql`) |
//! | 17 | identity columns and exclusion constraints on partitioned tables | as on other tables |
//! | 17 | no statistics target is null, no longer -1 | read as none (`columns.sql`) |
//! | 17 | `ALTER COLUMN … SET EXPRESSION` | not used: the column is made anew, as before |
//! | 18 | a column's NOT NULL is a constraint (`contype` is `n`) with a name | read as the column's fact; its name is not compared; NO INHERIT and NOT VALID are differences that are reported (`unmodelled_facts.sql`) |
//! | 18 | virtual generated columns | [`Generated::Virtual`](seachange_schema::model::Generated) |
//! | 18 | CHECK and FOREIGN KEY constraints can be NOT ENFORCED | in the constraint's definition |
//! | 18 | primary keys, unique constraints and foreign keys WITHOUT OVERLAPS and PERIOD | in the constraint's definition |

/// The oldest major version whose catalog is known here, and that a local server is made with.
pub(crate) const OLDEST: u32 = 14;

/// Whether `CREATE DATABASE` takes a strategy. `version` is a `server_version_num`.
pub(crate) fn has_copy_strategy(version: u32) -> bool {
    version >= 150_000
}
