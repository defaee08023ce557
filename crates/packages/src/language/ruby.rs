//! Ruby: what Bundler locks, and the gems that are installed.

mod gemfile_lock;
mod gemspec;

use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[gemfile_lock::READER, gemspec::READER];
