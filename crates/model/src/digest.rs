//! What a scan read, so that somebody else can show that they have the same files.

/// A file that was read and taken for Kubernetes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadFile {
    /// Its name, as findings print it.
    pub name: String,
    /// SHA-256 of its bytes, as they were on disk.
    pub sha256: [u8; 32],
}

/// All the files that a scan read and did not skip. `manifests` makes it; it does not change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputDigest {
    /// In byte order of their names.
    pub files: Vec<ReadFile>,
    /// SHA-256 of [`InputDigest::listing`].
    pub sha256: [u8; 32],
}

impl InputDigest {
    /// The digest of some files; `sha256` is the hash function, which this crate does not have.
    pub fn new(mut files: Vec<ReadFile>, sha256: impl Fn(&[u8]) -> [u8; 32]) -> Self {
        files.sort_by(|left, right| left.name.cmp(&right.name));
        files.dedup_by(|left, right| left.name == right.name);
        let mut digest = InputDigest {
            files,
            sha256: [0; 32],
        };
        digest.sha256 = sha256(digest.listing().as_bytes());
        digest
    }

    /// What `sha256sum` of the GNU coreutils prints for the files: a line for each, its digest, two spaces and
    /// its name. A name with a line break or a backslash has these escaped, and a backslash before the line.
    pub fn listing(&self) -> String {
        let mut text = String::with_capacity(self.files.len() * 100);
        for file in &self.files {
            let name = &file.name;
            let is_escaped = name.contains(['\\', '\n', '\r']);
            text.push_str(if is_escaped { "\\" } else { "" });
            text.push_str(&hexadecimal(&file.sha256));
            text.push_str("  ");
            for char in name.chars() {
                match char {
                    '\\' => text.push_str("\\\\"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    other => text.push(other),
                }
            }
            text.push('\n');
        }
        text
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::{InputDigest, ReadFile, hexadecimal};

    #[test]
    fn the_listing_is_that_of_sha256sum() {
        let file = |name: &str, byte| ReadFile {
            name: name.to_owned(),
            sha256: [byte; 32],
        };
        let files = vec![file("b\\\n", 2), file("a b.yaml", 1), file("a b.yaml", 1)];
        let digest = InputDigest::new(files, |text| [text.len() as u8; 32]);
        let (one, two) = ("01".repeat(32), "02".repeat(32));
        let listing = format!("{one}  a b.yaml\n\\{two}  b\\\\\\n\n");
        assert_eq!(digest.listing(), listing);
        assert_eq!(digest.sha256[0], listing.len() as u8);
        assert_eq!(hexadecimal(&[0, 0xab]), "00ab");
    }
}
