//! The list: a target a line. A line that is wrong is told with its number before anything is done.

use std::collections::BTreeMap;

use super::find::FleetError;
use crate::connection::{database_of, masked, server_of};
use crate::error::Help as _;
use crate::runner::run::Target;

/// Targets in the order that they are gone through.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Canaries among them are marked.
    pub targets: Vec<Listed>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What it is called in messages; never holds a password.
    pub name: String,
    /// What is migrated.
    pub target: Target,
    /// It goes before those that are none.
    pub canary: bool,
}

impl Fleet {
    /// Reads `URL [schema=NAME] [name=NAME] [canary]` lines; `#` begins a comment. `list` is what the text is
    /// called, `schema` the one of a line that names none.
    pub fn parse(text: &str, list: &str, schema: &str) -> Result<Self, FleetError> {
        let mut targets = Vec::new();
        let mut wrong = Vec::new();
        let mut seen = Seen::default();
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line
                .split_whitespace()
                .take_while(|word| !word.starts_with('#'))
                .collect();
            if words.is_empty() {
                continue;
            }
            let read = listed(&words, schema).and_then(|one| {
                seen.once(number, &one)?;
                Ok(one)
            });
            match read {
                Ok(one) => targets.push(one),
                Err(reason) => wrong.push((number, reason)),
            }
        }
        let list = list.to_owned();
        if !wrong.is_empty() {
            return Err(FleetError::Lines { list, wrong });
        }
        if targets.is_empty() {
            return Err(FleetError::Empty { list });
        }
        Ok(Self { targets })
    }

    /// A target for each schema of one database.
    pub(super) fn of_schemas(url: &str, schemas: Vec<String>) -> Self {
        let targets = schemas.into_iter().map(|schema| Listed {
            name: schema.clone(),
            target: Target {
                url: url.to_owned(),
                schema,
            },
            canary: false,
        });
        Self {
            targets: targets.collect(),
        }
    }

    /// A database that is there more than once, with several schemas.
    pub(in crate::runner) fn shared_database(&self) -> Option<&str> {
        let mut seen = BTreeMap::new();
        self.targets
            .iter()
            .find(|one| seen.insert(place(&one.target), ()).is_some())
            .map(|one| one.name.as_str())
    }

    /// The canaries, and the others: as many from the top as are asked for, with those that are marked.
    pub(super) fn waves(&self, canaries: usize) -> [Vec<usize>; 2] {
        let all = 0..self.targets.len();
        let marked = self.targets.iter().filter(|one| one.canary).count();
        let mut more = canaries.saturating_sub(marked);
        let (first, then) = all.partition(|&place| {
            self.targets[place].canary || {
                let takes = more > 0;
                more = more.saturating_sub(1);
                takes
            }
        });
        [first, then]
    }
}

/// What was read so far, to find what is there twice.
#[derive(Default)]
struct Seen {
    places: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
}

impl Seen {
    fn once(&mut self, number: usize, one: &Listed) -> Result<(), String> {
        let place = format!("{}\0{}", place(&one.target), one.target.schema);
        if let Some(before) = self.places.insert(place, number) {
            return Err(format!(
                "it is the same database and schema as line {before}"
            ));
        }
        match self.names.insert(one.name.clone(), number) {
            Some(before) => Err(format!("line {before} is called `{}` as well", one.name)),
            None => Ok(()),
        }
    }
}

fn listed(words: &[&str], schema: &str) -> Result<Listed, String> {
    let url = words[0];
    let database = database_of(url).map_err(|error| {
        let help = error.help().unwrap_or_default();
        format!("{error}; {help}")
    })?;
    let mut target = Target {
        url: url.to_owned(),
        schema: schema.to_owned(),
    };
    let (mut name, mut canary) = (None, false);
    for word in &words[1..] {
        match word.split_once('=') {
            _ if *word == "canary" => canary = true,
            Some(("schema", value)) if !value.is_empty() => value.clone_into(&mut target.schema),
            Some(("name", value)) if !value.is_empty() => name = Some(value.to_owned()),
            // It may be a password that a space has cut off.
            Some((key, _)) if !key.contains("://") => {
                return Err(format!("`{key}=` is not known behind a URL"));
            }
            _ => return Err("only `schema=`, `name=` and `canary` may follow a URL".to_owned()),
        }
    }
    let usual = || {
        let server = server_of(url);
        match target.schema.as_str() {
            "public" => format!("{server}/{database}"),
            schema => format!("{server}/{database}/{schema}"),
        }
    };
    Ok(Listed {
        name: name.unwrap_or_else(usual),
        target,
        canary,
    })
}

/// Server and database, whoever connects.
fn place(target: &Target) -> String {
    match database_of(&target.url) {
        Ok(database) => format!("{}\0{database}", server_of(&target.url)),
        Err(_) => masked(&target.url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Fleet, Vec<(usize, String)>> {
        Fleet::parse(text, "fleet", "public").map_err(|error| match error {
            FleetError::Lines { wrong, .. } => wrong,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn a_target_a_line() {
        let text = "# ours\n\npostgres://ada:pw@db/one\npostgres://ada@db/two schema=app name=second canary # first\n";
        let fleet = parse(text).unwrap();
        let read: Vec<_> = (fleet.targets.iter())
            .map(|one| (one.name.as_str(), one.target.schema.as_str(), one.canary))
            .collect();
        assert_eq!(
            read,
            [("db:5432/one", "public", false), ("second", "app", true)]
        );
        assert!(Fleet::parse("# nothing\n", "fleet", "public").is_err());
    }

    #[test]
    fn every_wrong_line_is_told_and_no_password() {
        let text = "postgres://ada:s3cret@db/one\nmysql://ada:s3cret@db/x\npostgres://bob@db:5432/one?x=1\n\
                    postgres://ada@db/two s3cret\npostgres://ada@db/two password=s3cret\npostgres://ada@db/two schema=\n\
                    postgres://ada@db/three name=a\npostgres://ada@db/four name=a";
        let wrong = parse(text).unwrap_err();
        let numbers: Vec<usize> = wrong.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 3, 4, 5, 6, 8]);
        assert!(wrong[1].1.contains("line 1"), "{wrong:?}");
        assert!(!format!("{wrong:?}").contains("s3cret"), "{wrong:?}");
    }

    #[test]
    fn canaries_are_the_marked_ones_and_the_first() {
        let text = "postgres://d/a\npostgres://d/b\npostgres://d/c canary\npostgres://d/e";
        let fleet = parse(text).unwrap();
        assert_eq!(fleet.waves(0), [vec![2], vec![0, 1, 3]]);
        assert_eq!(fleet.waves(2), [vec![0, 2], vec![1, 3]]);
        assert_eq!(fleet.waves(9), [vec![0, 1, 2, 3], vec![]]);
    }
}
