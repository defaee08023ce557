//! How much content of files may be in memory at a time, whoever reads it.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that may be taken; who wants more than there are waits. A file that is larger than all of it is read alone.
pub(crate) struct Budget {
    left: Mutex<u64>,
    returned: Condvar,
    all: u64,
}

/// Bytes that are taken, until this is dropped.
pub(crate) struct Share<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(all: u64) -> Self {
        Self {
            left: Mutex::new(all),
            returned: Condvar::new(),
            all,
        }
    }

    pub(crate) fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(self.all);
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = self
            .returned
            .wait_while(left, |left| *left < bytes)
            .unwrap_or_else(PoisonError::into_inner);
        *left -= bytes;
        Share {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut left = self
            .budget
            .left
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *left += self.bytes;
        self.budget.returned.notify_all();
    }
}
