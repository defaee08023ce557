//! The definitions for continuous integration, run as those systems run them: their own shell, with a release that a
//! folder of this test serves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod definitions;
mod mirror;
mod pinned;
mod pre_commit;
mod run;
