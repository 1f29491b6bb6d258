//! Where a table's page is.

use seachange_schema::Name;
use seachange_schema::name::DEFAULT_SCHEMA;
use sha2::{Digest as _, Sha256};

/// Below the folder: `tables/users.md`, `tables/audit.log.md`.
pub(super) fn below(name: &Name) -> String {
    format!("tables/{}", beside(name))
}

/// From another table's page.
pub(super) fn beside(name: &Name) -> String {
    let table = part(name.name.as_str());
    match name.schema.as_str() {
        DEFAULT_SCHEMA => format!("{table}.md"),
        schema => format!("{}.{table}.md", part(schema)),
    }
}

/// A name that every file system takes, and takes for none other: some know no case, some no quotes.
fn part(name: &str) -> String {
    let is_plain = |it: char| matches!(it, 'a'..='z' | '0'..='9' | '_');
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    let plain: String = (name.to_lowercase().chars())
        .map(|it| if is_plain(it) { it } else { '_' })
        .take(40)
        .collect();
    let digest = Sha256::digest(name.as_bytes());
    let digest: String = digest[..4].iter().map(|it| format!("{it:02x}")).collect();
    format!("{plain}-{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_names_share_a_file() {
        assert_eq!(below(&Name::public("users")), "tables/users.md");
        assert_eq!(beside(&Name::new("audit", "log")), "audit.log.md");
        let odd = ["Users", "USERS", "u/../sers", "..", "a b", "a\nb", "é", ""];
        let mut files: Vec<String> = odd.iter().map(|it| beside(&Name::public(*it))).collect();
        for file in &files {
            let plain = file
                .chars()
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "_-.".contains(it));
            assert!(plain && !file.contains(".."), "{file}");
        }
        files.push(beside(&Name::public("users")));
        files.sort();
        files.dedup();
        assert_eq!(files.len(), odd.len() + 1);
    }
}
