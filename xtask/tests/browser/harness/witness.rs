//! What a page does behind its looks: every request, every complaint. A test that ends well has none of either that it
//! did not expect: no request leaves this machine, no script fails, nothing breaks the Content-Security-Policy.

use std::sync::{Arc, Mutex, MutexGuard};

use chromiumoxide::Page;
use chromiumoxide::cdp::browser_protocol::log::{self, EventEntryAdded};
use chromiumoxide::cdp::browser_protocol::network::{self, EventRequestWillBeSent};
use chromiumoxide::cdp::browser_protocol::page::EventJavascriptDialogOpening;
use chromiumoxide::cdp::browser_protocol::page::HandleJavaScriptDialogParams;
use chromiumoxide::cdp::js_protocol::runtime::{EventConsoleApiCalled, EventExceptionThrown};
use futures_util::StreamExt as _;

#[derive(Debug, Default)]
struct Seen {
    requests: Vec<String>,
    complaints: Vec<String>,
    /// Parts of complaints that a test is about.
    expected: Vec<String>,
    dialogs: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Witness {
    seen: Arc<Mutex<Seen>>,
}

impl Witness {
    pub(super) async fn of(page: &Page) -> Self {
        let witness = Self::default();
        macro_rules! listen {
            ($event:ty, $with:expr) => {{
                let mut events = page.event_listener::<$event>().await.unwrap();
                let witness = witness.clone();
                tokio::spawn(async move {
                    while let Some(event) = events.next().await {
                        $with(&mut *witness.seen(), &event);
                    }
                });
            }};
        }
        listen!(
            EventRequestWillBeSent,
            |seen: &mut Seen, event: &EventRequestWillBeSent| {
                seen.requests.push(event.request.url.clone());
            }
        );
        listen!(
            EventExceptionThrown,
            |seen: &mut Seen, event: &EventExceptionThrown| {
                let details = &event.exception_details;
                let thrown = details.exception.as_ref();
                let text = thrown.and_then(|it| it.description.clone());
                seen.complaints
                    .push(format!("{} {}", details.text, text.unwrap_or_default()));
            }
        );
        listen!(
            EventConsoleApiCalled,
            |seen: &mut Seen, event: &EventConsoleApiCalled| {
                let kind = event.r#type.as_ref();
                if ["error", "warning", "assert"].contains(&kind) {
                    seen.complaints.push(format!("{kind}: {:?}", event.args));
                }
            }
        );
        listen!(
            EventEntryAdded,
            |seen: &mut Seen, event: &EventEntryAdded| {
                let entry = &event.entry;
                let from = entry.url.as_deref().unwrap_or_default();
                if entry.level.as_ref() != "verbose" {
                    seen.complaints.push(format!("{}: {from}", entry.text));
                }
            }
        );
        let mut dialogs = page
            .event_listener::<EventJavascriptDialogOpening>()
            .await
            .unwrap();
        let (asked, shown) = (page.clone(), witness.clone());
        tokio::spawn(async move {
            while let Some(event) = dialogs.next().await {
                let kind = event.r#type.as_ref().to_owned();
                shown.seen().dialogs.push(kind);
                // Whoever is asked stays.
                let stay = HandleJavaScriptDialogParams::new(false);
                asked.execute(stay).await.ok();
            }
        });
        page.execute(network::EnableParams::default())
            .await
            .unwrap();
        page.execute(log::EnableParams::default()).await.unwrap();
        witness
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// The test is about something that the console tells of: `the server responded with a status of 409`.
    pub(crate) fn expects(&self, complaint: &str) {
        self.seen().expected.push(complaint.to_owned());
    }

    pub(crate) fn complaints(&self) -> Vec<String> {
        let seen = self.seen();
        let expected = |it: &&String| seen.expected.iter().any(|part| it.contains(part));
        let all = seen.complaints.iter().filter(|it| !expected(it));
        all.cloned().collect()
    }

    /// Every address that was asked for.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen().requests.clone()
    }

    /// Whether the browser asked before it left a page; it was told to stay.
    pub(crate) fn dialogs(&self) -> Vec<String> {
        self.seen().dialogs.clone()
    }

    /// # Panics
    ///
    /// Where a request left this machine, or the console has something to say.
    pub(super) fn is_content(&self) {
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "the console says {complaints:#?}");
        let requests = self.requests();
        assert!(!requests.is_empty());
        for url in requests {
            let own = [
                "http://127.0.0.1:",
                "data:",
                "blob:http://127.0.0.1:",
                "file:///",
            ];
            assert!(own.iter().any(|it| url.starts_with(it)), "asked for {url}");
        }
    }
}
