//! Layers and images for tests.

use packages::{Package, ReadError, Reader, Told};
use versions::Purl;

/// Files named `*.pkg` hold a package URL; `owner.pkg` owns the paths of its further lines.
pub(crate) const READERS: &[Reader] = &[Reader {
    id: "apk",
    version: 1,
    wants: |entry| entry.extension() == Some("pkg"),
    read: |file| {
        let text = std::str::from_utf8(file.bytes).map_err(|_| ReadError::new("no text"))?;
        let mut lines = text.lines();
        let purl = lines.next().unwrap_or_default();
        let parsed = Purl::parse(purl).map_err(|error| ReadError::new(error.to_string()))?;
        Ok(Told {
            packages: vec![Package::new(parsed)],
            owned: lines.map(str::to_owned).collect(),
            ..Told::default()
        })
    },
}];

/// An entry of a layer.
#[derive(Debug, Clone)]
pub(crate) enum Put {
    File(String, String),
    Folder(String),
    Symlink(String, String),
    Hardlink(String, String),
}

pub(crate) fn file(path: &str, content: &str) -> Put {
    Put::File(path.to_owned(), content.to_owned())
}

/// A tar stream.
pub(crate) fn layer(entries: &[Put]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(0);
        match entry {
            Put::File(path, content) => {
                header.set_size(content.len() as u64);
                builder
                    .append_data(&mut header, path, content.as_bytes())
                    .unwrap();
            }
            Put::Folder(path) => {
                header.set_entry_type(tar::EntryType::Directory);
                builder
                    .append_data(&mut header, path, std::io::empty())
                    .unwrap();
            }
            Put::Symlink(path, target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                builder.append_link(&mut header, path, target).unwrap();
            }
            Put::Hardlink(path, target) => {
                header.set_entry_type(tar::EntryType::Link);
                builder.append_link(&mut header, path, target).unwrap();
            }
        }
    }
    builder.into_inner().unwrap()
}

/// `sha256:…` of bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut hasher = crate::digest::Hasher::default();
    hasher.update(bytes);
    hasher.finish().to_string()
}

/// How a layer of a layout is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

pub(crate) fn packed(bytes: &[u8], packing: Packing) -> Vec<u8> {
    match packing {
        Packing::Plain => bytes.to_vec(),
        Packing::Gzip => {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut encoder, bytes).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Zstd => zstd::encode_all(bytes, 1).unwrap(),
    }
}

/// The files of an OCI layout with one image for each platform.
pub(crate) fn layout(images: &[(&str, &[Vec<u8>])], packing: Packing) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(
        "oci-layout".to_owned(),
        br#"{"imageLayoutVersion": "1.0.0"}"#.to_vec(),
    )];
    let mut manifests = Vec::new();
    for (platform, layers) in images {
        let (os, architecture) = platform.split_once('/').unwrap();
        let diff_ids: Vec<String> = layers.iter().map(|layer| digest(layer)).collect();
        let config = serde_json::json!({"os": os, "architecture": architecture, "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": [{"created_by": "ADD base"}, {"created_by": "CMD [\"sh\"]", "empty_layer": true}, {"created_by": "RUN x"}]});
        let mut blob = |bytes: Vec<u8>| {
            let (digest, size) = (digest(&bytes), bytes.len());
            files.push((format!("blobs/{}", digest.replace(':', "/")), bytes));
            serde_json::json!({"digest": digest, "size": size})
        };
        let config = blob(config.to_string().into_bytes());
        let layers = layers.iter().map(|layer| blob(packed(layer, packing)));
        let layers: Vec<_> = layers.collect();
        let manifest = serde_json::json!({"schemaVersion": 2, "config": config, "layers": layers});
        let mut manifest = blob(manifest.to_string().into_bytes());
        manifest["platform"] = serde_json::json!({"os": os, "architecture": architecture});
        manifests.push(manifest);
    }
    let index = serde_json::json!({"schemaVersion": 2, "manifests": manifests});
    files.push(("index.json".to_owned(), index.to_string().into_bytes()));
    files
}

/// The files of what `docker save` wrote for many years.
pub(crate) fn saved(layers: &[Vec<u8>]) -> Vec<(String, Vec<u8>)> {
    let diff_ids: Vec<String> = layers.iter().map(|layer| digest(layer)).collect();
    let config = serde_json::json!({"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": diff_ids}}).to_string();
    let name = format!(
        "{}.json",
        digest(config.as_bytes()).trim_start_matches("sha256:")
    );
    let paths: Vec<String> = (0..layers.len())
        .map(|number| format!("{number}/layer.tar"))
        .collect();
    let manifest =
        serde_json::json!([{"Config": name, "RepoTags": ["shop/web:1"], "Layers": paths}]);
    let mut files: Vec<(String, Vec<u8>)> = paths.into_iter().zip(layers.iter().cloned()).collect();
    files.push((name, config.into_bytes()));
    files.push((
        "manifest.json".to_owned(),
        manifest.to_string().into_bytes(),
    ));
    files
}

/// An archive of files.
pub(crate) fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        builder
            .append_data(&mut header, path, bytes.as_slice())
            .unwrap();
    }
    builder.into_inner().unwrap()
}
