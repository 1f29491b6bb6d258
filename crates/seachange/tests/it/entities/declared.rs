//! The entities that the tests declare.
#![expect(unreachable_pub, reason = "SeaORM's derives want the models public")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "Rank")]
pub enum Rank {
    #[sea_orm(string_value = "low")]
    Low,
    #[sea_orm(string_value = "high")]
    High,
    #[sea_orm(string_value = "it's")]
    Its,
}

#[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "tag")]
pub enum Tag {
    #[sea_orm(string_value = "a")]
    A,
    #[sea_orm(string_value = "b")]
    B,
}

/// Enums, arrays, former names, comments, a composite unique, itself and another schema.
pub mod team {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(
        table_name = "team",
        comment = "who it's about; renamed_from \"group\""
    )]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        #[sea_orm(column_type = "Text", renamed_from = "title", comment = "as printed")]
        pub name: String,
        #[sea_orm(default_value = "low", renamed_from = "grade")]
        pub rank: Rank,
        pub ranks: Vec<Rank>,
        pub tags: Option<Vec<Tag>>,
        pub parent_id: Option<i32>,
        pub place_id: i32,
        #[sea_orm(unique_key = "span")]
        pub left: i32,
        #[sea_orm(unique_key = "span")]
        pub right: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "Entity",
            from = "Column::ParentId",
            to = "Column::Id",
            on_delete = "SetNull"
        )]
        Parent,
        #[sea_orm(
            belongs_to = "super::place::Entity",
            from = "Column::PlaceId",
            to = "super::place::Column::Id"
        )]
        Place,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Another schema, a composite primary key.
pub mod place {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(schema_name = "geo", table_name = "place")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, unique)]
        pub id: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub land: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which was first?
pub mod cycle {
    pub mod hen {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "hen")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
            pub egg_id: Option<i32>,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(
                belongs_to = "super::egg::Entity",
                from = "Column::EggId",
                to = "super::egg::Column::Id"
            )]
            Egg,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub mod egg {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "egg")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
            pub hen_id: i32,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            #[sea_orm(
                belongs_to = "super::hen::Entity",
                from = "Column::HenId",
                to = "super::hen::Column::Id",
                on_delete = "Cascade"
            )]
            Hen,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }
}

/// An enum of a name that is taken.
pub mod clash {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "tag")]
    pub enum Tag {
        #[sea_orm(string_value = "a")]
        A,
        #[sea_orm(string_value = "c")]
        C,
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "clash")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub tag: Tag,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Two entities with one table, found by the registry.
pub mod twice {
    pub mod one {
        use sea_orm::entity::prelude::*;

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "twin")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }

    pub mod two {
        use sea_orm::entity::prelude::*;

        #[sea_orm::model]
        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "twin")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i64,
        }

        impl ActiveModelBehavior for ActiveModel {}
    }
}
