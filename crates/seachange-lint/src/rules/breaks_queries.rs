//! Code that runs with the old schema fails.

use super::{Check, Note, Rule, Site};
use crate::deed::{Kind, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "breaks-queries",
    severity: Severity::Warning,
    about: "code that runs with the old schema fails",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    // Going back means going back to the old code too.
    if site.read.file.is_down() {
        return None;
    }
    let (subject, message, help) = match &site.deed.what {
        What::RenameColumn { table, column, to } => {
            // A name that the file itself gave is nobody else's.
            let given = site.state.schema.is_some() && site.state.column(table, column).is_none();
            if !site.state.is_old(table) || site.state.is_new_column(table, column) || given {
                return None;
            }
            let subject = format!("{}.{}", table.plain(), column.as_str());
            let message = format!("code that names `{subject}` fails from here on");
            let help = format!(
                "add `{}`, keep both in step by a trigger, fill it, release code that uses it, then drop `{}` \
                 in a later migration",
                to.as_str(),
                column.as_str()
            );
            (subject, message, help)
        }
        What::Rename { kind, name, to } => renamed(site, *kind, name, to)?,
        What::Drop { kind, name, .. } => dropped(site, *kind, name)?,
        What::RenameLabel { of, label } if site.state.is_old_type(of) => (
            of.plain(),
            format!("code that writes or compares with '{label}' fails from here on"),
            "add the new label, release code that knows both, change the rows, and leave the old label".to_owned(),
        ),
        _ => return None,
    };
    Some(
        site.note(subject, message)
            .help(help)
            .impact(site.impact(Work::Nothing)),
    )
}

type Said = (String, String, String);

fn renamed(
    site: &Site<'_, '_>,
    kind: Kind,
    name: &seachange_schema::Name,
    to: &seachange_schema::Name,
) -> Option<Said> {
    let old = match kind {
        Kind::Table | Kind::MaterializedView | Kind::View => site.state.is_old(name),
        Kind::Type | Kind::Domain => site.state.is_old_type(name),
        Kind::Function | Kind::Schema => true,
        // Queries don't name these.
        _ => false,
    };
    if !old || site.state.is_renamed(name) || made_again(site, kind, name) {
        return None;
    }
    let help = match kind {
        Kind::Table | Kind::View => format!(
            "leave a view `{}` over `{}` behind in the same migration, and drop it when no code names it any more",
            name.plain(),
            to.plain()
        ),
        _ => "make the new one beside it, release code that uses it, then drop the old one".to_owned(),
    };
    Some((
        name.plain(),
        format!("code that names {} `{}` fails from here on", kind.word(), name.plain()),
        help,
    ))
}

fn dropped(site: &Site<'_, '_>, kind: Kind, name: &seachange_schema::Name) -> Option<Said> {
    let old = match kind {
        Kind::View | Kind::Function | Kind::Sequence | Kind::Extension => true,
        Kind::MaterializedView => site.state.is_old(name),
        Kind::Type | Kind::Domain => site.state.is_old_type(name),
        // Tables and what holds them are `drops-data`; triggers and policies nobody names.
        _ => false,
    };
    if !old || site.state.is_renamed(name) || made_again(site, kind, name) {
        return None;
    }
    Some((
        name.plain(),
        format!("code that names {} `{}` fails from here on", kind.word(), name.plain()),
        "first release code that does without it".to_owned(),
    ))
}

/// Whether the file makes it again.
fn made_again(site: &Site<'_, '_>, kind: Kind, dropped: &seachange_schema::Name) -> bool {
    let by_deed = site.later().any(|deed| match &deed.what {
        What::CreateView { name, .. } | What::CreateType { name } => name == dropped,
        What::Rename { to, .. } => to == dropped,
        _ => false,
    });
    by_deed || (kind == Kind::Function && site.read.makes_function(dropped))
}
