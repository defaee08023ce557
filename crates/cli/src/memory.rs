//! How memory is asked for.

/// The allocator of the static program: that of musl has one lock for all threads, and a rendering took twice as long with it.
/// Elsewhere the allocator of the C library needs less memory and is as fast.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
