//! The file of the enumerated types.

use std::fmt::Write;

use super::super::declared::Enum;

const DERIVES: &str =
    "Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum";

pub(super) fn text(enums: &[Enum]) -> String {
    let mut text = String::from(
        "//! The enumerated types. The order of the labels is their sort order in PostgreSQL.\n\n\
         use sea_orm::entity::prelude::*;\n",
    );
    for one in enums {
        let name = one.name.as_str();
        let _ = write!(
            text,
            "\n#[derive({DERIVES})]\n\
             #[sea_orm(rs_type = \"String\", db_type = \"Enum\", enum_name = {name:?})]\n\
             pub enum {} {{\n",
            one.rust
        );
        for (variant, label) in &one.labels {
            let _ = write!(
                text,
                "    #[sea_orm(string_value = {label:?})]\n    {variant},\n"
            );
        }
        text.push_str("}\n");
    }
    text
}
