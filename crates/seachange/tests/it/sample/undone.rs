//! A copy that does not come to its end leaves nothing.

use seachange::sample::{Masking, Share, Step, copy};

use super::{clinic, clinic_masking, column, databases, dump, empty_clinic, sample, texts};

#[tokio::test]
async fn a_failure_half_way_leaves_nothing() {
    // `b` comes behind `a`, which it refers to, and fails.
    let schema = "CREATE TABLE a (id serial PRIMARY KEY);
         CREATE TABLE b (id integer PRIMARY KEY, a integer NOT NULL REFERENCES a, n integer CHECK (n < 1000));";
    let rows = "INSERT INTO a SELECT generate_series(1, 20000);
         INSERT INTO b SELECT i, i, i % 1000 FROM generate_series(1, 20000) i;";
    let (source, target) = databases(schema, rows).await;
    let mut all = sample(10.0, 1);
    all.share = Share::ALL;
    let mut seen = Vec::new();
    let masking = Masking::new().safe(column("a", "id"));
    copy(source.url(), target.url(), &masking, &all, |progress| {
        if progress.step == Step::Copying {
            seen.push((progress.table.to_owned(), progress.rows));
        }
    })
    .await
    .unwrap_err();
    // It was half way.
    assert!(seen.contains(&("a".to_owned(), 20_000)), "{seen:?}");
    assert!(dump(&target).await.values().all(Vec::is_empty));
    assert_eq!(
        texts(&target, "SELECT nextval('a_id_seq')::text").await,
        ["1"]
    );
}

#[tokio::test]
async fn a_copy_that_is_dropped_leaves_nothing() {
    let (source, target) = (clinic().await, empty_clinic().await);
    let mut all = sample(10.0, 1);
    all.share = Share::ALL;
    let (half, way) = tokio::sync::oneshot::channel();
    let mut half = Some(half);
    let masking = clinic_masking();
    let copying = copy(source.url(), target.url(), &masking, &all, |progress| {
        let is_half_way = progress.step == Step::Copying && progress.table == "patients";
        if let Some(half) = half.take_if(|_| is_half_way) {
            half.send(()).unwrap();
        }
    });
    tokio::select! {
        biased;
        half = way => half.unwrap(),
        _ = copying => panic!("it came to its end"),
    }
    // The server has noticed when the locks are gone.
    let locks = "LOCK TABLE patients; SELECT count(*)::text FROM patients";
    assert_eq!(texts(&target, locks).await, ["0"]);
    assert!(dump(&target).await.values().all(Vec::is_empty));
    // By name: in version 14 a trigger's clones on partitions are internal.
    let state = "SELECT tgname::text || tgenabled::text FROM pg_trigger \
        WHERE tgname IN ('always', 'never', 'parts', 'shout') ORDER BY 1";
    assert_eq!(
        texts(&target, state).await,
        ["alwaysA", "neverD", "partsO", "partsO", "partsO", "shoutO"]
    );
}
