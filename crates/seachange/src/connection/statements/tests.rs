//! Small texts and where they part.

use super::{StatementKind, statements};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<&str> = statements(text).iter().map(|one| one.text).collect();
    assert_eq!(found, expected, "in {text:?}");
    for one in statements(text) {
        assert!(text[one.offset..].starts_with(one.text));
        let line = text[..one.offset].matches('\n').count() + 1;
        assert_eq!(one.line as usize, line);
    }
}

#[track_caller]
fn check_kind(text: &str, kind: StatementKind) {
    let found = statements(text);
    assert_eq!(found.len(), 1, "in {text:?}: {found:?}");
    assert_eq!(found[0].kind, kind, "in {text:?}");
}

#[test]
fn plain() {
    check("", &[]);
    check("  \n ", &[]);
    check(";;;", &[]);
    check("select 1", &["select 1"]);
    check("select 1;", &["select 1"]);
    check(
        "select 1 ;\n\nselect 2;",
        &["select 1 ", "select 2"].map(str::trim),
    );
    check("a;b;;c", &["a", "b", "c"]);
    check("größe;größe2", &["größe", "größe2"]);
}

#[test]
fn comments() {
    check("-- only a comment", &[]);
    check("-- a; b\nselect 1; -- tail", &["select 1"]);
    check("/* a; */ select 1", &["select 1"]);
    check("/* a /* b; */ c; */ x; y", &["x", "y"]);
    check("/* never closed; x", &[]);
    check("select 1 -- a;\n + 2; x", &["select 1 -- a;\n + 2", "x"]);
    check("select 1 /* ; */ + 2; x", &["select 1 /* ; */ + 2", "x"]);
    check("select 1--1;\n;x", &["select 1", "x"]);
    check("select 1 - -1; x", &["select 1 - -1", "x"]);
}

#[test]
fn quotes() {
    check("select ';'; x", &["select ';'", "x"]);
    check("select 'a'';b'; x", &["select 'a'';b'", "x"]);
    check(r"select '\'; x", &[r"select '\'", "x"]);
    check(r"select E'\';'; x", &[r"select E'\';'", "x"]);
    check(r"select e'\\'; x", &[r"select e'\\'", "x"]);
    check(r"select E'a'';\''; x", &[r"select E'a'';\''", "x"]);
    check("select E'a'\n'\\';'; x", &["select E'a'\n'\\';'", "x"]);
    check("select E'a'\n, '\\'; x", &["select E'a'\n, '\\'", "x"]);
    check(r"select type'\'; x", &[r"select type'\'", "x"]);
    check(r"select U&'\0061;'; x", &[r"select U&'\0061;'", "x"]);
    check(r"select U&'\'; x", &[r"select U&'\'", "x"]);
    check("select '--'; x", &["select '--'", "x"]);
    check("select '/*'; x", &["select '/*'", "x"]);
    check("select 'never; closed", &["select 'never; closed"]);
    check(r#"select "a;b"; x"#, &[r#"select "a;b""#, "x"]);
    check(r#"select "a"";b"; x"#, &[r#"select "a"";b""#, "x"]);
    check(r#"select U&"a;"; x"#, &[r#"select U&"a;""#, "x"]);
    check(r#"select "it's;"; x"#, &[r#"select "it's;""#, "x"]);
    check("select 'ä;ö'; x", &["select 'ä;ö'", "x"]);
}

#[test]
fn dollar_quotes() {
    check("do $$ a; b $$; x", &["do $$ a; b $$", "x"]);
    check("do $a$ $$; $b$ ; $a$; x", &["do $a$ $$; $b$ ; $a$", "x"]);
    check("do $ä_1$ ; $ä_1$; x", &["do $ä_1$ ; $ä_1$", "x"]);
    check("select $1; x", &["select $1", "x"]);
    check("select $1$2; x", &["select $1$2", "x"]);
    check("select a$b$; x$b$", &["select a$b$", "x$b$"]);
    check("select 1$a$;$a$; x", &["select 1$a$", "$a$; x"]);
    check("do $$ never; closed", &["do $$ never; closed"]);
    check("do $A$ $a$; $A$; x", &["do $A$ $a$; $A$", "x"]);
    check("do $$ ' $$; x", &["do $$ ' $$", "x"]);
}

#[test]
fn parentheses() {
    check(
        "create rule r as on insert to t do (select 1; select 2); x",
        &[
            "create rule r as on insert to t do (select 1; select 2)",
            "x",
        ],
    );
    check("select ')'; x", &["select ')'", "x"]);
    check("select 1); x", &["select 1)", "x"]);
}

#[test]
fn standard_bodies() {
    let check_body = |body: &str| {
        for create in ["create function", "CREATE OR REPLACE PROCEDURE"] {
            let whole = format!("{create} f() {body}");
            check(&format!("{whole}; x"), &[&whole, "x"]);
        }
    };
    check_body("begin atomic select 1; select 2; end");
    check_body("BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 END; END");
    check_body("begin atomic select case when a then case b when 1 then 2 end end; select 3; end");
    check_body("begin atomic select (case when a then 1 end); end");
    check_body("begin /* x */ atomic select 1 as end; select t.case from t; end");
    check_body("returns int return 1");
    check_body("language sql as $$ begin; end $$");
    check("begin atomic; x", &["begin atomic", "x"]);
    check(
        "select case when a then 1 end; x",
        &["select case when a then 1 end", "x"],
    );
    check(
        "begin; select 1; end; x",
        &["begin", "select 1", "end", "x"],
    );
}

#[test]
fn kinds() {
    use StatementKind::*;
    check_kind("create table t ()", Sql);
    check_kind("begin", Transaction);
    check_kind(
        "start transaction isolation level serializable",
        Transaction,
    );
    check_kind("COMMIT", Transaction);
    check_kind("end", Transaction);
    check_kind("rollback", Transaction);
    check_kind("rollback to savepoint a", Sql);
    check_kind("rollback work to a", Sql);
    check_kind("savepoint a", Sql);
    check_kind("prepare transaction 'x'", Transaction);
    check_kind("prepare q as select 1", Sql);
    check_kind("copy t from '/tmp/x'", Sql);
    check_kind("copy t from stdin", CopyData);
    check_kind(
        "COPY public.t (a, b) FROM STDIN WITH (FORMAT csv)",
        CopyData,
    );
    check_kind("copy (select 1) to stdout", CopyData);
    check_kind("insert into copy select a from stdin", Sql);
    check_kind("\\d", PsqlCommand);
    check_kind("select 1 \\gset", PsqlCommand);
    check_kind("\\restrict abc", Restrict);
    check_kind("\\unrestrict abc", Restrict);
}

#[test]
fn psql_commands_end_with_their_line() {
    check("\\set a 1\nselect 1;", &["\\set a 1", "select 1"]);
    check("x;\n\\i f.sql\ny", &["x", "\\i f.sql", "y"]);
    check("select '\\d'; x", &["select '\\d'", "x"]);
}

#[test]
fn copied_rows_are_no_statements() {
    check(
        "copy t from stdin;\n1\tit's\n2\t;\n\\.\nselect 1;",
        &["copy t from stdin", "select 1"],
    );
}
