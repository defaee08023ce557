//! Threads that read pieces while templates are executed.
//!
//! A pool would take a thread more, and has its own idea of how long it stays awake; what there is to do takes some milliseconds.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use document::Limits;
use worker::Worker;

use super::piece::{Heads, Work};

/// Threads that share the work of one rendering, at most.
const MAX_THREADS: usize = 4;

/// Whoever reads pieces: others, and in the end this thread, too.
pub(super) struct Crew {
    pub(super) limits: Limits,
    board: Arc<Board>,
    others: Vec<Worker<()>>,
    /// How many others there may be.
    most: usize,
    pieces: usize,
}

/// What there is to do, and what is done.
#[derive(Default)]
struct Board {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<(usize, Work)>,
    done: Vec<(usize, Heads)>,
    is_closed: bool,
}

impl Crew {
    pub(super) fn new(limits: Limits) -> Self {
        // In a thread of the pool other renderings are made at the same time.
        let most = if rayon::current_thread_index().is_some() {
            0
        } else {
            worker::processors().min(MAX_THREADS) - 1
        };
        Crew {
            limits,
            board: Arc::default(),
            others: Vec::new(),
            most,
            pieces: 0,
        }
    }

    /// Has another piece read by whoever is there.
    pub(super) fn hand_over(&mut self, work: Work) {
        self.add(work);
        self.board.changed.notify_one();
        if self.others.len() < self.most {
            let (board, limits) = (Arc::clone(&self.board), self.limits);
            // Without another thread this one does all of it.
            if let Ok(other) = worker::spawn(move || board.work(&limits)) {
                self.others.push(other);
            }
        }
    }

    /// Reads the last piece and what else is left, and gives what came of the pieces, in their order.
    pub(super) fn finish(mut self, last: Work) -> Vec<Heads> {
        self.add(last);
        self.close();
        self.board.work(&self.limits);
        for other in self.others.drain(..) {
            if let Err(panic) = other.join() {
                std::panic::resume_unwind(panic);
            }
        }
        let mut done = std::mem::take(&mut self.board.state().done);
        done.sort_unstable_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, heads)| heads).collect()
    }

    fn add(&mut self, work: Work) {
        self.board.state().waiting.push_back((self.pieces, work));
        self.pieces += 1;
    }

    fn close(&self) {
        self.board.state().is_closed = true;
        self.board.changed.notify_all();
    }
}

impl Drop for Crew {
    /// Nobody waits for what will not come.
    fn drop(&mut self) {
        self.board.state().waiting.clear();
        self.close();
    }
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads pieces until there are no more.
    fn work(&self, limits: &Limits) {
        let mut state = self.state();
        loop {
            if let Some((number, work)) = state.waiting.pop_front() {
                drop(state);
                let heads = work.read(limits);
                state = self.state();
                state.done.push((number, heads));
            } else if state.is_closed {
                return;
            } else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
