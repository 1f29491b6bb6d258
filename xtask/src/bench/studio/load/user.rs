//! One user: from page to page as people go, with the breaks that they make.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::bench::error::BenchError;
use crate::bench::studio::browser::{Answer, Browser, Taken, between, pair};
use crate::random::Random;

const TABLE: &str = "/table/public/applications";
const SAVE: &str = "/api/rows/public/applications/save";
/// Of a file that is left half-way.
const HALF: usize = 200_000;
/// The same errands in every run.
const SEED: u64 = 1;
/// Between two requests at most; on the average half of that.
const BREAK: Duration = Duration::from_secs(1);

/// What there is to be looked at.
pub(super) struct World {
    pub(super) rows: u64,
    pub(super) cohorts: u64,
}

macro_rules! kinds {
    ($($name:ident = $title:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $($name,)* }

        impl Kind {
            pub(super) const ALL: [Self; [$($title),*].len()] = [$(Self::$name,)*];

            pub(super) fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

kinds! {
    Tables = "list of tables";
    First = "first page";
    Way = "next page, page before";
    Filter = "filtered or sorted";
    Row = "a row";
    Diagram = "diagram of one table";
    Console = "console";
    Preview = "SQL of a change";
    Save = "saving a change";
    Export = "export, whole";
    Half = "export, left half-way";
}

impl Kind {
    /// Besides pages that are there: what is refused because others do the same just now.
    fn may_be(self, status: u16) -> bool {
        match status {
            200..400 => true,
            // The row was changed meanwhile.
            409 => self == Self::Save,
            // So many run already.
            429 => matches!(self, Self::Export | Self::Half),
            _ => false,
        }
    }
}

pub(super) struct Request {
    pub(super) kind: Kind,
    pub(super) status: u16,
    pub(super) took: Duration,
}

/// What one user, or all of them, saw.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) requests: Vec<Request>,
    pub(super) wrong: Vec<String>,
}

impl Walk {
    pub(super) fn add(&mut self, other: Self) {
        self.requests.extend(other.requests);
        self.wrong.extend(other.wrong);
    }
}

pub(super) struct User {
    number: u64,
    browser: Browser,
    world: Arc<World>,
    random: Random,
    /// The texts that the console ran.
    asked: u64,
    walk: Walk,
}

impl User {
    pub(super) fn new(number: u64, browser: Browser, world: Arc<World>) -> Self {
        Self {
            number,
            browser,
            world,
            random: Random::of(SEED, number),
            asked: 0,
            walk: Walk::default(),
        }
    }

    pub(super) async fn walk_until(mut self, end: Instant) -> Walk {
        while Instant::now() < end {
            // What went wrong is noted, and the user begins again.
            let _ = self.go().await;
        }
        self.walk
    }

    /// One errand; none where a page did not come.
    async fn go(&mut self) -> Option<()> {
        match self.draw(100) {
            0..10 => self.get(Kind::Tables, "/").await.map(drop),
            10..40 => self.leaf().await,
            40..58 => self.narrow().await,
            58..73 => self.row().await,
            73..76 => {
                let path = "/diagram?table=public.cohorts";
                self.get(Kind::Diagram, path).await.map(drop)
            }
            76..84 => self.query().await,
            84..94 => self.change().await,
            _ => self.export().await,
        }
    }

    /// Three pages on, one back.
    async fn leaf(&mut self) -> Option<()> {
        let mut page = self.get(Kind::First, TABLE).await?.body;
        for rel in ["next", "next", "next", "prev"] {
            let way = between(&page, &format!("rel=\"{rel}\" href=\""), "\"");
            let way = self.there(way, rel)?;
            page = self.get(Kind::Way, &way).await?.body;
        }
        Some(())
    }

    async fn narrow(&mut self) -> Option<()> {
        let cohort = 1 + self.draw(self.world.cohorts);
        let day = format!("2021-{:02}-{:02}", 1 + self.draw(12), 1 + self.draw(28));
        let query = match self.draw(4) {
            0 => pair("filter", &json!(["cohort_id", "is", cohort.to_string()])),
            1 => format!(
                "{}&sort=submitted_at:asc",
                pair("filter", &json!(["submitted_at", "ge", day]))
            ),
            2 => "sort=submitted_at:desc&size=100&show=id&show=email&show=state".to_owned(),
            _ => format!(
                "{}&{}",
                pair("filter", &json!(["cohort_id", "is", cohort.to_string()])),
                pair("filter", &json!(["state", "in", "sent", "accepted"]))
            ),
        };
        self.get(Kind::Filter, &format!("{TABLE}?{query}")).await?;
        Some(())
    }

    async fn row(&mut self) -> Option<()> {
        let key = pair("key", &json!([self.id().to_string()]));
        self.get(Kind::Row, &format!("{TABLE}/row?{key}")).await?;
        Some(())
    }

    async fn query(&mut self) -> Option<()> {
        let cohort = 1 + self.draw(self.world.cohorts);
        let sql = format!(
            "SELECT state, count(*), avg(score) FROM applications WHERE cohort_id = {cohort} GROUP BY 1 ORDER BY 1"
        );
        self.asked += 1;
        let id = format!("{}-{}", self.number, self.asked);
        let asked = json!({"id": id, "sql": sql, "rows": 100, "seconds": 15, "mode": "read"});
        self.post(Kind::Console, "/api/console", &asked).await?;
        Some(())
    }

    /// A row found, changed, looked at as SQL, saved.
    async fn change(&mut self) -> Option<()> {
        let filter = pair("filter", &json!(["id", "is", self.id().to_string()]));
        let page = self.get(Kind::Filter, &format!("{TABLE}?{filter}")).await?;
        let at = between(&page.body, "data-at=\"", "\"");
        let at = self.there(at, "data-at")?;
        let at: serde_json::Value = serde_json::from_str(&at).unwrap_or_default();
        let remarks = format!("seen by {}", self.number);
        let staged =
            json!({"changes": [{"update": {"at": at, "set": {"remarks": {"text": remarks}}}}]});
        self.post(Kind::Preview, "/api/rows/public/applications/sql", &staged)
            .await?;
        self.post(Kind::Save, SAVE, &staged).await?;
        Some(())
    }

    async fn export(&mut self) -> Option<()> {
        let cohort = 1 + self.draw(self.world.cohorts);
        let filter = pair("filter", &json!(["cohort_id", "is", cohort.to_string()]));
        let format = match self.draw(3) {
            0 => "csv",
            1 => "json",
            _ => "sql",
        };
        let (kind, path, taken) = match self.draw(2) {
            0 => (
                Kind::Export,
                format!("{TABLE}/export/{format}?{filter}"),
                Taken::All,
            ),
            _ => (
                Kind::Half,
                format!("{TABLE}/export/{format}"),
                Taken::Bytes(HALF),
            ),
        };
        let answer = self.browser.take(&path, taken).await;
        self.note(kind, &path, answer).await?;
        Some(())
    }

    async fn get(&mut self, kind: Kind, path: &str) -> Option<Answer> {
        let answer = self.browser.get(path).await;
        self.note(kind, path, answer).await
    }

    async fn post(&mut self, kind: Kind, path: &str, body: &serde_json::Value) -> Option<Answer> {
        let answer = self.browser.post(path, body).await;
        self.note(kind, path, answer).await
    }

    /// Remembers what came of a request; then a break.
    async fn note(
        &mut self,
        kind: Kind,
        path: &str,
        answer: Result<Answer, BenchError>,
    ) -> Option<Answer> {
        let kept = match answer {
            Ok(answer) => {
                self.walk.requests.push(Request {
                    kind,
                    status: answer.status,
                    took: answer.took,
                });
                match kind.may_be(answer.status) {
                    true => Some(answer),
                    false => {
                        let said: String = answer.body.chars().take(300).collect();
                        let status = answer.status;
                        self.walk.wrong.push(format!("{path}: {status} {said}"));
                        None
                    }
                }
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                let cause = cause.unwrap_or_default();
                self.walk.wrong.push(format!("{error}: {cause}"));
                None
            }
        };
        tokio::time::sleep(self.random.within(BREAK)).await;
        kept
    }

    /// What a page has to have on it.
    fn there<T>(&mut self, found: Option<T>, what: &str) -> Option<T> {
        if found.is_none() {
            self.walk.wrong.push(format!("a page lacks its `{what}`"));
        }
        found
    }

    fn id(&mut self) -> u64 {
        1 + self.draw(self.world.rows)
    }

    fn draw(&mut self, many: u64) -> u64 {
        self.random.below(many)
    }
}
