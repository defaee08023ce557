//! What the readers say of files that others wrote, and of damaged ones.

mod binaries;
mod damage;
mod lockfiles;
mod page;
mod shared;
mod trees;
