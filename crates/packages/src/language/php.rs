//! PHP: what Composer locks and installs, and `WordPress`.

mod composer;
mod wordpress;

use crate::reader::Reader;

pub(super) const READERS: &[Reader] = &[
    composer::LOCK,
    composer::INSTALLED,
    composer::MANIFEST,
    wordpress::READER,
];
