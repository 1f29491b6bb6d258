//! Files that a page gives away.

use std::path::PathBuf;
use std::time::Duration;

use chromiumoxide::browser::Browser;
use chromiumoxide::cdp::browser_protocol::browser::{
    DownloadProgressState, EventDownloadProgress, EventDownloadWillBegin,
    SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use futures_util::StreamExt as _;
use tokio::sync::{Mutex, mpsc};

use super::page::Page;

const LIMIT: Duration = Duration::from_secs(20);

pub(super) struct Downloads {
    folder: PathBuf,
    /// The name of each file that has come whole.
    come: Mutex<mpsc::UnboundedReceiver<Option<String>>>,
}

impl Downloads {
    pub(super) async fn of(browser: &Browser, folder: PathBuf) -> Self {
        let mut begun = browser
            .event_listener::<EventDownloadWillBegin>()
            .await
            .unwrap();
        let mut gone_on = browser
            .event_listener::<EventDownloadProgress>()
            .await
            .unwrap();
        let mut asked = SetDownloadBehaviorParams::new(SetDownloadBehaviorBehavior::Allow);
        asked.download_path = Some(folder.to_str().unwrap().to_owned());
        asked.events_enabled = Some(true);
        browser.execute(asked).await.unwrap();
        let (sender, come) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(file) = begun.next().await {
                let ended = loop {
                    match gone_on.next().await {
                        Some(event) if event.guid == file.guid => match event.state {
                            DownloadProgressState::InProgress => {}
                            DownloadProgressState::Completed => break true,
                            DownloadProgressState::Canceled => break false,
                        },
                        Some(_) => {}
                        None => return,
                    }
                };
                let name = ended.then(|| file.suggested_filename.clone());
                if sender.send(name).is_err() {
                    return;
                }
            }
        });
        Self {
            folder,
            come: Mutex::new(come),
        }
    }
}

impl Page {
    /// What is done gives a file: its name and what is in it.
    #[track_caller]
    pub(crate) fn downloads(&self, deed: impl FnOnce()) -> (String, String) {
        deed();
        let come = self.runtime().block_on(async {
            let mut come = self.downloads.come.lock().await;
            tokio::time::timeout(LIMIT, come.recv()).await
        });
        match come {
            Ok(Some(Some(name))) => {
                let file = self.downloads.folder.join(&name);
                let text = std::fs::read_to_string(&file).unwrap();
                std::fs::remove_file(file).unwrap();
                (name, text)
            }
            Ok(_) => self.fails("the file did not come whole"),
            Err(_) => self.fails("waited in vain for a file"),
        }
    }
}
