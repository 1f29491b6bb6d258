//! Tables and what hangs on them.

use proptest::collection::{btree_map, vec};
use proptest::option::{of as maybe, weighted};
use proptest::prelude::*;

use super::{COLUMNS, FUNCTIONS, TABLES, data_type, expression, remark, schema};
use crate::world::{
    Column, Constraint, Filled, Index, Key, Method, Place, Policy, Rule, Table, Trigger, Type,
};

pub(crate) fn table() -> impl Strategy<Value = Table> {
    (
        schema(),
        place(),
        (first_column(), btree_map(1..COLUMNS, column(), 3..9)),
        (
            weighted(0.8, constraint_of_rows()),
            btree_map(1..6_u8, constraint(), 0..4),
        ),
        btree_map(0..4_u8, index(), 0..4),
        btree_map(0..3_u8, trigger(), 0..2),
        btree_map(0..2_u8, policy(), 0..2),
        btree_map(0..2_u8, rule(), 0..2),
        prop_oneof![3 => Just(0_u8), 1 => 0..32_u8],
        remark(),
    )
        .prop_map(
            |(
                schema,
                place,
                (first, mut columns),
                (key, mut constraints),
                indexes,
                triggers,
                policies,
                rules,
                facts,
                remark,
            )| {
                columns.insert(0, first);
                if let Some(key) = key {
                    constraints.insert(0, key);
                }
                Table {
                    schema,
                    place,
                    columns,
                    constraints,
                    indexes,
                    triggers,
                    policies,
                    rules,
                    facts,
                    remark,
                }
            },
        )
}

/// A primary key, as nearly every table has one.
fn constraint_of_rows() -> impl Strategy<Value = Constraint> {
    prop_oneof![
        5 => Just(Constraint::Primary(vec![0])),
        1 => (1..COLUMNS).prop_map(|other| Constraint::Primary(vec![0, other])),
    ]
}

fn first_column() -> impl Strategy<Value = Column> {
    (
        prop_oneof![4 => Just(0_u8), 2 => Just(1), 1 => Just(3)],
        prop_oneof![3 => Just(Filled::Not), 1 => Just(Filled::Serial), 1 => identity()],
        remark(),
    )
        .prop_map(|(of, filled, remark)| Column {
            of: Type::Plain(of),
            not_null: true,
            filled,
            facts: 0,
            remark,
        })
}

pub(crate) fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        8 => Just(Place::Alone),
        2 => method().prop_map(Place::Partitioned),
        3 => (0..TABLES, 0..5_u8, weighted(0.2, method()))
            .prop_map(|(of, share, again)| Place::Partition { of, share, again }),
        2 => (0..TABLES).prop_map(Place::Heir),
    ]
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        3 => Just(Method::Range),
        2 => Just(Method::List),
        1 => Just(Method::Hash),
    ]
}

pub(crate) fn column() -> impl Strategy<Value = Column> {
    (
        data_type(),
        proptest::bool::weighted(0.25),
        filled(),
        prop_oneof![4 => Just(0_u8), 1 => 0..12_u8],
        remark(),
    )
        .prop_map(|(of, not_null, filled, facts, remark)| Column {
            of,
            not_null,
            filled,
            facts,
            remark,
        })
}

pub(crate) fn filled() -> impl Strategy<Value = Filled> {
    prop_oneof![
        6 => Just(Filled::Not),
        5 => (0..4_u8).prop_map(Filled::Literal),
        2 => (0..FUNCTIONS).prop_map(Filled::Call),
        1 => (0..3_u8).prop_map(Filled::Next),
        1 => Just(Filled::Serial),
        1 => identity(),
        3 => expression().prop_map(Filled::Generated),
    ]
}

fn identity() -> impl Strategy<Value = Filled> {
    (any::<bool>(), 0..6_u8).prop_map(|(always, options)| Filled::Identity { always, options })
}

fn columns() -> impl Strategy<Value = Vec<Key>> {
    prop_oneof![
        3 => vec(0..COLUMNS, 1..2),
        2 => vec(0..COLUMNS, 2..4),
    ]
}

pub(crate) fn constraint() -> impl Strategy<Value = Constraint> {
    prop_oneof![
        1 => columns().prop_map(Constraint::Primary),
        3 => (columns(), 0..16_u8)
            .prop_map(|(columns, facts)| Constraint::Unique { columns, facts }),
        5 => (foreign_columns(), 0..TABLES, foreign_target(), 0..64_u8).prop_map(
            |(columns, table, target, facts)| Constraint::Foreign {
                columns,
                table,
                target,
                facts,
            }
        ),
        4 => (expression(), prop_oneof![3 => Just(0_u8), 1 => 0..4_u8])
            .prop_map(|(truth, facts)| Constraint::Check { truth, facts }),
        1 => (0..COLUMNS, 0..4_u8)
            .prop_map(|(column, facts)| Constraint::Exclusion { column, facts }),
    ]
}

fn foreign_columns() -> impl Strategy<Value = Vec<Key>> {
    prop_oneof![
        3 => vec(0..COLUMNS, 1..2),
        1 => (1..COLUMNS).prop_map(|other| vec![0, other]),
    ]
}

fn foreign_target() -> impl Strategy<Value = Key> {
    prop_oneof![4 => Just(0_u8), 1 => 0..6_u8]
}

pub(crate) fn index() -> impl Strategy<Value = Index> {
    (
        vec(expression(), 1..3),
        proptest::bool::weighted(0.3),
        prop_oneof![6 => Just(0_u8), 2 => 0..8_u8],
        weighted(0.35, expression()),
        weighted(0.15, 0..COLUMNS),
        remark(),
    )
        .prop_map(|(parts, unique, method, only, include, remark)| Index {
            parts,
            unique,
            method,
            only,
            include,
            remark,
        })
}

pub(crate) fn trigger() -> impl Strategy<Value = Trigger> {
    (
        0..FUNCTIONS,
        0..8_u8,
        0..COLUMNS,
        maybe(expression()),
        prop_oneof![4 => Just(0_u8), 1 => 0..4_u8],
        remark(),
    )
        .prop_map(|(function, event, column, when, enabled, remark)| Trigger {
            function,
            event,
            column,
            when,
            enabled,
            remark,
        })
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    (
        0..5_u8,
        expression(),
        maybe(expression()),
        weighted(0.3, 0..TABLES),
        remark(),
    )
        .prop_map(|(command, using, check, looks_at, remark)| Policy {
            command,
            using,
            check,
            looks_at,
            remark,
        })
}

pub(crate) fn rule() -> impl Strategy<Value = Rule> {
    (
        0..4_u8,
        0..COLUMNS,
        0..TABLES,
        prop_oneof![4 => Just(0_u8), 1 => 0..4_u8],
        remark(),
    )
        .prop_map(|(form, column, other, enabled, remark)| Rule {
            form,
            column,
            other,
            enabled,
            remark,
        })
}
