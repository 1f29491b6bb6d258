//! An example in the copy's entity package: rows of every odd type go in and come out through what was
//! pulled. The two databases are named by the environment.

use db::clinic::entity::{people, rooms, staff_people, visits};
use db::store::entity::enums::{Colour, OrderStatus};
use db::store::entity::{categories, customers, labels, orders, product_labels, products};
use sea_orm::prelude::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Database, DatabaseConnection, EntityTrait, ModelTrait,
    QueryFilter, Set,
};

#[tokio::main]
async fn main() {
    store(&connection("STORE").await).await;
    clinic(&connection("CLINIC").await).await;
}

async fn connection(variable: &str) -> DatabaseConnection {
    let url = std::env::var(variable).unwrap();
    Database::connect(url).await.unwrap()
}

async fn store(database: &DatabaseConnection) {
    let customer = customers::ActiveModel {
        email: Set("a@example.org".into()),
        full_name: Set("A B".into()),
        moods: Set(Some("{ok,bad}".into())),
        ..Default::default()
    };
    let customer = customer.insert(database).await.unwrap();
    assert_eq!(customer.mood.as_deref(), Some("ok"));
    assert_eq!(customer.tags, Vec::<String>::new());
    let order = orders::ActiveModel {
        customer_id: Set(customer.id),
        r#box: Set(Some(Colour::Red)),
        status: Set(OrderStatus::N2ndTry),
        number: Set(3),
        ..Default::default()
    };
    let order = order.insert(database).await.unwrap();
    assert_eq!((order.id, order.status), (1000, OrderStatus::N2ndTry));

    let category = categories::ActiveModel {
        name: Set("name".into()),
        slug: Set("slug".into()),
        ..Default::default()
    };
    let category = category.insert(database).await.unwrap();
    let product = products::ActiveModel {
        category_id: Set(category.id),
        sku: Set("12345678".into()),
        name: Set("name".into()),
        price: Set(Decimal::new(100, 2)),
        colours: Set(vec![Colour::Green, Colour::Red]),
        ..Default::default()
    };
    let product = product.insert(database).await.unwrap();
    assert_eq!(product.price_gross, Some(Decimal::new(120, 2)));
    assert_eq!(product.colours, [Colour::Green, Colour::Red]);
    let label = labels::ActiveModel {
        name: Set("label".into()),
        ..Default::default()
    };
    let label = label.insert(database).await.unwrap();
    let join = product_labels::ActiveModel {
        product_id: Set(product.id),
        label_id: Set(label.id),
    };
    join.insert(database).await.unwrap();
    let labels = product.find_related(labels::Entity).all(database);
    assert_eq!(labels.await.unwrap(), [label]);
}

async fn clinic(database: &DatabaseConnection) {
    let doctor = staff_people::ActiveModel {
        name: Set("D".into()),
        mail: Set("D@example.org".into()),
        role: Set("doctor".into()),
        grade: Set(Some(4)),
        phone: Set(Some("+1".into())),
        ..Default::default()
    };
    let doctor = doctor.insert(database).await.unwrap();
    assert_eq!((doctor.badge, doctor.grade), (5000, Some(4)));
    let found = staff_people::Entity::find()
        .filter(staff_people::Column::Mail.eq("d@EXAMPLE.org"))
        .filter(staff_people::Column::Role.eq("doctor"))
        .filter(staff_people::Column::Grade.eq(4));
    assert_eq!(found.all(database).await.unwrap(), [doctor.clone()]);

    let person = people::ActiveModel {
        home: Set(Some("(street,city)".into())),
        phones: Set(Some("{1,2}".into())),
        urgency: Set(Some("low".into())),
        checked: Set(Some("high".into())),
        doctor: Set(Some(doctor.id)),
        ..Default::default()
    };
    let person = person.insert(database).await.unwrap();
    let room = rooms::ActiveModel {
        name: Set("room".into()),
        ..Default::default()
    };
    let room = room.insert(database).await.unwrap();
    let visit = visits::ActiveModel {
        person: Set(person.id),
        room: Set(room.id),
        during: Set("[2026-01-01,2026-01-02)".into()),
        address: Set(Some("10.0.0.1".into())),
        took: Set(Some("1 hour".into())),
        ..Default::default()
    };
    let visit = visit.insert(database).await.unwrap();
    assert_eq!(visit.took.as_deref(), Some("01:00:00"));
    let visits = person.find_related(visits::Entity).all(database);
    assert_eq!(visits.await.unwrap(), [visit]);
}
