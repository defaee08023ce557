//! Where a new thread runs.

use std::thread::JoinHandle;

/// Has a thread that was just made run on another processor than this one. A scheduler may leave it where it was made until the
/// next time it balances, which is after what the thread is there for.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the C library moves threads")]
pub(super) fn apart(thread: &JoinHandle<()>) {
    use std::os::unix::thread::JoinHandleExt as _;

    // SAFETY: the set is plain memory of the size that is given; the thread is not joined yet, so its handle is valid.
    unsafe {
        let size = size_of::<libc::cpu_set_t>();
        let mut allowed: libc::cpu_set_t = std::mem::zeroed();
        let here = usize::try_from(libc::sched_getcpu());
        if libc::sched_getaffinity(0, size, &raw mut allowed) == 0
            && let Ok(here) = here
            && libc::CPU_ISSET(here, &allowed)
            && libc::CPU_COUNT(&allowed) > 1
        {
            libc::CPU_CLR(here, &mut allowed);
            libc::pthread_setaffinity_np(thread.as_pthread_t() as _, size, &raw const allowed);
        }
    }
}

/// Nothing: threads cannot be moved.
#[cfg(not(target_os = "linux"))]
pub(super) fn apart(_: &JoinHandle<()>) {}
