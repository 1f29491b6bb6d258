//! One edit of a world, and a world after some.

use proptest::prelude::*;

use super::draw;
use super::world::{
    Column, Constraint, Defined, Filled, Function, Index, Key, Place, Policy, Rule, Sequence,
    Shape, Table, Trigger, Type, View, World,
};

/// `None` takes away; a thing that is there is replaced.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Schema(Key, bool),
    Type(Key, Option<Defined>),
    Labels(Key, Vec<u8>),
    Sequence(Key, Option<Sequence>),
    Function(Key, Option<Function>),
    Signature(Key, Type),
    Table(Key, Option<Box<Table>>),
    View(Key, Option<View>),
    Column(Key, Key, Option<Column>),
    Retype(Key, Key, Type),
    Fill(Key, Key, Filled),
    Nullable(Key, Key),
    Remark(Key, Key, Option<u8>),
    Constraint(Key, Key, Option<Constraint>),
    Index(Key, Key, Option<Index>),
    Trigger(Key, Key, Option<Trigger>),
    Policy(Key, Key, Option<Policy>),
    Rule(Key, Key, Option<Rule>),
    Place(Key, Place),
    Facts(Key, u8),
    Move(Key, Key),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let of = 0..draw::TABLES;
    let column = 0..draw::COLUMNS;
    let part = 0..4_u8;
    prop_oneof![
        1 => (1..4_u8, any::<bool>()).prop_map(|(key, there)| Edit::Schema(key, there)),
        2 => (0..draw::TYPES, gone_or(draw::defined())).prop_map(|(key, it)| Edit::Type(key, it)),
        4 => (0..draw::TYPES, draw::labels()).prop_map(|(key, it)| Edit::Labels(key, it)),
        1 => (0..3_u8, gone_or(draw::sequence())).prop_map(|(key, it)| Edit::Sequence(key, it)),
        2 => (0..draw::FUNCTIONS, gone_or(draw::function())).prop_map(|(key, it)| Edit::Function(key, it)),
        1 => (0..draw::FUNCTIONS, draw::data_type()).prop_map(|(key, it)| Edit::Signature(key, it)),
        1 => (of.clone(), gone_or(draw::table())).prop_map(|(key, it)| Edit::Table(key, it.map(Box::new))),
        2 => (0..draw::VIEWS, gone_or(draw::view())).prop_map(|(key, it)| Edit::View(key, it)),
        3 => (of.clone(), column.clone(), gone_or(draw::column())).prop_map(|(of, key, it)| Edit::Column(of, key, it)),
        5 => (of.clone(), column.clone(), draw::data_type()).prop_map(|(of, key, it)| Edit::Retype(of, key, it)),
        2 => (of.clone(), column.clone(), draw::filled()).prop_map(|(of, key, it)| Edit::Fill(of, key, it)),
        1 => (of.clone(), column.clone()).prop_map(|(of, key)| Edit::Nullable(of, key)),
        1 => (of.clone(), column, draw::remark()).prop_map(|(of, key, it)| Edit::Remark(of, key, it)),
        3 => (of.clone(), 0..6_u8, gone_or(draw::constraint())).prop_map(|(of, key, it)| Edit::Constraint(of, key, it)),
        2 => (of.clone(), part.clone(), gone_or(draw::index())).prop_map(|(of, key, it)| Edit::Index(of, key, it)),
        1 => (of.clone(), part.clone(), gone_or(draw::trigger())).prop_map(|(of, key, it)| Edit::Trigger(of, key, it)),
        1 => (of.clone(), 0..2_u8, gone_or(draw::policy())).prop_map(|(of, key, it)| Edit::Policy(of, key, it)),
        1 => (of.clone(), 0..2_u8, gone_or(draw::rule())).prop_map(|(of, key, it)| Edit::Rule(of, key, it)),
        1 => (of.clone(), draw::place()).prop_map(|(of, it)| Edit::Place(of, it)),
        1 => (of.clone(), 0..32_u8).prop_map(|(of, it)| Edit::Facts(of, it)),
        1 => (of, 0..4_u8).prop_map(|(of, it)| Edit::Move(of, it)),
    ]
}

fn gone_or<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone,
{
    proptest::option::weighted(0.65, strategy)
}

/// The world after the edits; one whose object is not there does nothing.
pub(crate) fn mutate(mut world: World, edits: &[Edit]) -> World {
    for edit in edits {
        apply(&mut world, edit.clone());
    }
    world
}

fn apply(world: &mut World, edit: Edit) {
    match edit {
        Edit::Schema(key, there) => put(&mut world.schemas, key, there.then_some(None)),
        Edit::Type(key, it) => put(&mut world.types, key, it),
        Edit::Labels(key, it) => {
            if let Some(Defined {
                shape: Shape::Enum(labels),
                ..
            }) = world.types.get_mut(&key)
            {
                *labels = it;
            }
        }
        Edit::Sequence(key, it) => put(&mut world.sequences, key, it),
        Edit::Function(key, it) => put(&mut world.functions, key, it),
        Edit::Signature(key, it) => {
            if let Some(argument) = world
                .functions
                .get_mut(&key)
                .and_then(|function| function.arguments.first_mut())
            {
                argument.of = it;
            }
        }
        Edit::Table(key, it) => put(&mut world.tables, key, it.map(|it| *it)),
        Edit::View(key, it) => put(&mut world.views, key, it),
        Edit::Column(of, key, it) => in_table(world, of, |table| {
            // The first column is what partitions and keys are made of.
            if key > 0 {
                put(&mut table.columns, key, it);
            }
        }),
        Edit::Retype(of, key, it) => in_column(world, of, key, |column| column.of = it),
        Edit::Fill(of, key, it) => in_column(world, of, key, |column| column.filled = it),
        Edit::Nullable(of, key) => in_column(world, of, key, |column| {
            column.not_null = !column.not_null;
        }),
        Edit::Remark(of, key, it) => in_column(world, of, key, |column| column.remark = it),
        Edit::Constraint(of, key, it) => {
            in_table(world, of, |table| put(&mut table.constraints, key, it));
        }
        Edit::Index(of, key, it) => in_table(world, of, |table| put(&mut table.indexes, key, it)),
        Edit::Trigger(of, key, it) => {
            in_table(world, of, |table| put(&mut table.triggers, key, it));
        }
        Edit::Policy(of, key, it) => {
            in_table(world, of, |table| put(&mut table.policies, key, it));
        }
        Edit::Rule(of, key, it) => in_table(world, of, |table| put(&mut table.rules, key, it)),
        Edit::Place(of, it) => in_table(world, of, |table| table.place = it),
        Edit::Facts(of, it) => in_table(world, of, |table| table.facts = it),
        Edit::Move(of, it) => in_table(world, of, |table| table.schema = it),
    }
}

fn put<T>(into: &mut std::collections::BTreeMap<Key, T>, key: Key, it: Option<T>) {
    match it {
        Some(it) => into.insert(key, it),
        None => into.remove(&key),
    };
}

fn in_table(world: &mut World, key: Key, change: impl FnOnce(&mut Table)) {
    if let Some(table) = world.tables.get_mut(&key) {
        change(table);
    }
}

fn in_column(world: &mut World, of: Key, key: Key, change: impl FnOnce(&mut Column)) {
    in_table(world, of, |table| {
        if let Some(column) = table.columns.get_mut(&key) {
            change(column);
        }
    });
}
