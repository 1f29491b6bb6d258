//! The page that the browser shows: going somewhere, waiting for what it shows, reading it.
//!
//! Nothing is waited for by the clock: a condition is looked at in the page until it holds, and what does not hold in
//! time fails with what the page shows instead.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chromiumoxide::Command;
use chromiumoxide::browser::Browser;
use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::handler::HandlerConfig;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::chromium::Chromium;
use super::downloads::Downloads;
use super::looks::Size;
use super::witness::Witness;

/// Long enough for a busy machine; only a failure waits so long.
const LIMIT: Duration = Duration::from_secs(20);
const LOOK: &str = include_str!("look.js");

/// One page of one browser.
pub(crate) struct Page {
    runtime: Arc<Runtime>,
    page: chromiumoxide::Page,
    pub(super) downloads: Downloads,
    witness: Witness,
    /// The connection ends with it.
    _browser: Browser,
    _chromium: Chromium,
}

impl Page {
    pub(super) fn open(chromium: Chromium, runtime: Arc<Runtime>, link: &str) -> Self {
        let (browser, page, witness, downloads) = runtime.block_on(async {
            let settings = HandlerConfig {
                viewport: None,
                ..HandlerConfig::default()
            };
            let connected = Browser::connect_with_config(&chromium.address, settings).await;
            let (browser, mut handler) = connected.unwrap();
            tokio::spawn(async move { while handler.next().await.is_some() {} });
            let page = browser.new_page("about:blank").await.unwrap();
            let witness = Witness::of(&page).await;
            let downloads = Downloads::of(&browser, chromium.downloads()).await;
            (browser, page, witness, downloads)
        });
        let page = Self {
            runtime,
            page,
            downloads,
            witness,
            _browser: browser,
            _chromium: chromium,
        };
        page.has_size(Size::Desk);
        page.goes_to(link);
        // The link gives the cookie, and a page of its own that leads on.
        page.holds("the studio", "location.pathname === '/' && ready()");
        page
    }

    /// Goes to an address as if it were typed.
    #[track_caller]
    pub(super) fn goes_to(&self, url: &str) {
        self.leads(|| {
            self.does(NavigateParams::new(url));
        });
    }

    /// What is done leads to another page, which is there afterwards.
    #[track_caller]
    pub(crate) fn leads(&self, deed: impl FnOnce()) {
        let born: f64 = self.now("performance.timeOrigin");
        deed();
        self.holds(
            "another page",
            &format!("performance.timeOrigin !== {born} && ready()"),
        );
    }

    #[track_caller]
    pub(crate) fn reloads(&self) {
        self.leads(|| {
            use chromiumoxide::cdp::browser_protocol::page::ReloadParams;
            self.does(ReloadParams::default());
        });
    }

    /// A file of this machine, by itself.
    #[track_caller]
    pub(crate) fn opens_file(&self, file: &Path) {
        self.goes_to(&format!("file://{}", file.display()));
    }

    /// Waits until the browser has asked something before it did what it was told; the answer was no.
    #[track_caller]
    pub(crate) fn asked(&self, kind: &str) {
        let begin = Instant::now();
        while !self.witness.dialogs().iter().any(|it| it == kind) {
            if begin.elapsed() > LIMIT {
                self.fails(&format!("waited in vain for a dialog `{kind}`"));
            }
            // Events come before the answer to what is asked after them.
            self.now::<bool>("true");
        }
    }

    pub(crate) fn url(&self) -> String {
        self.now("location.href")
    }

    /// Waits until the page shows these words.
    #[track_caller]
    pub(crate) fn sees(&self, words: &str) {
        let words = json!(words);
        self.holds(
            &format!("{words} to be seen"),
            &format!("document.body.innerText.includes({words})"),
        );
    }

    /// Waits until that is there to be seen.
    #[track_caller]
    pub(crate) fn finds(&self, place: &str) {
        self.holds(&format!("`{place}`"), &format!("!!one({})", json!(place)));
    }

    /// Waits until that can't be seen, or is gone.
    #[track_caller]
    pub(crate) fn loses(&self, place: &str) {
        self.holds(
            &format!("`{place}` to go"),
            &format!("!one({})", json!(place)),
        );
    }

    /// Waits until the text or the value of a place has these words.
    #[track_caller]
    pub(crate) fn says(&self, place: &str, words: &str) {
        self.holds(
            &format!("`{place}` to say `{words}`"),
            &format!("words({})?.includes({})", json!(place), json!(words)),
        );
    }

    /// The text or the value of a place, once it is there.
    #[track_caller]
    pub(crate) fn reads(&self, place: &str) -> String {
        self.waits(&format!("`{place}`"), &format!("words({})", json!(place)))
    }

    /// The texts of all that are seen of a place, as they are now.
    #[track_caller]
    pub(crate) fn all(&self, place: &str) -> Vec<String> {
        let place = json!(place);
        self.now(&format!(
            "every({place}).filter(seen).map((it) => it.innerText ?? it.textContent)"
        ))
    }

    /// Waits until an expression of JavaScript is true.
    #[track_caller]
    pub(crate) fn holds(&self, what: &str, condition: &str) {
        let _: bool = self.waits(what, condition);
    }

    /// Waits until an expression has a value that is neither null nor false.
    #[track_caller]
    pub(crate) fn waits<T: DeserializeOwned>(&self, what: &str, expression: &str) -> T {
        let begin = Instant::now();
        while let Some(left) = LIMIT.checked_sub(begin.elapsed()) {
            let script = format!(
                "new Promise((found) => {{ {LOOK}; const end = performance.now() + {}; const look = () => {{ \
                   let it = null; try {{ it = {expression}; }} catch (error) {{ it = null; }} \
                   if (it != null && it !== false) found([it]); \
                   else if (performance.now() > end) found(null); else setTimeout(look, 10); }}; look(); }})",
                left.as_millis()
            );
            // A page that is left takes what waits in it along.
            match self.evaluates(script) {
                Ok(Value::Array(mut found)) => return self.read(found.swap_remove(0)),
                Ok(_) => break,
                Err(_) => {}
            }
        }
        self.fails(&format!("waited in vain for {what}"));
    }

    /// The value of an expression as it is now.
    #[track_caller]
    pub(crate) fn now<T: DeserializeOwned>(&self, expression: &str) -> T {
        let script = format!("(() => {{ {LOOK}; return {expression}; }})()");
        match self.evaluates(script) {
            Ok(value) => self.read(value),
            Err(error) => self.fails(&format!("{error}: {expression}")),
        }
    }

    fn evaluates(&self, script: String) -> Result<Value, String> {
        let mut asked = EvaluateParams::new(script);
        asked.await_promise = Some(true);
        asked.return_by_value = Some(true);
        let answer = self.runtime.block_on(self.page.execute(asked));
        let answer = answer.map_err(|error| error.to_string())?.result;
        match answer.exception_details {
            Some(thrown) => Err(format!("{thrown:?}")),
            None => Ok(answer.result.value.unwrap_or_default()),
        }
    }

    #[track_caller]
    fn read<T: DeserializeOwned>(&self, value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    /// A command of the browser's own.
    #[track_caller]
    pub(super) fn does<T: Command>(&self, command: T) -> T::Response {
        match self.runtime.block_on(self.page.execute(command)) {
            Ok(answer) => answer.result,
            Err(error) => self.fails(&format!("the browser refuses: {error}")),
        }
    }

    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(super) fn inner(&self) -> &chromiumoxide::Page {
        &self.page
    }

    /// What the page has asked for and complained of.
    pub(crate) fn witness(&self) -> &Witness {
        &self.witness
    }

    #[track_caller]
    pub(crate) fn fails(&self, why: &str) -> ! {
        let shown = self
            .evaluates("`${location.href}\n${document.body.innerText.slice(0, 4000)}`".to_owned())
            .map_or_else(|error| error, |text| text.as_str().unwrap_or("").to_owned());
        let told = self.witness.complaints();
        self.keeps_a_picture("failed");
        panic!("{why}\n-- the page\n{shown}\n-- what it complains of\n{told:#?}");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.witness.is_content();
        }
    }
}
