//! Swift and Objective-C: `Package.resolved` and `Podfile.lock`.

mod podfile_lock;
mod resolved;

use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[resolved::READER, podfile_lock::READER];
