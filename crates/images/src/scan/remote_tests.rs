//! Images that come part by part, whole and damaged.

use std::io::{self, Read};
use std::sync::Mutex;

use super::tests::{layers, options, purls};
use super::{Scan, scan_image};
use crate::source::{Choice, ImageError, Remote, Source};
use crate::testing::{Packing, digest, layout};

/// A registry of one image.
struct Fake {
    blobs: Vec<(String, Vec<u8>)>,
    root: Vec<u8>,
    pinned: Option<String>,
    asked: Mutex<Vec<String>>,
}

impl Fake {
    fn new(platforms: &[&str], packing: Packing) -> Self {
        let layers = layers();
        let images: Vec<_> = platforms
            .iter()
            .map(|platform| (*platform, layers.as_slice()))
            .collect();
        let mut files = layout(&images, packing);
        let (_, root) = files.pop().unwrap();
        let blobs = files.into_iter().skip(1);
        let blobs =
            blobs.map(|(path, bytes)| (path.trim_start_matches("blobs/").replace('/', ":"), bytes));
        Self {
            blobs: blobs.collect(),
            root,
            pinned: None,
            asked: Mutex::default(),
        }
    }

    /// The digest of the first blob whose bytes are so.
    fn find(&self, is_it: impl Fn(&[u8]) -> bool) -> String {
        self.blobs
            .iter()
            .find(|(_, bytes)| is_it(bytes))
            .unwrap()
            .0
            .clone()
    }

    fn get(&self, digest: &str) -> io::Result<&[u8]> {
        self.asked.lock().unwrap().push(digest.to_owned());
        let found = self.blobs.iter().find(|(name, _)| name == digest);
        let (_, bytes) = found.ok_or(io::ErrorKind::NotFound)?;
        Ok(bytes)
    }

    fn scan(&self, platform: Option<&str>) -> Result<Scan, ImageError> {
        let choice = Choice {
            name: None,
            platform: platform.map(|platform| platform.parse().unwrap()),
        };
        scan_image(Source::Remote(self), &choice, &options(None))
    }

    /// Changes a text in the manifest of the only image, and the digests on the way to it.
    fn edit(&mut self, from: &str, to: &str) {
        let (name, bytes) = self.blobs.pop().unwrap();
        let edited = String::from_utf8(bytes)
            .unwrap()
            .replace(from, to)
            .into_bytes();
        let root = String::from_utf8(self.root.clone()).unwrap();
        let root = root.replace(&name, &digest(&edited));
        let start = root.find(r#""size":"#).unwrap() + 7;
        let end = start + root[start..].find(|c: char| !c.is_ascii_digit()).unwrap();
        self.root = format!("{}{}{}", &root[..start], edited.len(), &root[end..]).into_bytes();
        self.blobs.push((digest(&edited), edited));
    }
}

impl Remote for Fake {
    fn name(&self) -> String {
        "r.example/shop/web:1".to_owned()
    }

    fn digest(&self) -> Option<String> {
        self.pinned.clone()
    }

    fn manifest(&self, digest: Option<&str>, _most: u64) -> io::Result<Vec<u8>> {
        match digest {
            None => Ok(self.root.clone()),
            Some(digest) => self.get(digest).map(<[u8]>::to_vec),
        }
    }

    fn blob(&self, digest: &str, _size: u64) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.get(digest)?))
    }
}

const BOTH: &[&str] = &["linux/arm64", "linux/amd64"];

#[test]
fn an_image_elsewhere_has_the_packages_of_one_that_is_here() {
    for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
        let fake = Fake::new(BOTH, packing);
        let scan = fake.scan(Some("linux/arm64")).unwrap();
        assert_eq!(purls(&scan), ["pkg:npm/app@2", "pkg:apk/base@1"]);
        assert!(scan.problems.is_empty());
        let image = scan.image.unwrap();
        assert_eq!(image.names, ["r.example/shop/web:1"]);
        assert_eq!(image.platform.to_string(), "linux/arm64");
        // One manifest, one configuration, two layers.
        assert_eq!(fake.asked.lock().unwrap().len(), 4);
    }
}

#[test]
fn a_layer_that_is_kept_is_not_asked_for() {
    let cache = tempfile::tempdir().unwrap();
    let fake = Fake::new(&["linux/amd64"], Packing::Gzip);
    let scan = || {
        let options = options(Some(cache.path()));
        scan_image(Source::Remote(&fake), &Choice::default(), &options)
            .unwrap()
            .packages
    };
    assert_eq!(scan(), scan());
    assert_eq!(fake.asked.lock().unwrap().len(), 4 + 2);
}

type IsIt = fn(&[u8]) -> bool;

#[test]
fn nothing_is_told_of_an_image_that_is_not_what_its_digests_say() {
    let is_layer: IsIt = |bytes: &[u8]| bytes.starts_with(&[0x1f, 0x8b]);
    let is_config: IsIt = |bytes: &[u8]| bytes.starts_with(b"{\"os\"");
    let is_manifest: IsIt = |bytes: &[u8]| bytes.starts_with(b"{\"schemaVersion\"");
    let damage: [(IsIt, &str); 3] = [
        (is_layer, "its digest is"),
        (is_config, "another digest"),
        (is_manifest, "another digest"),
    ];
    for (is_it, expected) in damage {
        let mut fake = Fake::new(&["linux/amd64"], Packing::Gzip);
        let name = fake.find(is_it);
        let other = Fake::new(&["linux/s390x"], Packing::Gzip);
        let blob = fake
            .blobs
            .iter_mut()
            .find(|(digest, _)| *digest == name)
            .unwrap();
        // Of the same length, and well-formed.
        blob.1 = if is_layer(&blob.1) {
            damaged(&blob.1)
        } else {
            other
                .blobs
                .iter()
                .find(|(_, bytes)| is_it(bytes))
                .unwrap()
                .1
                .clone()
        };
        let error = fake.scan(None).unwrap_err();
        let chain = format!("{error}: {:?}", std::error::Error::source(&error));
        assert!(chain.contains(expected), "{chain}");
    }
}

/// The same content with another time in the header of gzip.
fn damaged(layer: &[u8]) -> Vec<u8> {
    let mut bytes = layer.to_vec();
    bytes[4] ^= 1;
    bytes
}

#[test]
fn a_layer_that_does_not_come_loses_the_image() {
    let mut fake = Fake::new(&["linux/amd64"], Packing::Gzip);
    let name = fake.find(|bytes| bytes.starts_with(&[0x1f, 0x8b]));
    fake.blobs.retain(|(digest, _)| *digest != name);
    let error = fake.scan(None).unwrap_err();
    assert!(
        matches!(error, ImageError::Layer { number: 1, .. }),
        "{error}"
    );
    let mut fake = Fake::new(&["linux/amd64"], Packing::Gzip);
    fake.blobs
        .iter_mut()
        .filter(|(digest, _)| *digest == name)
        .for_each(|(_, bytes)| bytes.truncate(100));
    let error = fake.scan(None).unwrap_err();
    assert!(
        matches!(error, ImageError::Layer { number: 1, .. }),
        "{error}"
    );
}

#[test]
fn what_is_pinned_must_come() {
    let mut fake = Fake::new(&["linux/amd64"], Packing::Plain);
    fake.pinned = Some(digest(&fake.root));
    fake.scan(None).unwrap();
    fake.pinned = Some(digest(b"other"));
    assert!(
        fake.scan(None)
            .unwrap_err()
            .to_string()
            .contains("another digest")
    );
    fake.pinned = Some("sha384:00".to_owned());
    assert!(
        fake.scan(None)
            .unwrap_err()
            .to_string()
            .contains("is no digest")
    );
}

#[test]
fn a_platform_that_is_not_there_names_those_that_are() {
    let error = Fake::new(BOTH, Packing::Plain)
        .scan(Some("linux/s390x"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no image for linux/s390x; there are linux/arm64, linux/amd64"
    );
    let error = Fake::new(&["linux/amd64"], Packing::Plain)
        .scan(Some("linux/s390x"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no image for linux/s390x; there are linux/amd64"
    );
    // The only one there is, whatever it is for.
    Fake::new(&["plan9/mips"], Packing::Plain)
        .scan(None)
        .unwrap();
}

#[test]
fn a_layer_out_of_reach_is_said_to_be_unread() {
    for (kind, message) in [
        (
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "registries do not keep layers of its kind (foreign), so it was not scanned",
        ),
        (
            "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            "it is encrypted, so it was not scanned",
        ),
    ] {
        let mut fake = Fake::new(&["linux/amd64"], Packing::Plain);
        fake.edit(
            "\"layers\":[{",
            &format!("\"layers\":[{{\"mediaType\":\"{kind}\","),
        );
        let scan = fake.scan(None).unwrap();
        assert_eq!(purls(&scan), ["pkg:npm/app@2"]);
        assert!(
            scan.problems[0].message.ends_with(message),
            "{}",
            scan.problems[0].message
        );
        assert_eq!(fake.asked.lock().unwrap().len(), 3);
    }
}

#[test]
fn an_artifact_is_no_image() {
    let mut fake = Fake::new(&["linux/amd64"], Packing::Plain);
    fake.edit(
        "\"config\":{",
        "\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",",
    );
    let error = fake.scan(None).unwrap_err().to_string();
    assert_eq!(
        error,
        "this is an artifact of the kind application/vnd.cncf.helm.config.v1+json, and no image"
    );
}
