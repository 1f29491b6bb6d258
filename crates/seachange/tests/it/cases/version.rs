//! What a case is held to on the server's version.

/// The version whose spelling the plans in the files have, unless a case needs a newer one.
const WRITTEN: u32 = 15;

/// How a case runs on this server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    /// The plan is what the file says, letter by letter, and the circle holds.
    ToTheText,
    /// The steps are those in the file, with their hazards, and the circle holds. What stands in the
    /// statements is the same too, but this version may spell an expression in another way.
    ToTheSteps,
    /// This version lacks what the case is about.
    NotAtAll,
}

impl Held {
    /// A line `needs PostgreSQL 18` before the first section is about versions.
    pub(super) fn on(server: u32, about: &str) -> Self {
        let needs = about
            .lines()
            .find_map(|line| line.strip_prefix("needs PostgreSQL "))
            .map(|text| text.parse().expect("a case needs a major version"));
        let written = needs.unwrap_or(WRITTEN).max(WRITTEN);
        match needs {
            Some(needs) if server < needs => Self::NotAtAll,
            _ if server == written => Self::ToTheText,
            _ => Self::ToTheSteps,
        }
    }

    /// Whether a case's file and what was planned are the same as far as they have to be.
    pub(super) fn agree(self, file: &str, planned: &str) -> bool {
        let steps = |text: &'_ str| -> Vec<String> {
            let lines = text.lines().filter(|line| line.starts_with("--"));
            lines.map(str::to_owned).collect()
        };
        match self {
            Self::ToTheText => file == planned,
            Self::ToTheSteps => steps(file) == steps(planned),
            Self::NotAtAll => true,
        }
    }
}

#[test]
fn a_case_is_held_to_its_text_on_one_version() {
    let held = |about: &str| [14, 15, 18].map(|server| Held::on(server, about));
    assert_eq!(
        held("Plain.\n"),
        [Held::ToTheSteps, Held::ToTheText, Held::ToTheSteps]
    );
    assert_eq!(
        held("Newer.\nneeds PostgreSQL 15\n"),
        [Held::NotAtAll, Held::ToTheText, Held::ToTheSteps]
    );
    assert_eq!(
        held("Newest.\nneeds PostgreSQL 18\n"),
        [Held::NotAtAll, Held::NotAtAll, Held::ToTheText]
    );
    assert!(!Held::ToTheSteps.agree("-- a\nb\n", "-- c\nb\n"));
}
