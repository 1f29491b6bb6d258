//! Lines as people, deployments and sea-orm-cli write them.

use std::time::Duration;

use clap::{CommandFactory, Parser as _};

use super::Arguments;
use super::values::{duration, place};
use crate::runner::command::output::Format;
use crate::runner::extent::Extent;

fn parse(line: &str) -> Arguments {
    let words = ["migration"].into_iter().chain(line.split_whitespace());
    Arguments::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn the_command_line_is_sound() {
    <Arguments as CommandFactory>::command().debug_assert();
}

#[test]
fn as_sea_orm_cli_calls_it() {
    for (line, name, extent) in [
        ("", "up", Extent::All),
        ("up", "up", Extent::All),
        ("up -n 2", "up", Extent::Steps(2)),
        ("up -n 2 -v", "up", Extent::Steps(2)),
        ("down -n 1", "down", Extent::Steps(1)),
        ("down", "down", Extent::Steps(1)),
        ("down --all", "down", Extent::All),
        ("down --to m1", "down", Extent::To("m1".to_owned())),
        ("up --num 3", "up", Extent::Steps(3)),
        ("status -v", "status", Extent::All),
        ("fresh", "fresh", Extent::All),
        ("refresh", "refresh", Extent::All),
        ("reset", "reset", Extent::All),
    ] {
        let command = parse(line).command();
        assert_eq!((command.name(), command.extent()), (name, extent), "{line}");
    }
}

#[test]
fn flags_may_stand_before_and_behind() {
    for line in [
        "-u postgres://x/y -s app up --json",
        "up --json --database-url postgres://x/y --database-schema app",
    ] {
        let arguments = parse(line);
        let target = arguments.target().unwrap();
        assert_eq!(
            (target.url.as_str(), target.schema.as_str()),
            ("postgres://x/y", "app")
        );
        assert!(matches!(arguments.format(), Format::Json));
    }
}

#[test]
fn where_to_go_on_is_read() {
    let settings = parse("up --resume-at add_fax:3 --no-wait").settings();
    assert_eq!(settings.resume_at("m20260101_000000_add_fax"), Some(3));
    assert_eq!(settings.resume_at("m20260101_000000_add_phone"), None);
    assert_eq!(settings.lock_wait, Duration::ZERO);
    for wrong in ["", "a", "a:", ":1", "a:0", "a:b"] {
        assert!(place(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn times_are_read() {
    assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
    assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
    assert_eq!(duration("3min"), Ok(Duration::from_secs(180)));
    for wrong in ["", "s", "2h", "-1s", "99999999min"] {
        assert!(duration(wrong).is_err(), "{wrong}");
    }
}
