//! Old migrations folded into one: what the folder is then, and the writing of it.

use std::path::PathBuf;

use crate::migrations::change_set::ChangeSet;
use crate::migrations::folder::{lib_path, lock_path, read_text, rust_path};
use crate::migrations::hash::text_hash;
use crate::migrations::version::STAMP_LENGTH;
use crate::migrations::write::shape;
use crate::migrations::{
    Folder, Kind, Migration, MigrationsError, Replaced, Unseen, check_name, register, render,
};

/// A folder in which its first migrations are one.
#[derive(Clone, Debug)]
pub struct Squashed {
    /// The version of the one, behind those that it replaces and before all others.
    pub version: String,
    /// The migrations that it stands for.
    pub replaces: Vec<Replaced>,
    /// The folder as it would be.
    pub folder: Folder,
    rs: String,
}

impl Folder {
    /// The folder with its first `count` migrations folded into one of this SQL, called `name`. What
    /// the SQL leaves out is said in its header.
    pub fn squashed(
        &self,
        count: usize,
        name: &str,
        (up, down): (&str, &str),
        left_out: &[Unseen],
    ) -> Result<Squashed, MigrationsError> {
        let old = &self.migrations[..count];
        let replaces: Vec<Replaced> = old
            .iter()
            .map(|one| Replaced {
                version: one.version.clone(),
                files: one.hash.clone(),
            })
            .collect();
        let version = self.version_of_squash(count, name)?;
        let up = with_header(up, &replaces, left_out);
        let about = format!("Everything up to `{}`, in one.", old[count - 1].version);
        let rs = render::sql_rs(&version, &about, &up, down);
        let home = self.root.join("src").join(&version);
        let one = Migration {
            about: Some(about),
            rust: rust_path(&self.root.join("src"), &version),
            up: Some(home.join("up.sql")),
            down: Some(home.join("down.sql")),
            hash: text_hash(&[("rs", &rs), ("down.sql", down), ("up.sql", &up)]),
            kind: Kind::Sql,
            transaction: render::in_transaction(&up) && render::in_transaction(down),
            declared: render::in_transaction(&up) && render::in_transaction(down),
            up_sql: Some(up),
            down_sql: Some(down.to_owned()),
            version: version.clone(),
        };
        let mut folder = self.clone();
        folder.migrations.splice(..count, [one]);
        Ok(Squashed {
            version,
            replaces,
            folder,
            rs,
        })
    }

    /// The time of the last one that is folded, so that it stands before what comes after that.
    fn version_of_squash(&self, count: usize, name: &str) -> Result<String, MigrationsError> {
        check_name(name)?;
        let last = &self.migrations[count - 1].version;
        let version = format!("{}_{name}", &last[..STAMP_LENGTH]);
        let taken = self.migrations.iter().any(|one| one.version == version);
        let late = self
            .migrations
            .get(count)
            .is_some_and(|next| next.version <= version);
        match taken || late {
            true => Err(MigrationsError::Name {
                name: name.to_owned(),
                why: "a migration of the same second is called so, or comes before it",
                suggestion: None,
            }),
            false => Ok(version),
        }
    }

    /// Writes it: the one migration, `lib.rs`, the lock and `schema.sql`; the files of the old ones go.
    /// All of it, or nothing. What was written and removed.
    pub fn write_squashed(
        &self,
        squashed: &Squashed,
        schema_sql: String,
    ) -> Result<(Vec<PathBuf>, Vec<PathBuf>), MigrationsError> {
        let src = self.root.join("src");
        let old: Vec<String> = squashed
            .replaces
            .iter()
            .map(|one| one.version.clone())
            .collect();
        let lib = register::without(&self.lib_text, &old)
            .and_then(|lib| register::register(&lib, &squashed.version))
            .map_err(|why| shape(self, why, Vec::new()))?;
        let (lock, _) = squashed.folder.locked_anew()?;

        let mut changes = ChangeSet::default();
        let (mut created, mut removed) = (Vec::new(), Vec::new());
        let one = &squashed.folder.migrations[0];
        changes.create_folder(src.join(&squashed.version));
        let texts = [
            (Some(&one.rust), Some(&squashed.rs)),
            (one.up.as_ref(), one.up_sql.as_ref()),
            (one.down.as_ref(), one.down_sql.as_ref()),
        ];
        for (path, text) in texts {
            if let (Some(path), Some(text)) = (path, text) {
                created.push(path.clone());
                changes.create(path.clone(), text.clone());
            }
        }
        for version in &old {
            let home = src.join(version);
            let files = match home.is_dir() {
                true => super::moved::files(&home)?,
                false => Vec::new(),
            };
            let rust = rust_path(&src, version);
            let text = read_text(&rust)?.unwrap_or_default();
            removed.push(rust.clone());
            changes.remove(rust, text);
            for (name, text) in files {
                removed.push(home.join(&name));
                changes.remove(home.join(name), text);
            }
        }
        let schema = self.root.join("schema.sql");
        let previous = read_text(&schema)?;
        changes.replace(schema, schema_sql, previous);
        changes.replace(lock_path(&self.root), lock.render(), self.lock_text.clone());
        changes.replace(lib_path(&self.root), lib, Some(self.lib_text.clone()));
        changes.apply()?;
        Ok((created, removed))
    }
}

/// Behind the first line: what it replaces, and what those did that it does not.
fn with_header(up: &str, replaces: &[Replaced], left_out: &[Unseen]) -> String {
    let (first, rest) = up.split_once('\n').unwrap_or((up, ""));
    let mut text = format!("{first}\n");
    text.extend(replaces.iter().map(render::replaces_line));
    for one in left_out {
        text.push_str(&format!("-- left out: {one}\n"));
    }
    text + rest
}
