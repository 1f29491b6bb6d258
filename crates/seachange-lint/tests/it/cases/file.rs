//! A case file: what it is about, then its sections: `before`, `bad` or `good`, `down`, `findings`.

#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) text: String,
}

pub(super) struct Case {
    about: String,
    pub(super) sections: Vec<Section>,
}

const NAMES: [&str; 5] = ["before", "bad", "good", "down", "findings"];

impl Case {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut about = String::new();
        let mut sections: Vec<Section> = Vec::new();
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ");
            let name = name.and_then(|line| line.strip_suffix(" --"));
            match (
                name.filter(|name| NAMES.contains(name)),
                sections.last_mut(),
            ) {
                (Some(name), _) => sections.push(Section {
                    name: name.to_owned(),
                    text: String::new(),
                }),
                (None, Some(section)) => section.text.push_str(line),
                (None, None) => about.push_str(line),
            }
        }
        let bad = sections
            .iter()
            .any(|it| it.name == "bad" || it.name == "good");
        match about.is_empty() || !bad {
            true => Err("says not what it is about, or has neither `bad` nor `good`".to_owned()),
            false => Ok(Self { about, sections }),
        }
    }

    /// The version of PostgreSQL that it needs, by the line `needs PostgreSQL 18`.
    pub(super) fn needs(&self) -> u32 {
        let mut lines = self.about.lines();
        lines
            .find_map(|line| line.strip_prefix("needs PostgreSQL ")?.parse().ok())
            .unwrap_or(14)
    }

    /// What makes the schema that the file meets.
    pub(super) fn before(&self) -> &str {
        let mut sections = self.sections.iter();
        sections
            .find(|section| section.name == "before")
            .map_or("", |section| section.text.as_str())
    }

    pub(super) fn text(&self) -> String {
        let sections = self.sections.iter();
        let sections = sections.map(|it| format!("-- {} --\n{}", it.name, it.text));
        format!("{}{}", self.about, sections.collect::<String>())
    }
}
