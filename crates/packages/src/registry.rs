//! All readers.

use std::sync::LazyLock;

use crate::reader::Reader;
use crate::{executable, language, maven, os};

/// Every reader, in the order in which they are asked.
pub fn readers() -> &'static [Reader] {
    static READERS: LazyLock<Vec<Reader>> = LazyLock::new(|| {
        let mut readers = os::READERS.to_vec();
        readers.extend(language::READERS.concat());
        readers.push(maven::READER);
        readers.extend(executable::READERS);
        readers
    });
    &READERS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::readers;

    #[test]
    fn no_two_readers_have_the_same_name() {
        let names: BTreeSet<_> = readers().iter().map(|reader| reader.id).collect();
        assert_eq!(names.len(), readers().len());
    }
}
