//! The statements that PostgreSQL runs outside a transaction only, and what to ask the catalog about
//! each when nobody knows whether it took effect.

use super::words::{Name, Reader};

/// A statement that can't be in one transaction with the record of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Alone {
    /// Leaves an invalid index behind when it fails.
    CreateIndex {
        index: Option<String>,
        table: Name,
    },
    DropIndex {
        index: Name,
    },
    /// Leaves invalid `_ccnew` or `_ccold` indexes behind when it fails; doing it again does no harm.
    Reindex(Reindexed),
    /// Leaves the partition half detached when it fails.
    Detach {
        parent: Name,
        partition: Name,
    },
    /// Something of the whole server, or a subscription: it is there afterwards.
    Create {
        kind: Wide,
        name: String,
    },
    /// The same, gone afterwards.
    Drop {
        kind: Wide,
        name: String,
    },
    /// Doing it again does no harm: VACUUM, ALTER SYSTEM, CLUSTER.
    Repeatable,
}

/// What a REINDEX goes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Reindexed {
    Index(Name),
    Table(Name),
    Schema(String),
    Database,
}

/// What has a catalog of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::runner) enum Wide {
    Database,
    Tablespace,
    Subscription,
}

/// Tells such a statement; none when it can run in a transaction, as far as its words say.
pub(in crate::runner) fn alone(text: &str) -> Option<Alone> {
    let mut reader = Reader::new(text);
    let first = reader.word()?.to_owned();
    match first.as_str() {
        "create" => create(&mut reader),
        "drop" => drop(&mut reader),
        "reindex" => reindex(&mut reader),
        "alter" => alter(&mut reader),
        "vacuum" => Some(Alone::Repeatable),
        "cluster" => reader.at_end().then_some(Alone::Repeatable),
        _ => None,
    }
}

fn create(reader: &mut Reader) -> Option<Alone> {
    for (word, kind) in WIDE {
        if reader.take(&[word]) {
            let name = reader.name()?.name;
            return Some(Alone::Create { kind, name });
        }
    }
    reader.take(&["unique"]);
    if !reader.take(&["index", "concurrently"]) {
        return None;
    }
    reader.take(&["if", "not", "exists"]);
    let index = if reader.take(&["on"]) {
        None
    } else {
        let name = reader.name()?.name;
        reader.take(&["on"]);
        Some(name)
    };
    reader.take(&["only"]);
    let table = reader.name()?;
    Some(Alone::CreateIndex { index, table })
}

fn drop(reader: &mut Reader) -> Option<Alone> {
    for (word, kind) in WIDE {
        if reader.take(&[word]) {
            reader.take(&["if", "exists"]);
            let name = reader.name()?.name;
            return Some(Alone::Drop { kind, name });
        }
    }
    if !reader.take(&["index", "concurrently"]) {
        return None;
    }
    reader.take(&["if", "exists"]);
    let index = reader.name()?;
    Some(Alone::DropIndex { index })
}

const WIDE: [(&str, Wide); 3] = [
    ("database", Wide::Database),
    ("tablespace", Wide::Tablespace),
    ("subscription", Wide::Subscription),
];

fn reindex(reader: &mut Reader) -> Option<Alone> {
    reader.options_have("concurrently");
    let kind = reader.word()?.to_owned();
    reader.take(&["concurrently"]);
    Some(Alone::Reindex(match kind.as_str() {
        "index" => Reindexed::Index(reader.name()?),
        "table" => Reindexed::Table(reader.name()?),
        "schema" => Reindexed::Schema(reader.name()?.name),
        _ => Reindexed::Database,
    }))
}

fn alter(reader: &mut Reader) -> Option<Alone> {
    if reader.take(&["system"]) {
        return Some(Alone::Repeatable);
    }
    if reader.take(&["database"]) {
        return reader.has("tablespace").then_some(Alone::Repeatable);
    }
    if reader.take(&["subscription"]) {
        return ["refresh", "publication", "set"]
            .iter()
            .any(|word| reader.has(word))
            .then_some(Alone::Repeatable);
    }
    if !reader.take(&["table"]) {
        return None;
    }
    reader.take(&["if", "exists"]);
    reader.take(&["only"]);
    let parent = reader.name()?;
    reader.sign('*');
    if !reader.take(&["detach", "partition"]) {
        return None;
    }
    let partition = reader.name()?;
    reader
        .take(&["concurrently"])
        .then_some(Alone::Detach { parent, partition })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Reader::new(text).name().unwrap()
    }

    #[test]
    fn indexes() {
        let expected = Alone::CreateIndex {
            index: Some("i".to_owned()),
            table: name("app.t"),
        };
        for text in [
            "CREATE INDEX CONCURRENTLY i ON app.t (a)",
            "create unique index concurrently if not exists I on only App.T using btree (a)",
            "CREATE /* x */ INDEX CONCURRENTLY -- y\n \"i\" ON \"app\".\"t\" (a)",
        ] {
            assert_eq!(alone(text).as_ref(), Some(&expected), "{text}");
        }
        assert_eq!(
            alone("CREATE INDEX CONCURRENTLY ON t (a)"),
            Some(Alone::CreateIndex {
                index: None,
                table: name("t")
            })
        );
        assert_eq!(
            alone("DROP INDEX CONCURRENTLY IF EXISTS app.i CASCADE"),
            Some(Alone::DropIndex {
                index: name("app.i")
            })
        );
        for text in [
            "REINDEX (CONCURRENTLY, VERBOSE) TABLE t",
            "reindex table concurrently t",
        ] {
            let table = Alone::Reindex(Reindexed::Table(name("t")));
            assert_eq!(alone(text), Some(table), "{text}");
        }
    }

    #[test]
    fn others() {
        assert_eq!(
            alone("ALTER TABLE IF EXISTS p DETACH PARTITION s.p1 CONCURRENTLY"),
            Some(Alone::Detach {
                parent: name("p"),
                partition: name("s.p1")
            })
        );
        let database = Alone::Create {
            kind: Wide::Database,
            name: "d".to_owned(),
        };
        assert_eq!(alone("CREATE DATABASE d TEMPLATE t"), Some(database));
        for text in [
            "VACUUM (ANALYZE) t",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "CLUSTER",
        ] {
            assert_eq!(alone(text), Some(Alone::Repeatable), "{text}");
        }
    }

    #[test]
    fn what_can_run_in_a_transaction() {
        for text in [
            "CREATE INDEX i ON t (a)",
            "CREATE TABLE concurrently (a int)",
            "DROP INDEX i",
            "ALTER TABLE p DETACH PARTITION p1",
            "ALTER TABLE p DETACH PARTITION p1 FINALIZE",
            "ALTER TABLE t ADD COLUMN concurrently int",
            "CLUSTER t USING i",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
            "COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'",
            "ANALYZE t",
            "INSERT INTO t VALUES (1)",
        ] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
