//! Who may see which rows, as queries: what a user may not see is not found. The table is in `docs/api.md`.

use db::enums::{ProgramStatus, UserRole};
use db::{applications, files, programs, reviews};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use crate::identity::User;

/// An applicant's own; those that a reviewer has a review of; a coordinator's all.
pub(crate) fn applications(user: &User) -> Select<applications::Entity> {
    let select = applications::Entity::find();
    match user.role() {
        UserRole::Applicant => select.filter(applications::Column::ApplicantId.eq(user.id())),
        UserRole::Reviewer => {
            let assigned = only(reviews(user), reviews::Column::ApplicationId);
            select.filter(applications::Column::Id.in_subquery(assigned))
        }
        UserRole::Coordinator => select,
    }
}

/// A program that is open, and one of an application that the user may see; a coordinator's all.
pub(crate) fn programs(user: &User) -> Select<programs::Entity> {
    let select = programs::Entity::find();
    match user.role() {
        UserRole::Coordinator => select,
        UserRole::Applicant | UserRole::Reviewer => {
            let theirs = only(applications(user), applications::Column::ProgramId);
            select.filter(
                Condition::any()
                    .add(programs::Column::Status.eq(ProgramStatus::Active))
                    .add(programs::Column::Id.in_subquery(theirs)),
            )
        }
    }
}

/// A reviewer's own; a coordinator's all; none of an applicant's business.
pub(crate) fn reviews(user: &User) -> Select<reviews::Entity> {
    let select = reviews::Entity::find();
    match user.role() {
        UserRole::Coordinator => select,
        // An applicant who was a reviewer once has no part in them any more.
        UserRole::Applicant => select.filter(reviews::Column::Id.is_null()),
        UserRole::Reviewer => select.filter(reviews::Column::ReviewerId.eq(user.id())),
    }
}

/// Those of the applications that the user may see.
pub(crate) fn files(user: &User) -> Select<files::Entity> {
    let theirs = only(applications(user), applications::Column::Id);
    files::Entity::find().filter(files::Column::ApplicationId.in_subquery(theirs))
}

fn only<E: sea_orm::EntityTrait>(select: Select<E>, column: E::Column) -> SelectStatement {
    select.select_only().column(column).into_query()
}
