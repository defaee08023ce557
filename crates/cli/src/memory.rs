//! How memory is asked for.

/// The allocator of the static program: that of musl has one lock for all threads, and a rendering took twice as long with it.
/// Elsewhere the allocator of the C library needs less memory and is as fast.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps what was freed: for runs that end before anybody else could use it. To give back a part of a huge page makes
/// small ones of it, which took a tenth of a rendering's time, half of it when everything was done.
#[cfg(target_env = "musl")]
#[expect(unsafe_code, reason = "the allocator is written in C")]
pub(crate) fn keep() {
    /// `mi_option_purge_delay`: milliseconds after which freed memory is given back; never, if negative.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: a number is stored for an option that exists in the version that is built in; it may be at any time.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, -1) }
}

/// Nothing: the allocator gives little back anyway.
#[cfg(not(target_env = "musl"))]
pub(crate) fn keep() {}

/// Takes memory in small pages from here on, for runs that hold many resources at once. The allocator asks Linux for huge
/// pages, which spares a short run most of its page faults, and doubles what a long one needs.
#[cfg(target_env = "musl")]
pub(crate) fn spare() {
    // Where the system has no huge pages, nothing is lost.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Nothing: the allocator asks for small pages anyway.
#[cfg(not(target_env = "musl"))]
pub(crate) fn spare() {}
