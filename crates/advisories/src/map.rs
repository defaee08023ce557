//! The bytes of a database: a memory map of its file, which costs nothing to open and is shared by all that read it, or
//! what is part of the program.

use std::fs::File;
use std::io;

use memmap2::Mmap;

use crate::database::Database;

/// The bytes of a database.
#[derive(Debug)]
pub struct Bytes(Kind);

#[derive(Debug)]
enum Kind {
    Map(Mmap),
    Static(&'static [u8]),
}

/// A database in a file that is mapped into memory.
pub type Mapped = Database<Bytes>;

/// A real database of four records, for trying out: see `data/README.md`.
const SAMPLE: &[u8] = include_bytes!("../data/sample.db");

impl Bytes {
    /// Maps an open file.
    pub fn map(file: &File) -> io::Result<Self> {
        #[expect(
            unsafe_code,
            reason = "a map is sound while nobody shortens or writes the file: databases are replaced by renaming a new file over the old name, \
                      never changed, and every text is checked again whenever it is read"
        )]
        // SAFETY: see the reason above.
        let map = unsafe { Mmap::map(file) }?;
        Ok(Self(Kind::Map(map)))
    }

    /// The sample database.
    pub fn sample() -> Self {
        Self(Kind::Static(SAMPLE))
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match &self.0 {
            Kind::Map(map) => map,
            Kind::Static(bytes) => bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Database};

    #[test]
    fn the_sample_is_a_database() {
        let database = Database::open(Bytes::sample()).unwrap();
        assert!(database.is_intact());
        assert_eq!(database.advisory_count(), 4);
    }
}
