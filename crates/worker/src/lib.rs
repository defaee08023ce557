//! A thread beside this one, for work of a few milliseconds.
//!
//! A scheduler may leave a new thread on the processor of its maker until it balances the next time, which is after what the
//! thread is there for: both then take turns on one processor while another one idles. A [`Worker`] is moved to another
//! processor when it is made, and may run anywhere again once somebody [waits](Worker::join) for it. A pool of threads has its own
//! idea of how long it stays awake, and is made for longer work.
//!
//! ```
//! let worker = worker::spawn(|| 6 * 7)?;
//! assert_eq!(worker.join().ok(), Some(42));
//! # Ok::<(), std::io::Error>(())
//! ```

mod place;

use std::io;
use std::num::NonZero;
use std::thread::{self, JoinHandle};

/// A thread beside the one that made it.
#[derive(Debug)]
pub struct Worker<T>(JoinHandle<T>);

/// How many threads can run at the same time, this one among them.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Has something done beside this thread.
///
/// # Errors
///
/// The operating system has no thread to give.
pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<Worker<T>> {
    let thread = thread::Builder::new().spawn(work)?;
    place::apart(&thread);
    Ok(Worker(thread))
}

impl<T> Worker<T> {
    /// Lets it run where its maker may.
    fn release(&self) {
        place::anywhere(&self.0);
    }

    /// Waits for it, and lets it run anywhere meanwhile: the processor that it was moved to may be taken by others, while that of
    /// whoever waits is free.
    ///
    /// # Errors
    ///
    /// What it panicked with.
    pub fn join(self) -> thread::Result<T> {
        self.release();
        self.0.join()
    }
}

#[cfg(test)]
mod tests;
