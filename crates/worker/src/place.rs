//! Where a thread runs.

#[cfg(target_os = "linux")]
pub(crate) use linux::{anywhere, apart};

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{anywhere, apart};

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the C library moves threads")]
mod linux {
    use std::os::unix::thread::JoinHandleExt as _;
    use std::thread::JoinHandle;

    use libc::cpu_set_t;

    /// Has a thread run on another processor than this one, if it may.
    pub(crate) fn apart<T>(thread: &JoinHandle<T>) {
        // SAFETY: the call reads nothing of ours.
        let here = usize::try_from(unsafe { libc::sched_getcpu() });
        if let (Some(mut allowed), Ok(here)) = (allowed(), here) {
            // SAFETY: the macros check the number against the size of the set.
            let has_others = unsafe {
                let is_in = libc::CPU_ISSET(here, &allowed);
                libc::CPU_CLR(here, &mut allowed);
                is_in && libc::CPU_COUNT(&allowed) > 0
            };
            if has_others {
                restrict(thread, &allowed);
            }
        }
    }

    /// Has a thread run where this one may.
    pub(crate) fn anywhere<T>(thread: &JoinHandle<T>) {
        if let Some(allowed) = allowed() {
            restrict(thread, &allowed);
        }
    }

    /// The processors that this thread may run on.
    fn allowed() -> Option<cpu_set_t> {
        // SAFETY: a set is an array of numbers, for which zero is a value, and the call is given its size.
        unsafe {
            let mut allowed: cpu_set_t = std::mem::zeroed();
            let size = size_of::<cpu_set_t>();
            (libc::sched_getaffinity(0, size, &raw mut allowed) == 0).then_some(allowed)
        }
    }

    /// Restricts a thread to some processors. Where that is refused, it runs where it is.
    fn restrict<T>(thread: &JoinHandle<T>, allowed: &cpu_set_t) {
        let size = size_of::<cpu_set_t>();
        // SAFETY: the handle is valid because the thread is not joined yet, and the set has the size that is given.
        unsafe {
            libc::pthread_setaffinity_np(thread.as_pthread_t() as _, size, allowed);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::thread::JoinHandle;

    /// Nothing: threads are not moved.
    pub(crate) fn apart<T>(_: &JoinHandle<T>) {}

    /// Nothing: no thread was moved.
    pub(crate) fn anywhere<T>(_: &JoinHandle<T>) {}
}
