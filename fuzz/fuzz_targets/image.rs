//! Any bytes as an image: the first byte says whether the others are an archive with one, or a layer of an image around it.
#![no_main]

use std::io::{self, Read};

use images::{Choice, Limits, Options, Remote, Source};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let wrapped = Wrapped::new(rest);
    let source = if first % 2 == 0 {
        Source::Stream(Box::new(rest))
    } else {
        Source::Remote(&wrapped)
    };
    let options = Options {
        readers: images::readers_with_secrets(),
        cache: None,
        // Small enough that a bomb is no slow input.
        limits: Limits {
            layer_bytes: 1 << 20,
            entries: 1000,
            file_bytes: 1 << 16,
            memory: 1 << 20,
            manifest_bytes: 1 << 16,
            layers: 8,
        },
        threads: 1,
    };
    if let Ok(scan) = images::scan_image(source, &Choice::default(), &options) {
        let count = scan.packages.len();
        for package in &scan.packages {
            assert!(package.needs.iter().all(|&need| (need as usize) < count));
        }
    }
});

/// A layer with a configuration and a manifest that name it rightly.
struct Wrapped<'d> {
    layer: &'d [u8],
    config: Vec<u8>,
    manifest: Vec<u8>,
}

impl<'d> Wrapped<'d> {
    fn new(layer: &'d [u8]) -> Self {
        let config = br#"{"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []}}"#;
        let manifest = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("application/vnd.oci.image.config.v1+json", config),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
        });
        Wrapped {
            layer,
            config: config.to_vec(),
            manifest: manifest.to_string().into_bytes(),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    let digits = Sha256::digest(bytes);
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

fn descriptor(kind: &str, bytes: &[u8]) -> serde_json::Value {
    serde_json::json!({ "mediaType": kind, "digest": digest(bytes), "size": bytes.len() })
}

impl Remote for Wrapped<'_> {
    fn name(&self) -> String {
        "fuzz".to_owned()
    }

    fn digest(&self) -> Option<String> {
        None
    }

    fn manifest(&self, _: Option<&str>, _: u64) -> io::Result<Vec<u8>> {
        Ok(self.manifest.clone())
    }

    fn blob(&self, wanted: &str, _: u64) -> io::Result<Box<dyn Read + '_>> {
        if wanted == digest(&self.config) {
            return Ok(Box::new(&self.config[..]));
        }
        Ok(Box::new(self.layer))
    }
}
