//! Being told to stop: a flag that everything which waits looks at.

use tokio::sync::watch;

/// The end that stops a run.
#[derive(Debug)]
pub struct Interrupter(watch::Sender<bool>);

/// The end that a run listens to.
#[derive(Clone, Debug)]
pub struct Interrupt(watch::Receiver<bool>);

/// A pair of both.
pub fn interrupt() -> (Interrupter, Interrupt) {
    let (sender, receiver) = watch::channel(false);
    (Interrupter(sender), Interrupt(receiver))
}

impl Interrupter {
    /// Asks the run to stop: the running statement is cancelled on the server and rolled back.
    pub fn interrupt(&self) {
        self.0.send_replace(true);
    }
}

impl Interrupt {
    /// One that never comes.
    pub fn never() -> Self {
        interrupt().1
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is requested.
    pub(crate) async fn requested(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|requested| *requested).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}
