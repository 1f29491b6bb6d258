//! The shop's entities, as sea-orm-cli wrote them.

pub mod customer;
pub mod product;
pub mod purchase;
pub mod purchase_line;
pub mod sea_orm_active_enums;
