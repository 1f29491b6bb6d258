//! Which test databases of this process live, and what is still being done for those that went.
//!
//! A database is dropped behind the back of the tests that still run. The last one to go waits until
//! all is done, because nothing can be done once the process has ended.

use std::future::Future;
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// With more work than this before it, nobody goes on: dropping is to keep pace with making.
const MOST_WORK: usize = 8;

#[derive(Default)]
struct Count {
    living: usize,
    working: usize,
}

static COUNT: Mutex<Count> = Mutex::new(Count {
    living: 0,
    working: 0,
});
static CHANGED: Condvar = Condvar::new();

/// A runtime of our own: a connection belongs to the runtime that opened it, and each test has its own.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("test databases")
        .enable_all()
        .build()
        .expect("a thread and a few file descriptors are to be had")
});

/// A test database that lives, or is about to.
pub(super) struct Living(());

/// Something that has to be done before the process ends.
struct Work(());

impl Living {
    pub(super) fn begin() -> Self {
        count().living += 1;
        Self(())
    }

    /// Ends it, and what has to be done for that. Waits if there is nobody else to wait for it.
    pub(super) fn end(self, work: impl Future<Output = ()> + Send + 'static) {
        start(work);
        drop(self);
        let wait = |count: &mut Count| match count.living {
            0 => count.working > 0,
            _ => count.working > MOST_WORK,
        };
        drop(
            CHANGED
                .wait_while(count(), wait)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        count().living -= 1;
    }
}

/// Does it on our runtime; the last database of the process waits for it.
pub(super) fn start(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    count().working += 1;
    let begun = Work(());
    RUNTIME.spawn(async move {
        // Also dropped when the future panics.
        let _begun = begun;
        work.await;
    })
}

impl Drop for Work {
    fn drop(&mut self) {
        count().working -= 1;
        CHANGED.notify_all();
    }
}

fn count() -> MutexGuard<'static, Count> {
    COUNT.lock().unwrap_or_else(PoisonError::into_inner)
}
