//! Applying from the studio: what was shown, by the migration program, as `migrate` does it.

use seachange::runner::{Standing as One, State};
use seachange_studio::history::{Apply, Ended, Lines, Shown};

use super::historian::Historian;
use crate::failure::Failure;
use crate::standing::{self, Allowed, Standing};
use crate::workspace;

const OUT_OF_ORDER: &str = "--allow-out-of-order";
const EDITED: &str = "--allow-edited";

/// Does it, and tells what the program says.
pub(super) async fn apply(
    historian: &Historian<'_>,
    wanted: &Apply,
    lines: &Lines,
) -> Result<Ended, Failure> {
    let place = historian.begin()?;
    let context = historian.context;
    // Nobody may be there any more to hear it.
    let tell = |line: String| drop(lines.send(line));
    let standing = standing::read(context, historian.target).await?;
    let last = is_what_was_shown(&standing, &wanted.shown)?;
    let has = |flag: &str| wanted.flags.iter().any(|given| given == flag);
    let allowed = Allowed {
        out_of_order: has(OUT_OF_ORDER),
        edited: has(EDITED),
    };
    standing.make_ready(context, allowed)?;
    tell("building the migration program …".to_owned());
    let program = workspace::build(context, context.project.migration).await?;
    place.goes_on()?;
    let mut words = vec!["up".to_owned(), "--to".to_owned(), last.to_owned()];
    for (flag, given) in [
        (OUT_OF_ORDER, allowed.out_of_order),
        (EDITED, allowed.edited),
        ("--contract", wanted.shown.iter().any(|one| one.contract)),
    ] {
        words.extend(given.then(|| flag.to_owned()));
    }
    let target = historian.target;
    let begun = |process| place.is(process);
    let exit = workspace::run_and_tell(context, &program, &words, target, begun, &tell).await?;
    Ok(Ended { code: exit.code() })
}

/// The last of those that would be applied, when they are what was shown, and as they were shown.
fn is_what_was_shown<'a>(standing: &Standing, shown: &'a [Shown]) -> Result<&'a str, Failure> {
    let Some(last) = shown.last() else {
        return Err(Failure::new("nothing is to be applied")
            .help("reload the page: it shows what is pending now"));
    };
    let held_back_too = shown.iter().any(|one| one.contract);
    let pending = standing.status.migrations.iter();
    let mut pending: Vec<&One> = pending
        .filter(|one| one.state == State::Pending && (held_back_too || !one.contract))
        .collect();
    let end = pending.iter().position(|one| one.version == last.version);
    pending.truncate(end.map_or(0, |end| end + 1));
    if let Some(other) = (pending.iter())
        .find(|one| one.contract && !shown.iter().any(|it| it.version == one.version))
    {
        let message = format!("`{}` is held back as well, and comes first", other.version);
        return Err(Failure::new(message).help("choose it too, or none of them"));
    }
    let now: Vec<Shown> = (pending.iter())
        .map(|one| Shown {
            version: one.version.clone(),
            hash: (standing.folder.migration(&one.version))
                .map(|migration| migration.hash.clone())
                .unwrap_or_default(),
            contract: one.contract,
        })
        .collect();
    match now == shown {
        true => Ok(&last.version),
        false => Err(Failure::new("what is pending is not what was shown")
            .help("load the page again, and look at what has changed")),
    }
}
