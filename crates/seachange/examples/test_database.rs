//! A test as a program of its own: `test_database seeded fails` makes a database, prints its URL and
//! how long that took, and ends as it is told. The tests run several at once, and kill some.

use std::error::Error;
use std::io::Read;
use std::time::Instant;

use seachange::testing::TestDatabase;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(content), Some(end)) = (arguments.next(), arguments.next()) else {
        return Err("two arguments: what is in the database, and how the test ends".into());
    };
    let begin = Instant::now();
    let database = match content.as_str() {
        "empty" => TestDatabase::empty().await,
        "migrated" => TestDatabase::migrated().await,
        "seeded" => TestDatabase::seeded().await,
        other => return Err(format!("`{other}` can't be asked for").into()),
    };
    println!("URL {} {:?}", database.url(), begin.elapsed());
    let connection = database.connect().await;
    connection.ping().await?;
    match end.as_str() {
        "passes" => Ok(()),
        "fails" => panic!("as it was told"),
        "waits" => {
            std::io::stdin().read_to_end(&mut Vec::new())?;
            Ok(())
        }
        other => Err(format!("a test can't end with `{other}`").into()),
    }
}
