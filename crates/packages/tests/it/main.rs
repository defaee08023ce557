//! What the readers say of files that others wrote, and of damaged ones.

mod binaries;
mod lockfiles;
mod shared;
