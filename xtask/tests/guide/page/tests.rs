//! The walk itself, on pages of a few lines.

use std::fs;
use std::path::Path;

use super::output::same;
use super::{Expectation, Ground, Page};

const PAGE: &str = "\
# A page

```text,file=notes/list.txt
one
two
three
```

Between them, two and a half:

```diff,edit=notes/list.txt
 two
-three
+two and a half
+three
@@
-one
+1
```

```console
$ cat notes/list.txt
1
…
three
$ export WORD=kept; cd notes
$ echo \"$WORD in 35 ms at 2026-11-23 00:31:38 UTC\"; pwd
kept in 17 ms at 2026-01-01 10:00:00 UTC
/home/ada/notes
```

```console
$ echo m20250101_000000_first
m20250101_000000_first
```

```console,exit=2
$ true
$ echo wrong >&2; exit 2
wrong
```
";

fn walk(folder: &Path, text: &str, expectation: Expectation) -> (Result<(), String>, String) {
    let path = folder.join("page.md");
    fs::write(&path, text).unwrap();
    let root = tempfile::tempdir().unwrap();
    let ground = Ground::at(&root.path().canonicalize().unwrap(), "/home/ada");
    let ended = Page::read(&path).go(&ground, expectation);
    (ended, fs::read_to_string(&path).unwrap())
}

#[test]
fn a_page_is_walked_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.md");
    fs::write(&path, PAGE).unwrap();
    let root = tempfile::tempdir().unwrap();
    let ground = Ground::at(&root.path().canonicalize().unwrap(), "/home/ada");
    Page::read(&path).walk(&ground);
    assert_eq!(fs::read_to_string(&path).unwrap(), PAGE);
}

#[test]
fn other_output_fails_or_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let page = PAGE
        .replace("1\n…\nthree\n", "2\n")
        .replace("kept in 17 ms", "lost in 17 ms");
    let (ended, _) = walk(folder.path(), &page, Expectation::Hold);
    let failure = ended.unwrap_err();
    for word in ["`cat notes/list.txt`", "page.md:22", "kept in 35 ms"] {
        assert!(failure.contains(word), "{word} is not in {failure}");
    }
    let (ended, written) = walk(folder.path(), &page, Expectation::Update);
    ended.unwrap();
    let real = PAGE
        .replace("1\n…\nthree\n", "1\ntwo\ntwo and a half\nthree\n")
        .replace(
            "17 ms at 2026-01-01 10:00:00",
            "35 ms at 2026-11-23 00:31:38",
        );
    assert_eq!(written, real);
}

#[test]
fn another_exit_code_fails() {
    let folder = tempfile::tempdir().unwrap();
    let page = PAGE.replace("exit=2", "exit=3");
    for expectation in [Expectation::Hold, Expectation::Update] {
        let (ended, _) = walk(folder.path(), &page, expectation);
        assert!(ended.unwrap_err().contains("ended with 2, not with 3"));
    }
}

#[test]
fn an_edit_fits_in_one_place() {
    let folder = tempfile::tempdir().unwrap();
    for (from, to, why) in [
        ("-one\n", "-wone\n", "0 times"),
        ("one\ntwo\n", "one\none\ntwo\n", "2 times"),
        ("-one\n+1\n", " one\n", "nothing changes"),
    ] {
        let page = PAGE.replace(from, to);
        let (ended, _) = walk(folder.path(), &page, Expectation::Hold);
        let failure = ended.unwrap_err();
        assert!(failure.contains(why), "{why} is not in {failure}");
    }
}

/// Output has the page's version of a migration, a command this walk's.
#[test]
fn versions_are_known_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let page = "\
```console
$ touch m20270101_00000$((1 + 2))_add_price.sql; ls
m20261123_004209_add_price.sql
$ wc -l m20261123_004209_add_price.sql
0 m20261123_004209_add_price.sql
```
";
    let (ended, _) = walk(folder.path(), page, Expectation::Hold);
    ended.unwrap();
}

#[test]
fn what_differs_from_run_to_run_is_the_same() {
    let lines = [
        ("done in 1.25 s", "done in 17 ms"),
        (
            "postgres://ada@127.0.0.1:5432/shop",
            "postgres://ada@127.0.0.1:20822/shop",
        ),
        ("applied …/shop in 1 ms", "applied /tmp/x/shop in 2 ms"),
        ("a\n…\nb", "a\nb"),
        ("done", "building the package `migration` …\ndone"),
    ];
    for (expected, printed) in lines {
        assert!(same(expected, printed), "{expected} | {printed}");
    }
    for (expected, printed) in [
        ("17 rows", "18 rows"),
        ("a\n…", "b"),
        ("a…b", "a"),
        ("", "a"),
    ] {
        assert!(!same(expected, printed), "{expected} | {printed}");
    }
}
