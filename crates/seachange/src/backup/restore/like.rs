//! What belongs to a database itself and to nothing in it, which pg_dump leaves out: owner, encoding, locale,
//! settings, privileges. A database that takes another's place has them as that one had.

use seachange_schema::Ident;
use seachange_schema::name::literal;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, PgConnection};

use super::fresh::execute;
use crate::backup::error::BackupError;

/// The columns of `pg_database` that CREATE DATABASE can say again; later versions have more of them.
#[derive(Deserialize)]
struct Like {
    owner: String,
    encoding: String,
    datcollate: String,
    datctype: String,
    tablespace: String,
    datlocprovider: Option<String>,
    /// Before 17.
    daticulocale: Option<String>,
    /// From 17 on.
    datlocale: Option<String>,
    daticurules: Option<String>,
}

const LIKE: &str = "SELECT (to_jsonb(d) || jsonb_build_object('owner', pg_get_userbyid(datdba), \
        'encoding', pg_encoding_to_char(encoding), 'tablespace', spcname))::text \
    FROM pg_database d JOIN pg_tablespace t ON t.oid = dattablespace WHERE datname = $1";

/// The CREATE DATABASE for `name`, like `model` where that is there.
pub(super) async fn create(
    maintenance: &mut PgConnection,
    model: &str,
    name: &str,
) -> Result<String, BackupError> {
    // Nothing of the site's own is in it, so nothing that the backup brings is there already.
    let mut sql = format!("CREATE DATABASE {} TEMPLATE template0", Ident::new(name));
    let row: Option<String> = sqlx::query_scalar(LIKE)
        .bind(model)
        .fetch_optional(maintenance)
        .await
        .map_err(BackupError::asking("reading how the database was made"))?;
    let Some(like) = row.and_then(|row| serde_json::from_str::<Like>(&row).ok()) else {
        return Ok(sql);
    };
    sql.push_str(&format!(
        " OWNER {} ENCODING {} LC_COLLATE {} LC_CTYPE {} TABLESPACE {}",
        Ident::new(&like.owner),
        literal(&like.encoding),
        literal(&like.datcollate),
        literal(&like.datctype),
        Ident::new(&like.tablespace)
    ));
    let locale = like.datlocale.or(like.daticulocale).unwrap_or_default();
    match like.datlocprovider.as_deref() {
        Some("i") => {
            sql.push_str(&format!(
                " LOCALE_PROVIDER icu ICU_LOCALE {}",
                literal(&locale)
            ));
            if let Some(rules) = like.daticurules {
                sql.push_str(&format!(" ICU_RULES {}", literal(&rules)));
            }
        }
        Some("b") => sql.push_str(&format!(
            " LOCALE_PROVIDER builtin BUILTIN_LOCALE {}",
            literal(&locale)
        )),
        Some("c") => sql.push_str(" LOCALE_PROVIDER libc"),
        _ => {}
    }
    Ok(sql)
}

/// Those whose value is a list of names, which a literal would make one name of.
const LISTS: [&str; 5] = [
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "local_preload_libraries",
    "shared_preload_libraries",
];

const STATEMENTS: &str = "
SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s', $2, datconnlimit) FROM pg_database
WHERE datname = $1 AND datconnlimit <> -1
UNION ALL
SELECT format('COMMENT ON DATABASE %I IS %L', $2, shobj_description(oid, 'pg_database')) FROM pg_database
WHERE datname = $1 AND shobj_description(oid, 'pg_database') IS NOT NULL
UNION ALL
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2) FROM pg_database
WHERE datname = $1 AND datacl IS NOT NULL
UNION ALL
SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege_type, $2,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_database, aclexplode(datacl) WHERE datname = $1";

const SETTINGS: &str = "
SELECT split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1),
       CASE setrole WHEN 0 THEN format('ALTER DATABASE %I', $2)
            ELSE format('ALTER ROLE %I IN DATABASE %I', pg_get_userbyid(setrole), $2) END
FROM pg_db_role_setting, unnest(setconfig) setting
WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = $1)";

/// Gives `name` what belongs to the database `model`, if that is there.
pub(super) async fn copy_settings(
    maintenance: &mut PgConnection,
    model: &str,
    name: &str,
) -> Result<(), BackupError> {
    let doing = "giving the new database the settings of the old one";
    let statements: Vec<String> = sqlx::query_scalar(STATEMENTS)
        .bind(model)
        .bind(name)
        .fetch_all(&mut *maintenance)
        .await
        .map_err(BackupError::asking(doing))?;
    let settings: Vec<(String, String, String)> = sqlx::query_as(SETTINGS)
        .bind(model)
        .bind(name)
        .fetch_all(&mut *maintenance)
        .await
        .map_err(BackupError::asking(doing))?;
    let mut sql = String::from("BEGIN;");
    for statement in statements {
        sql.push_str(&statement);
        sql.push(';');
    }
    for (parameter, value, alter) in settings {
        // An extension's parameter has a dot, which parts two names.
        let quoted: Vec<String> = parameter
            .split('.')
            .map(|part| Ident::new(part).to_string())
            .collect();
        let quoted = quoted.join(".");
        let (parameter, value) = (parameter.as_str(), literal(&value));
        match LISTS.contains(&parameter) {
            true => sql.push_str(&format!(
                "SELECT set_config({}, {value}, true); {alter} SET {quoted} FROM CURRENT;",
                literal(parameter)
            )),
            false => sql.push_str(&format!("{alter} SET {quoted} TO {value};")),
        }
    }
    sql.push_str("COMMIT");
    let done = execute(maintenance, doing, sql).await;
    if done.is_err() {
        // The error is what is told.
        let _ = sqlx::raw_sql(AssertSqlSafe("ROLLBACK"))
            .execute(maintenance)
            .await;
    }
    done
}
