//! A spinner on standard error, when that is a terminal and the work is long.

use std::io::IsTerminal as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::ProgressBar;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows what the program is doing until it is dropped.
pub(crate) struct Progress {
    running: Option<(Sender<&'static str>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins with a phase; silent when `quiet` or when nobody watches.
    pub(crate) fn start(quiet: bool, phase: &'static str) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Progress { running: None };
        }
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || {
            let mut phase = phase;
            let mut bar: Option<ProgressBar> = None;
            loop {
                match receiver.recv_timeout(if bar.is_some() {
                    PATIENCE / 5
                } else {
                    PATIENCE
                }) {
                    Ok(next) => phase = next,
                    Err(RecvTimeoutError::Timeout) => {
                        let bar = bar.get_or_insert_with(ProgressBar::new_spinner);
                        bar.set_message(phase);
                        bar.tick();
                    }
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        });
        Progress {
            running: Some((sender, thread)),
        }
    }

    /// Goes on to another phase.
    pub(crate) fn phase(&self, phase: &'static str) {
        if let Some((sender, _)) = &self.running {
            // The thread only ends after us.
            let _ = sender.send(phase);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.running.take() {
            drop(sender);
            // A panic of the spinner is not worth another one.
            let _ = thread.join();
        }
    }
}
