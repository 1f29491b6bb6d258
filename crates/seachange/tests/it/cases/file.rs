//! A case file: what it is about, then its sections.

pub(super) struct Case<'a> {
    pub(super) about: &'a str,
    pub(super) previous: &'a str,
    pub(super) next: &'a str,
    /// One `--rename` a line.
    pub(super) renames: &'a str,
    /// One `--map` a line.
    pub(super) maps: &'a str,
    pub(super) rows: &'a str,
    /// A query whose answer stays the same, wherever it can be asked.
    pub(super) keeps: &'a str,
    /// What PostgreSQL says to the way up, which then changes nothing.
    pub(super) fails: &'a str,
}

const SECTIONS: [&str; 9] = [
    "previous", "next", "renames", "maps", "rows", "keeps", "fails", "up", "down",
];

impl<'a> Case<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let mut found = [""; SECTIONS.len()];
        let (about, mut rest) = text
            .split_once("-- previous --\n")
            .ok_or("no section `previous`")?;
        let mut current = 0;
        loop {
            let next = SECTIONS
                .iter()
                .enumerate()
                .skip(current + 1)
                .filter_map(|(at, name)| {
                    let header = format!("-- {name} --\n");
                    let place = if rest.starts_with(&header) {
                        Some(0)
                    } else {
                        rest.find(&format!("\n{header}")).map(|place| place + 1)
                    };
                    place.map(|place| (place, at, header.len()))
                })
                .min();
            let Some((place, at, length)) = next else {
                found[current] = rest;
                break;
            };
            found[current] = &rest[..place];
            rest = &rest[place + length..];
            current = at;
        }
        let [previous, next, renames, maps, rows, keeps, fails, _, _] = found;
        Ok(Self {
            about,
            previous,
            next,
            renames,
            maps,
            rows,
            keeps,
            fails,
        })
    }

    pub(super) fn with_plans(&self, up: &str, down: &str) -> String {
        let mut text = self.about.to_owned();
        for (name, body) in [("previous", self.previous), ("next", self.next)] {
            text.push_str(&format!("-- {name} --\n{body}"));
        }
        for (name, body) in [
            ("renames", self.renames),
            ("maps", self.maps),
            ("rows", self.rows),
            ("keeps", self.keeps),
            ("fails", self.fails),
        ] {
            if !body.is_empty() {
                text.push_str(&format!("-- {name} --\n{body}"));
            }
        }
        text.push_str(&format!("-- up --\n{up}-- down --\n{down}"));
        text
    }
}
