//! Programs without metadata, by bytes that give away what they are: the products are data, in `classifier/products.toml`.

use std::sync::{LazyLock, OnceLock};

use document::NodeRef;
use regex::bytes;
use regex::{Regex, RegexSet};
use versions::Purl;

use crate::package::Package;
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text::{self, Node};

pub(super) const READER: Reader = Reader {
    id: "classifier",
    version: 1,
    wants: |entry: &Entry<'_>| entry.size > 0 && PRODUCTS.files.is_match(entry.path),
    read: |file| Ok(told(file)),
};

static PRODUCTS: LazyLock<Products> = LazyLock::new(|| {
    Products::read(include_str!("classifier/products.toml"))
        .expect("invariant: the products are well-formed, a test says so")
});

struct Products {
    /// What the paths are held against, all at once.
    files: RegexSet,
    products: Vec<Product>,
}

struct Product {
    /// The path with its group.
    file: Regex,
    says: Vec<Say>,
}

struct Say {
    /// Package URL without version; `{file}` is the group of the path.
    purl: String,
    pattern: String,
    /// Whether what follows is asked too.
    also: bool,
    /// The pattern, made when it is first asked; of those that depend on the path one is made each time.
    made: OnceLock<Option<bytes::Regex>>,
}

/// A product that a file is, and its version.
fn told(file: &File<'_>) -> Told {
    let mut told = Told::default();
    for index in &PRODUCTS.files.matches(file.path) {
        let Some(product) = PRODUCTS.products.get(index) else {
            continue;
        };
        let group = product.file.captures(file.path);
        let group = group.and_then(|found| found.get(1));
        let group = group.map_or("", |group| group.as_str());
        for say in &product.says {
            let Some(package) = say.ask(file.bytes, group) else {
                continue;
            };
            told.packages.push(package);
            if !say.also {
                break;
            }
        }
    }
    told
}

impl Say {
    fn ask(&self, bytes: &[u8], group: &str) -> Option<Package> {
        let of_file;
        let pattern = if self.pattern.contains("{file}") {
            of_file = made(&self.pattern.replace("{file}", &regex::escape(group)))?;
            &of_file
        } else {
            self.made.get_or_init(|| made(&self.pattern)).as_ref()?
        };
        let found = pattern.captures(bytes)?;
        let version = std::str::from_utf8(found.name("version")?.as_bytes()).ok()?;
        let mut purl = Purl::parse(&self.purl.replace("{file}", group)).ok()?;
        version.trim_end_matches('.').clone_into(&mut purl.version);
        Some(Package::new(purl.build().ok()?))
    }
}

/// A pattern over bytes, with the words that stand for parts of it.
fn made(pattern: &str) -> Option<bytes::Regex> {
    let pattern = pattern
        .replace("{v}", r"[0-9]+\.[0-9]+\.[0-9]+")
        .replace("{pre}", r"(?:-(?:alpha|beta|rc|dev|pre)[-.0-9]*)?")
        .replace("{b}", r"[^0-9A-Za-z.+_/:-]");
    bytes::RegexBuilder::new(&pattern)
        .unicode(false)
        .size_limit(1 << 20)
        .build()
        .ok()
}

impl Products {
    fn read(text: &str) -> Result<Self, ReadError> {
        let file = File {
            path: "products.toml",
            bytes: text.as_bytes(),
        };
        let document = text::toml(&file)?;
        let root = text::mapping(&document, "products")?;
        let mut products = Vec::new();
        let mut files = Vec::new();
        for node in root.items_at("product") {
            let pattern = node
                .word_at("file")
                .ok_or_else(|| ReadError::at(node, "expected 'file'"))?;
            let pattern = format!("(?:^|/)(?:{pattern})$");
            let file =
                Regex::new(&pattern).map_err(|error| ReadError::at(node, error.to_string()))?;
            files.push(pattern);
            products.push(Product {
                file,
                says: node.items_at("say").map(say).collect::<Result<_, _>>()?,
            });
        }
        let files = RegexSet::new(&files).map_err(|error| ReadError::new(error.to_string()))?;
        Ok(Products { files, products })
    }
}

fn say(node: NodeRef<'_>) -> Result<Say, ReadError> {
    let word = |key: &str| {
        node.word_at(key)
            .map(str::to_owned)
            .ok_or_else(|| ReadError::at(node, format!("expected '{key}'")))
    };
    Ok(Say {
        purl: word("purl")?,
        pattern: word("match")?,
        also: node.is_set("also"),
        made: OnceLock::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::{PRODUCTS, READER, made};
    use crate::reader::{Entry, File};

    fn says(path: &str, bytes: &[u8]) -> Vec<String> {
        let told = (READER.read)(&File { path, bytes }).unwrap();
        told.packages
            .into_iter()
            .map(|package| package.purl)
            .collect()
    }

    #[test]
    fn every_pattern_is_one_with_a_version() {
        assert!(PRODUCTS.products.len() > 80);
        for say in PRODUCTS.products.iter().flat_map(|product| &product.says) {
            let pattern = made(&say.pattern.replace("{file}", "x"));
            let pattern = pattern.unwrap_or_else(|| panic!("{} does not compile", say.pattern));
            assert!(
                pattern
                    .capture_names()
                    .flatten()
                    .any(|name| name == "version"),
                "{}",
                say.pattern
            );
        }
    }

    #[test]
    fn the_path_decides_what_is_looked_for() {
        let bytes = b"..\x00nginx version: nginx/1.25.1\n\x00";
        assert_eq!(says("usr/sbin/nginx", bytes), ["pkg:generic/nginx@1.25.1"]);
        assert!(says("usr/sbin/nginx.conf", bytes).is_empty());
        let wants = |path| {
            (READER.wants)(&Entry {
                path,
                size: 9,
                is_executable: true,
            })
        };
        assert!(wants("usr/sbin/nginx"));
        assert!(!wants("usr/sbin/nginxx"));
    }

    #[test]
    fn a_name_may_say_part_of_the_version() {
        let bytes = b"\x003.9.1\x00\x003.11.4\x00";
        assert_eq!(says("bin/python3.11", bytes), ["pkg:generic/python@3.11.4"]);
    }

    #[test]
    fn one_program_may_be_two_products() {
        let bytes = b"\x005.7.1-ndb-7.6.2\x00";
        assert_eq!(
            says("usr/sbin/mysqld", bytes),
            [
                "pkg:generic/mysql-server@5.7.1",
                "pkg:generic/mysql-cluster@7.6.2"
            ]
        );
    }
}
