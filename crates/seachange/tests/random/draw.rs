//! How worlds are drawn: proptest strategies, weighted towards what meets other things.

mod table;

use proptest::collection::{btree_map, vec};
use proptest::option::{of as maybe, weighted};
use proptest::prelude::*;

use super::world::{
    Argument, Body, Defined, Domain, Expression, Function, Key, Outcome, Reads, Remark, Sequence,
    Shape, Source, Type, View, World,
};

pub(crate) use table::{column, constraint, filled, index, place, policy, rule, table, trigger};

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

pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    (0..COLUMNS, 0..16_u8).prop_map(|(column, form)| Expression { column, form })
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
