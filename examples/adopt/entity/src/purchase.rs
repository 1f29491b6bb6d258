//! One customer's purchase.

use sea_orm::entity::prelude::*;

use super::sea_orm_active_enums::PurchaseState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "purchase")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub customer_id: i32,
    pub state: PurchaseState,
    pub placed_at: DateTimeWithTimeZone,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::customer::Entity",
        from = "Column::CustomerId",
        to = "super::customer::Column::Id",
        on_update = "NoAction",
        on_delete = "Cascade"
    )]
    Customer,
    #[sea_orm(has_many = "super::purchase_line::Entity")]
    PurchaseLine,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl Related<super::purchase_line::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PurchaseLine.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
