//! One row, and what its columns may be: each by a chance of its own.

use std::marker::PhantomData;

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use sea_orm::{EntityTrait, IdenStatic};
use uuid::{Builder, Uuid};

use super::family::Place;
use super::key::{join, named, state};
use super::rows::Rows;
use super::shuffle::Shuffle;

/// Where a value's chance comes from: what `fake` and `rand` take. The algorithm is fixed, so the same seed
/// gives the same numbers on every machine and in every version.
pub type Chance = Xoshiro256PlusPlus;

/// Which rows are picked more often than others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// All alike.
    Even,
    /// The first ones: of those picked, the share that falls into the first `x` of all rows is
    /// `x^(1/power)`; with 2, half of them into the first quarter.
    Skewed(u32),
}

/// One row of a table.
pub struct Row<E> {
    /// The seed and the table.
    key: u64,
    number: u64,
    place: Place,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Row<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Row<E> {}

impl<E: EntityTrait> Row<E> {
    pub(super) fn new(key: u64, number: u64, place: Place) -> Self {
        Self {
            key,
            number,
            place,
            entity: PhantomData,
        }
    }

    /// From 0.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Which of its parent's rows it is, from 0; where it has none, its number.
    pub fn ordinal(&self) -> u64 {
        self.place.ordinal
    }

    /// The row that this one belongs to: `parents` are those that `Plan::rows_per` was given.
    pub fn parent<P: EntityTrait>(&self, parents: &Rows<P>) -> Row<P> {
        parents.at(self.place.parent)
    }

    /// A key for 1, 2, 3…
    ///
    /// # Panics
    ///
    /// Where the number is too large for the type.
    pub fn serial<T: TryFrom<u64>>(&self) -> T {
        let serial = T::try_from(self.number + 1).ok();
        serial.expect("the key's type holds as many rows as are planned")
    }

    /// The chance of one column.
    pub fn chance(&self, column: E::Column) -> Chance {
        self.about(column.as_str())
    }

    /// The chance of something that is no column: how many children it has, or which of several kinds it
    /// is of.
    pub fn about(&self, what: &str) -> Chance {
        Chance::from_seed(state(join(self.about_all(what), self.number)))
    }

    /// An identifier that no other row of the table has: 48 of its bits tell the number apart, the others are
    /// chance. It looks like PostgreSQL's own (version 4).
    pub fn uuid(&self, column: E::Column) -> Uuid {
        const NUMBERS: u64 = 1 << 48;
        let number =
            Shuffle::new(self.about_all(column.as_str()), NUMBERS).at(self.number % NUMBERS);
        let mut bytes: [u8; 16] = self.chance(column).random();
        bytes[..6].copy_from_slice(&number.to_be_bytes()[2..]);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// Seven letters and digits that no other row of the table has in this column, for the first two
    /// thousand million rows; it goes into what has to be unique.
    pub fn tag(&self, column: E::Column) -> String {
        const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        const TAGS: u64 = 1 << 35;
        let mut number = Shuffle::new(self.about_all(column.as_str()), TAGS).at(self.number % TAGS);
        let mut tag = String::with_capacity(7);
        for _ in 0..7 {
            tag.push(char::from(DIGITS[(number % 32) as usize]));
            number /= 32;
        }
        tag
    }

    /// One of several, each as often as its weight says.
    ///
    /// # Panics
    ///
    /// Where all weights together are 0.
    pub fn weighted<T: Clone>(&self, column: E::Column, choices: &[(T, u32)]) -> T {
        let total = choices.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.chance(column).random_range(0..total);
        for (choice, weight) in choices {
            match left.checked_sub(u64::from(*weight)) {
                Some(less) => left = less,
                None => return choice.clone(),
            }
        }
        unreachable!("the number drawn is below the sum of the weights")
    }

    /// A value in that share of the rows (0 to 1), else none.
    pub fn maybe<T>(&self, column: E::Column, share: f64, value: impl FnOnce() -> T) -> Option<T> {
        let drawn: f64 = self.about(&format!("{} or none", column.as_str())).random();
        (drawn < share).then(value)
    }

    /// Some moment, to the microsecond, from `begin` on and before `end`.
    ///
    /// # Panics
    ///
    /// Where `end` is not after `begin`.
    pub fn between(
        &self,
        column: E::Column,
        begin: DateTime<Utc>,
        end: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let span = (end - begin).num_microseconds();
        let span = span.expect("moments that PostgreSQL holds are within 2^63 microseconds");
        begin + TimeDelta::microseconds(self.chance(column).random_range(0..span))
    }

    /// Some row of another table.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub fn pick<P: EntityTrait>(
        &self,
        column: E::Column,
        rows: &Rows<P>,
        spread: Spread,
    ) -> Row<P> {
        assert!(rows.count() > 0, "there is a row to pick");
        let mut chance = self.chance(column);
        let number = match spread {
            Spread::Even => chance.random_range(0..rows.count()),
            Spread::Skewed(power) => {
                // Multiplied out, for `powf` is not the same on every machine.
                let drawn: f64 = chance.random();
                let share = (0..power).fold(1.0, |product, _| product * drawn);
                ((rows.count() as f64 * share) as u64).min(rows.count() - 1)
            }
        };
        rows.at(number)
    }

    /// A row of another table that no other child of this row's parent gets: pairs without duplicates.
    ///
    /// # Panics
    ///
    /// Where a parent has more children than there are rows.
    pub fn distinct<P: EntityTrait>(&self, column: E::Column, rows: &Rows<P>) -> Row<P> {
        assert!(
            self.place.ordinal < rows.count(),
            "a parent has at most as many children as there are rows to pair it with"
        );
        let key = join(self.about_all(column.as_str()), self.place.parent);
        rows.at(Shuffle::new(key, rows.count()).at(self.place.ordinal))
    }

    /// Some row of this table before this one: what a self reference can point at. None for the first.
    pub fn earlier(&self, column: E::Column, rows: &Rows<E>) -> Option<Row<E>> {
        (self.number > 0).then(|| rows.at(self.chance(column).random_range(0..self.number)))
    }

    fn about_all(&self, what: &str) -> u64 {
        join(self.key, named(what))
    }
}
