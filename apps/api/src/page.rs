//! Pages of a list by key: newest first, and the next one begins behind the last row of this one, however many rows
//! were added or deleted meanwhile.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

const DEFAULT: u64 = 50;
const MOST: u64 = 100;

/// Some rows of a list, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) next: Option<Cursor>,
}

/// How many rows: 1 to 100.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u64")]
pub(crate) struct Limit(u64);

/// Where a page begins: behind the row of this moment and id. Opaque outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Cursor {
    created_at: DateTime<Utc>,
    id: Uuid,
}

/// The rows behind the cursor, and one more than wanted, which tells whether there is a next page.
pub(crate) fn select<E: EntityTrait>(
    select: Select<E>,
    (created_at, id): (E::Column, E::Column),
    limit: Option<Limit>,
    cursor: Option<Cursor>,
) -> Select<E> {
    let key = || {
        Expr::tuple([
            Expr::col(created_at.as_column_ref()),
            Expr::col(id.as_column_ref()),
        ])
    };
    let mut select = select
        .order_by(created_at, Order::Desc)
        .order_by(id, Order::Desc)
        .limit(size(limit) + 1);
    if let Some(Cursor { created_at, id }) = cursor {
        let behind = Expr::tuple([Expr::value(created_at), Expr::value(id)]);
        select = select.filter(key().lt(behind));
    }
    select
}

fn size(limit: Option<Limit>) -> u64 {
    limit.map_or(DEFAULT, |limit| limit.0)
}

impl<T> Page<T> {
    /// What was [`select`]ed, as a page.
    pub(crate) fn of<M>(
        mut rows: Vec<M>,
        limit: Option<Limit>,
        key: impl Fn(&M) -> (DateTime<Utc>, Uuid),
        shown: impl Fn(M) -> T,
    ) -> Self {
        let size = usize::try_from(size(limit)).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        Self {
            next: last.map(|row| {
                let (created_at, id) = key(row);
                Cursor { created_at, id }
            }),
            items: rows.into_iter().map(shown).collect(),
        }
    }
}

impl TryFrom<u64> for Limit {
    type Error = String;

    fn try_from(limit: u64) -> Result<Self, String> {
        match limit {
            1..=MOST => Ok(Self(limit)),
            _ => Err(format!("`limit` is 1 to {MOST}")),
        }
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        let micros = cursor.created_at.timestamp_micros();
        URL_SAFE_NO_PAD.encode(format!("{micros}.{}", cursor.id.simple()))
    }
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (micros, id) = text.split_once('.')?;
            Some(Self {
                created_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
                id: id.parse().ok()?,
            })
        };
        let cursor = read()
            .filter(|cursor| (0..=9999).contains(&chrono::Datelike::year(&cursor.created_at)));
        cursor.ok_or("`cursor` is not one of this API")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor {
            created_at: DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap(),
            id: Uuid::from_u128(7),
        };
        let text = String::from(cursor);
        assert_eq!(Cursor::try_from(text), Ok(cursor));
        for wrong in ["", "a", "MS4y", "%%", "OTk5OTk5OTk5OTk5OTk5OTk5OQ"] {
            assert!(Cursor::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let of = |rows: usize| {
            let key = |row: &usize| (DateTime::UNIX_EPOCH, Uuid::from_u128(*row as u128));
            Page::of((0..rows).collect(), Some(Limit(3)), key, |row| row)
        };
        assert!(of(3).next.is_none());
        assert_eq!(of(3).items.len(), 3);
        assert_eq!(of(4).next.unwrap().id, Uuid::from_u128(2));
        assert_eq!(of(4).items.len(), 3);
    }
}
