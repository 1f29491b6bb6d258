//! Which rows, and how whole they are.

use seachange::sample::{Masking, Share, Step, copy};

use super::{
    clinic, clinic_masking, column, copied, databases, dump, empty_clinic, foreign_keys_hold, of,
    run, sample, set, texts,
};

#[tokio::test]
async fn a_sample_is_whole() {
    let source = clinic().await;
    let mut target = empty_clinic().await;
    let copied = copied(&source, &target, &clinic_masking(), &sample(10.0, 1))
        .await
        .unwrap();

    // Nothing refers to these, so they are the share.
    for (table, of_all) in [("letters", 300), ("stays", 800), ("visits", 400)] {
        let table = of(&copied, table);
        assert_eq!(table.of, of_all);
        let tenth = of_all / 10;
        assert!(table.rows.abs_diff(tenth) < tenth / 2, "{table:?}");
    }
    // These are joined by what refers to them.
    assert!(of(&copied, "patients").rows > 60);
    assert!(of(&copied, "results").rows >= of(&copied, "letters").rows);
    assert_eq!(of(&copied, "ward.rooms").of, 200);
    let dump = dump(&target).await;
    for table in &copied {
        assert_eq!(dump[&table.table].len() as u64, table.rows, "{table:?}");
    }
    foreign_keys_hold(&mut target).await;
}

#[tokio::test]
async fn all_of_it_is_all_of_it() {
    let source = clinic().await;
    let mut target = empty_clinic().await;
    let mut steps = Vec::new();
    let mut all = sample(10.0, 1);
    all.share = Share::ALL;
    let copied = copy(
        source.url(),
        target.url(),
        &clinic_masking(),
        &all,
        |progress| {
            steps.push(progress.step);
            assert!(progress.rows <= progress.of || progress.step == Step::Completing);
        },
    )
    .await
    .unwrap();
    assert!(
        copied
            .iter()
            .all(|table| table.rows == table.of && table.rows > 0),
        "{copied:?}"
    );
    for step in [Step::Choosing, Step::Completing, Step::Copying] {
        assert!(steps.contains(&step));
    }
    foreign_keys_hold(&mut target).await;

    // The triggers and foreign keys are as they were.
    // By name: in version 14 a trigger's clones on partitions are internal.
    let state = "SELECT tgname::text || tgenabled::text FROM pg_trigger \
        WHERE tgname IN ('always', 'never', 'parts', 'shout') ORDER BY 1";
    assert_eq!(
        texts(&target, state).await,
        ["alwaysA", "neverD", "partsO", "partsO", "partsO", "shoutO"]
    );
    let deferrable = "SELECT conname::text FROM pg_constraint WHERE condeferrable";
    assert!(texts(&target, deferrable).await.is_empty());

    // And the next row finds a number that is free.
    run(
        &mut target,
        "ALTER TABLE stays DISABLE TRIGGER always; ALTER TABLE patients DISABLE TRIGGER shout",
    )
    .await;
    run(
        &mut target,
        "INSERT INTO stays (patient_email) SELECT email FROM patients LIMIT 5;
         INSERT INTO patients (email, code, plate, full_name, born, mood, weight, active, counts, profile, token, stage)
         SELECT 'new', 'new', 'new', 'new', now(), 'calm', 1, true, '{}', '{}', gen_random_uuid(), 1",
    )
    .await;
}

#[tokio::test]
async fn the_key_decides() {
    let source = clinic().await;
    let mut dumps = Vec::new();
    for key in [1, 1, 2] {
        let target = empty_clinic().await;
        copied(&source, &target, &clinic_masking(), &sample(20.0, key))
            .await
            .unwrap();
        dumps.push(dump(&target).await);
    }
    assert_eq!(dumps[0], dumps[1]);
    for (table, rows) in &dumps[0] {
        assert!(!rows.is_empty(), "{table}");
        assert_ne!(*rows, dumps[2][table], "{table}");
    }
}

#[tokio::test]
async fn what_shares_its_key_is_chosen_together() {
    let schema = "CREATE TABLE users (id integer PRIMARY KEY);
         CREATE TABLE profiles (id integer PRIMARY KEY, city text);";
    let rows = "INSERT INTO users SELECT generate_series(1, 1000);
         INSERT INTO profiles SELECT generate_series(1, 1000), 'x';";
    let (source, target) = databases(schema, rows).await;
    copied(&source, &target, &Masking::new(), &sample(10.0, 3))
        .await
        .unwrap();
    let users = set(&target, "SELECT id::text FROM users").await;
    assert!((50..150).contains(&users.len()));
    assert_eq!(users, set(&target, "SELECT id::text FROM profiles").await);
}

#[tokio::test]
async fn long_ways_are_followed_to_their_end() {
    // Each refers to the one before, and the last needs all of them.
    let schema = "CREATE TABLE chain (id integer PRIMARY KEY, before integer REFERENCES chain);
         CREATE TABLE ends (id integer PRIMARY KEY, of integer NOT NULL REFERENCES chain);";
    let rows = "INSERT INTO chain SELECT i, nullif(i - 1, 0) FROM generate_series(1, 300) i;
         INSERT INTO ends SELECT i, 300 FROM generate_series(1, 3000) i;";
    let (source, mut target) = databases(schema, rows).await;
    let copied = copied(&source, &target, &Masking::new(), &sample(1.0, 3))
        .await
        .unwrap();
    assert!((5..100).contains(&of(&copied, "ends").rows), "{copied:?}");
    assert_eq!(of(&copied, "chain").rows, 300);
    foreign_keys_hold(&mut target).await;
}

#[tokio::test]
async fn partitions_and_heirs_are_copied_once() {
    // A key of one partition alone, to one partition alone; and a table that inherits.
    let schema = "CREATE TABLE logs (id bigint, day integer, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
         CREATE TABLE early PARTITION OF logs FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (day);
         CREATE TABLE early_all PARTITION OF early FOR VALUES FROM (0) TO (100);
         CREATE TABLE late PARTITION OF logs FOR VALUES FROM (100) TO (200);
         CREATE TABLE marks (id bigint PRIMARY KEY, log bigint, day integer,
            FOREIGN KEY (log, day) REFERENCES late (id, day));
         CREATE TABLE animals (id integer PRIMARY KEY, name text);
         CREATE TABLE dogs (breed text) INHERITS (animals);
         CREATE TABLE owners (id integer PRIMARY KEY, animal integer REFERENCES animals);";
    let rows = "INSERT INTO logs SELECT i, i % 200 FROM generate_series(1, 2000) i;
         INSERT INTO marks SELECT id, id, day FROM late;
         INSERT INTO animals SELECT i, 'animal' FROM generate_series(1, 300) i;
         INSERT INTO dogs SELECT i, 'dog', 'breed' FROM generate_series(1, 300) i;
         INSERT INTO owners SELECT i, i FROM generate_series(1, 300) i;";
    let (source, mut target) = databases(schema, rows).await;
    let masking = Masking::new().safe(column("logs", "day"));
    let some = copied(&source, &target, &masking, &sample(20.0, 3))
        .await
        .unwrap();
    for (table, of_all) in [
        ("logs", 2000),
        ("marks", 1000),
        ("animals", 300),
        ("dogs", 300),
    ] {
        let table = of(&some, table);
        assert_eq!(table.of, of_all);
        assert!(
            table.rows > of_all / 10 && table.rows < of_all / 2,
            "{table:?}"
        );
    }
    foreign_keys_hold(&mut target).await;
    let breeds = "SELECT count(*)::text FROM dogs WHERE breed <> 'breed' AND name <> 'dog'";
    assert_eq!(
        texts(&target, breeds).await,
        [of(&some, "dogs").rows.to_string()]
    );
}

#[tokio::test]
async fn references_are_followed_where_nothing_else_is_chosen() {
    let schema = "CREATE TABLE a (id integer PRIMARY KEY, b integer);
         CREATE TABLE b (id integer PRIMARY KEY, c bigint);
         CREATE TABLE c (id integer, number bigint UNIQUE, a integer);
         ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
         ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c (number);
         ALTER TABLE c ADD FOREIGN KEY (a) REFERENCES a;
         CREATE TABLE leaf (id integer PRIMARY KEY, a integer REFERENCES a);";
    let rows = "INSERT INTO a SELECT generate_series(1, 3000); INSERT INTO b SELECT generate_series(1, 3000);
         INSERT INTO c SELECT NULL, generate_series(1, 3000);
         UPDATE a SET b = id; UPDATE b SET c = id; UPDATE c SET a = nullif((number + 1) % 3000, 0);
         INSERT INTO leaf SELECT i, i FROM generate_series(1, 3000) i;";
    let (source, mut target) = databases(schema, rows).await;
    let masking = Masking::new().safe(column("leaf", "id"));
    let copied = copied(&source, &target, &masking, &sample(0.2, 4))
        .await
        .unwrap();
    let leaves = of(&copied, "leaf").rows;
    assert!((1..30).contains(&leaves), "{copied:?}");
    // The circle goes through every row.
    assert!(of(&copied, "a").rows > 500, "{copied:?}");
    foreign_keys_hold(&mut target).await;
}
