//! How worlds are drawn: proptest strategies, weighted towards what meets other things.

use proptest::collection::{btree_map, vec};
use proptest::option::{of as maybe, weighted};
use proptest::prelude::*;

use super::world::{
    Argument, Body, Column, Constraint, Defined, Domain, Expression, Filled, Function, Index, Key,
    Method, Outcome, Place, Policy, Reads, Remark, Rule, Sequence, Shape, Source, Table, Trigger,
    Type, View, World,
};

pub(crate) const TYPES: u8 = 6;
pub(crate) const TABLES: u8 = 5;
pub(crate) const COLUMNS: u8 = 6;
pub(crate) const FUNCTIONS: u8 = 7;
pub(crate) const VIEWS: u8 = 5;
pub(crate) const PLAIN_TYPES: u8 = 20;

pub(crate) fn world() -> impl Strategy<Value = World> {
    (
        btree_map(1..4_u8, remark(), 0..3),
        btree_map(0..TYPES, defined(), 0..5),
        btree_map(0..3_u8, sequence(), 0..3),
        btree_map(0..FUNCTIONS, function(), 0..6),
        btree_map(0..TABLES, table(), 1..5),
        btree_map(0..VIEWS, view(), 0..5),
    )
        .prop_map(
            |(schemas, types, sequences, functions, tables, views)| World {
                schemas,
                types,
                sequences,
                functions,
                tables,
                views,
            },
        )
}

pub(crate) fn remark() -> impl Strategy<Value = Remark> {
    weighted(0.15, 0..3_u8)
}

/// Mostly `public`.
pub(crate) fn schema() -> impl Strategy<Value = Key> {
    prop_oneof![4 => Just(0_u8), 1 => 0..4_u8]
}

pub(crate) fn defined() -> impl Strategy<Value = Defined> {
    (schema(), shape(), remark()).prop_map(|(schema, shape, remark)| Defined {
        schema,
        shape,
        remark,
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        5 => labels().prop_map(Shape::Enum),
        3 => domain().prop_map(Shape::Domain),
        2 => vec((0..4_u8, data_type()), 1..4).prop_map(Shape::Composite),
        1 => data_type().prop_map(Shape::Range),
    ]
}

/// Places in the list of labels; a label that is there twice counts once.
pub(crate) fn labels() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec(0..6_u8, 1..5),
        1 => Just(vec![0, 1, 2]),
        1 => Just(vec![2, 0, 1]),
    ]
}

fn domain() -> impl Strategy<Value = Domain> {
    (
        data_type(),
        proptest::bool::weighted(0.15),
        maybe(0..4_u8),
        maybe(0..6_u8),
    )
        .prop_map(|(of, not_null, default, check)| Domain {
            of,
            not_null,
            default,
            check,
        })
}

pub(crate) fn data_type() -> impl Strategy<Value = Type> {
    prop_oneof![
        6 => (0..PLAIN_TYPES).prop_map(Type::Plain),
        4 => (0..TYPES).prop_map(Type::Own),
        1 => (0..PLAIN_TYPES).prop_map(Type::ArrayOfPlain),
        1 => (0..TYPES).prop_map(Type::ArrayOfOwn),
    ]
}

pub(crate) fn sequence() -> impl Strategy<Value = Sequence> {
    (
        schema(),
        0..3_u8,
        0..6_u8,
        maybe((0..TABLES, 0..COLUMNS)),
        remark(),
    )
        .prop_map(|(schema, size, options, owner, remark)| Sequence {
            schema,
            size,
            options,
            owner,
            remark,
        })
}

pub(crate) fn function() -> impl Strategy<Value = Function> {
    (
        schema(),
        vec(argument(), 0..3),
        prop_oneof![
            5 => data_type().prop_map(Outcome::Value),
            4 => Just(Outcome::Trigger),
            1 => Just(Outcome::Nothing),
            1 => (0..TABLES).prop_map(Outcome::Rows),
        ],
        prop_oneof![
            3 => Just(Body::Text),
            3 => maybe(reads()).prop_map(Body::Parsed),
            2 => Just(Body::Procedural),
        ],
        prop_oneof![4 => Just(0_u8), 1 => 0..6_u8],
        remark(),
    )
        .prop_map(
            |(schema, arguments, result, body, volatility, remark)| Function {
                schema,
                arguments,
                result,
                body,
                volatility,
                remark,
            },
        )
}

fn argument() -> impl Strategy<Value = Argument> {
    (maybe(0..4_u8), data_type(), weighted(0.3, 0..4_u8)).prop_map(|(name, of, default)| Argument {
        name,
        of,
        default,
    })
}

fn reads() -> impl Strategy<Value = Reads> {
    prop_oneof![
        3 => (0..TABLES, 0..COLUMNS).prop_map(|(table, column)| Reads::Table(table, column)),
        1 => (0..VIEWS).prop_map(Reads::View),
        1 => (0..FUNCTIONS).prop_map(Reads::Function),
    ]
}

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

pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    (0..COLUMNS, 0..16_u8).prop_map(|(column, form)| Expression { column, form })
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

pub(crate) fn view() -> impl Strategy<Value = View> {
    (
        schema(),
        proptest::bool::weighted(0.3),
        prop_oneof![
            3 => (0..TABLES).prop_map(Source::Table),
            2 => (0..VIEWS).prop_map(Source::View),
        ],
        0..10_u8,
        vec(expression(), 1..4),
        maybe(expression()),
        prop_oneof![3 => Just(0_u8), 1 => 0..8_u8],
        maybe(0..4_u8),
        weighted(0.2, 0..FUNCTIONS),
        remark(),
    )
        .prop_map(
            |(schema, materialized, from, form, columns, only, facts, index, trigger, remark)| {
                View {
                    schema,
                    materialized,
                    from,
                    form,
                    columns,
                    only,
                    facts,
                    index,
                    trigger,
                    remark,
                }
            },
        )
}
