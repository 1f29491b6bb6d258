//! What is in the copy, and what is not.

use std::collections::{BTreeMap, HashSet};

use seachange::sample::{Mask, Masking, Share};

use super::{
    clinic, clinic_masking, column, copied, databases, dump, empty_clinic, sample, set, texts,
};

/// Every masked column whose values are long enough to be searched for, as text and inside of lists and
/// documents.
const ORIGINALS: &[&str] = &[
    "SELECT email FROM patients",
    "SELECT code FROM patients",
    "SELECT trim(plate) FROM patients",
    "SELECT full_name FROM patients",
    "SELECT greeting FROM patients",
    "SELECT id::text FROM patients",
    "SELECT born::text FROM patients",
    "SELECT date_trunc('minute', seen AT TIME ZONE 'UTC')::text FROM patients",
    "SELECT nick FROM patients",
    "SELECT weight::text FROM patients",
    "SELECT encode(photo, 'hex') FROM patients",
    "SELECT unnest(counts)::text FROM patients",
    "SELECT substring(tag FROM 'Ribes-[0-9]+') FROM patients, unnest(tags) tag",
    "SELECT substring(tag FROM 'slash') FROM patients, unnest(tags) tag",
    "SELECT profile ->> 'city' FROM patients",
    "SELECT profile ->> 'height' FROM patients",
    "SELECT profile #>> '{contact,0,phone}' FROM patients",
    "SELECT substring(notes ->> 'remark' FROM 'remedy-[0-9]+') FROM patients",
    "SELECT token::text FROM patients",
    "SELECT building FROM ward.rooms",
    "SELECT label FROM ward.rooms",
    "SELECT patient_email FROM stays",
    "SELECT id::text FROM teams",
    "SELECT name FROM teams",
    "SELECT id::text FROM nurses",
    "SELECT name FROM nurses",
    "SELECT note FROM visits",
    "SELECT patient::text FROM visits",
    "SELECT number::text FROM results",
    "SELECT finding FROM results",
    "SELECT id::text FROM letters",
    "SELECT \"a b\"::text FROM \"Odd \"\"name\"\"\"",
    "SELECT substring(\"c,d\" FROM 'Xanthippe-[0-9]+') FROM \"Odd \"\"name\"\"\"",
];

#[tokio::test]
async fn no_original_value_occurs_in_the_copy() {
    let source = clinic().await;
    let target = empty_clinic().await;
    let mut all = sample(10.0, 5);
    all.share = Share::ALL;
    copied(&source, &target, &clinic_masking(), &all)
        .await
        .unwrap();
    let dump = dump(&target).await;
    let copy = Searchable::new(dump.values().flatten());
    assert!(copy.text.len() > 250_000, "{}", copy.text.len());
    let everything = Searchable::new(super::dump(&source).await.values().flatten());
    for query in ORIGINALS {
        let originals = texts(&source, query).await;
        assert!(!originals.is_empty());
        // The search finds what is there.
        for original in originals.iter().take(5) {
            assert!(everything.holds(original), "{query}: {original}");
        }
        for original in originals {
            assert!(!copy.holds(&original), "{query}: {original}");
        }
    }
    for original in [
        "St-Vincent",
        "Josephine",
        "Rosenthal",
        "Rheinfelden",
        "Pavilion",
        "Ottoline",
    ] {
        assert!(!copy.holds(original), "{original}");
    }
}

/// A whole dump, in which anything is found whatever its case.
struct Searchable {
    text: String,
    /// Every five bytes of it in a row: most searches end here.
    fives: HashSet<[u8; 5]>,
    /// Numbers are found as a whole: any few digits occur somewhere.
    words: HashSet<String>,
}

impl Searchable {
    fn new<'a>(rows: impl Iterator<Item = &'a String>) -> Self {
        let text: String = rows.map(|row| row.to_lowercase() + "\n").collect();
        let ends = |one: char| !one.is_ascii_alphanumeric() && one != '.';
        Self {
            fives: text.as_bytes().windows(5).map(five).collect(),
            words: text.split(ends).map(str::to_owned).collect(),
            text,
        }
    }

    fn holds(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        if value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            return self.words.contains(&value);
        }
        let mut fives = value.as_bytes().windows(5).map(five);
        fives.all(|five| self.fives.contains(&five)) && self.text.contains(&value)
    }
}

fn five(bytes: &[u8]) -> [u8; 5] {
    bytes.try_into().unwrap()
}

#[tokio::test]
async fn equal_stays_equal_and_unique_stays_unique() {
    let source = clinic().await;
    let target = empty_clinic().await;
    let mut all = sample(10.0, 6);
    all.share = Share::ALL;
    copied(&source, &target, &clinic_masking(), &all)
        .await
        .unwrap();

    for one in [
        "email",
        "code",
        "plate",
        "token::text",
        "id::text",
        "weight::text",
    ] {
        assert_eq!(
            set(&target, &format!("SELECT {one} FROM patients"))
                .await
                .len(),
            300,
            "{one}"
        );
    }
    let shapes = "SELECT DISTINCT concat_ws(' ', length(email), email LIKE '%@example.invalid', length(code), \
         plate ~ '^[A-Z]{2}[0-9]{4}[A-Z]{2}  $', full_name ~ '^[A-Z][a-z]{5} [A-Z][a-z]{5}$', greeting = 'Dear ' || full_name, \
         cardinality(tags), tags[2] IS NULL, uuid_send(token)::text LIKE '\\\\x____________4%', length(photo), \
         weight BETWEEN 10000 AND 100000, notes::jsonb ? 'remark') FROM patients";
    assert_eq!(texts(&target, shapes).await, ["36 t 12 t t t 3 t t 16 t t"],);
    // A document's address is the column's.
    let same = "SELECT count(*)::text FROM patients WHERE profile #>> '{contact,0,email}' = email";
    assert_eq!(texts(&target, same).await, ["300"]);
    // Order and distance of dates are kept, and nothing else about them.
    let days = "SELECT string_agg((born - first)::text, ',' ORDER BY born) FROM patients, \
         (SELECT min(born) AS first FROM patients) f";
    assert_eq!(texts(&source, days).await, texts(&target, days).await);
    let first = "SELECT min(born)::text || min(seen)::date FROM patients";
    assert_ne!(texts(&source, first).await, texts(&target, first).await);
    // NULL stays NULL.
    let nulls = "SELECT concat_ws(' ', count(nick), count(referred_by), count(*)) FROM patients";
    assert_eq!(texts(&source, nulls).await, texts(&target, nulls).await);
    // Joins without a foreign key hold as well, between columns of one type.
    let counts = "SELECT count(*)::text FROM visits v JOIN patients p ON p.id = v.patient JOIN results r ON r.patient = p.id";
    assert_eq!(texts(&source, counts).await, texts(&target, counts).await);
}

#[tokio::test]
async fn what_is_safe_is_as_it_was() {
    let (source, target) = (clinic().await, empty_clinic().await);
    let mut masking = clinic_masking();
    for name in [
        "code", "mood", "tags", "photo", "profile", "notes", "seen", "weight", "factor", "moods",
        "wakes",
    ] {
        masking = masking.safe(column("patients", name));
    }
    masking = masking.safe(column("Odd \"name\"", "c,d"));
    let mut all = sample(10.0, 7);
    all.share = Share::ALL;
    copied(&source, &target, &masking, &all).await.unwrap();
    for query in [
        "SELECT concat_ws('|', code, mood, tags, photo, profile, notes, seen, weight, factor, moods, wakes) FROM patients ORDER BY code",
        "SELECT \"c,d\" FROM \"Odd \"\"name\"\"\" ORDER BY 1",
    ] {
        assert_eq!(texts(&source, query).await, texts(&target, query).await);
    }
}

#[tokio::test]
async fn each_declared_mask_does_what_it_says() {
    let schema = "CREATE TABLE t (id integer PRIMARY KEY, a text, b text, c text, d varchar(9), e text, f smallint,
         g jsonb, h inet, i interval, j text UNIQUE, k text)";
    let rows = "INSERT INTO t SELECT i, 'ann@x.org', 'not an address', '061 555 0' || i, 'd' || i, 'x', 3 + i % 5,
         '{\"ann\": [1, null, false]}', '10.0.0.1', '1 day', 'AB-' || i, NULL FROM generate_series(100, 199) i";
    let (source, target) = databases(schema, rows).await;
    let masking = Masking::new()
        .with(column("t", "a"), Mask::Text)
        .with(column("t", "b"), Mask::Email)
        .with(column("t", "c"), Mask::Phone)
        .with(column("t", "d"), Mask::Person)
        .with(column("t", "e"), Mask::Fixed("a\ttab\\".to_owned()))
        .with(column("t", "f"), Mask::Between(3, 7))
        .with(column("t", "g"), Mask::JsonKeys)
        .with(column("t", "h"), Mask::Null)
        .with(column("t", "i"), Mask::Fixed("2 days".to_owned()))
        .with(column("t", "j"), Mask::Code)
        .with(column("t", "k"), Mask::Fixed("never".to_owned()));
    let mut all = sample(10.0, 8);
    all.share = Share::ALL;
    copied(&source, &target, &masking, &all).await.unwrap();
    let shapes = "SELECT DISTINCT concat_ws(' ', a ~ '^[a-z2-7]{20}$', b ~ '^[a-z2-7]{20}@example.invalid$', \
         c ~ '^[+]999[0-9]{11}$', d ~ '^[A-Z][a-z]{5} [A-Z][a-z]$', e = E'a\\ttab\\\\', f BETWEEN 3 AND 7, \
         g::text LIKE '%ann%', jsonb_typeof(jsonb_path_query_first(g, '$.*[1]')), h IS NULL, i, \
         j ~ '^[A-Z]{2}-[0-9]{3}$', k IS NULL) FROM t";
    assert_eq!(
        texts(&target, shapes).await,
        ["t t t t t t f null t 2 days t t"]
    );
    assert_eq!(set(&target, "SELECT j FROM t").await.len(), 100);
    assert_eq!(
        set(&target, "SELECT DISTINCT f::text FROM t").await.len(),
        5
    );
}

#[tokio::test]
async fn a_column_follows_the_one_it_refers_to() {
    let schema = "CREATE TABLE countries (code varchar(2) PRIMARY KEY, name text);
         CREATE TABLE users (id bigint PRIMARY KEY, country text REFERENCES countries);
         CREATE TABLE posts (id integer PRIMARY KEY, by integer REFERENCES users);";
    let rows = "INSERT INTO countries VALUES ('CH', 'Schweiz'), ('FR', 'France');
         INSERT INTO users VALUES (17, 'CH'), (5000000000, 'FR'); INSERT INTO posts VALUES (1, 17);";
    let (source, target) = databases(schema, rows).await;
    let masking = Masking::new().safe(column("countries", "code"));
    let mut all = sample(10.0, 9);
    all.share = Share::ALL;
    copied(&source, &target, &masking, &all).await.unwrap();
    let dump: BTreeMap<_, _> = dump(&target).await;
    let countries = set(&target, "SELECT country FROM users").await;
    assert_eq!(
        countries.into_iter().collect::<Vec<_>>(),
        ["CH", "FR"],
        "{dump:?}"
    );
    let joined = texts(
        &target,
        "SELECT country FROM posts JOIN users ON by = users.id",
    )
    .await;
    assert_eq!(joined, ["CH"]);
}
