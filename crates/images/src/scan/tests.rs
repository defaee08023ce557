//! Images in every form that they are kept in, whole and damaged.

use std::path::Path;

use model::ProblemKind;
use tempfile::TempDir;

use super::{Options, Scan, scan_folder, scan_image};
use crate::layer::Limits;
use crate::source::{Choice, ImageError, Source};
use crate::testing::{Packing, READERS, archive, digest, file, layer, layout, packed, saved};

pub(super) fn options(cache: Option<&Path>) -> Options<'_> {
    Options {
        readers: READERS,
        cache,
        limits: Limits::default(),
        threads: 2,
    }
}

pub(super) fn layers() -> Vec<Vec<u8>> {
    vec![
        layer(&[
            file("etc/os.pkg", "pkg:apk/base@1\nlib/owned.pkg"),
            file("lib/owned.pkg", "pkg:npm/owned@1"),
            file("gone.pkg", "pkg:npm/gone@1"),
        ]),
        layer(&[file(".wh.gone.pkg", ""), file("app/a.pkg", "pkg:npm/app@2")]),
    ]
}

pub(super) fn purls(scan: &Scan) -> Vec<&str> {
    scan.packages
        .iter()
        .map(|package| package.purl.as_str())
        .collect()
}

fn messages(scan: &Scan) -> Vec<&str> {
    scan.problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect()
}

/// A temporary folder with a file in it.
fn written(bytes: &[u8]) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    fs_err::write(&path, bytes).unwrap();
    (folder, path)
}

fn scan_bytes(bytes: &[u8]) -> Result<Scan, ImageError> {
    let (_folder, path) = written(bytes);
    scan_image(Source::Path(&path), &Choice::default(), &options(None))
}

#[test]
fn every_form_gives_the_same_packages() {
    let layers = layers();
    let image: [(&str, &[Vec<u8>]); 1] = [("linux/amd64", &layers)];
    let mut forms = vec![archive(&saved(&layers))];
    for packing in [Packing::Plain, Packing::Gzip, Packing::Zstd] {
        forms.push(archive(&layout(&image, packing)));
    }
    for form in &forms {
        for form in [
            form.clone(),
            packed(form, Packing::Gzip),
            packed(form, Packing::Zstd),
        ] {
            let scan = scan_bytes(&form).unwrap();
            assert_eq!(purls(&scan), ["pkg:npm/app@2", "pkg:apk/base@1"]);
            assert_eq!(messages(&scan), [""; 0]);
            let layer = scan.packages[0].layer.as_deref();
            assert_eq!(layer, Some(digest(&layers[1]).as_str()));
            let info = scan.image.unwrap();
            assert_eq!(info.platform.to_string(), "linux/amd64");
            assert_eq!(info.layers.len(), 2);
        }
    }
}

#[test]
fn a_folder_is_a_layout_or_a_tree() {
    let layers = layers();
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in layout(&[("linux/arm64", &layers)], Packing::Gzip) {
        let path = folder.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, bytes).unwrap();
    }
    let scan = scan_image(
        Source::Path(folder.path()),
        &Choice::default(),
        &options(None),
    )
    .unwrap();
    assert_eq!(purls(&scan), ["pkg:npm/app@2", "pkg:apk/base@1"]);
    let info = scan.image.unwrap();
    assert_eq!(
        info.layers
            .iter()
            .map(|layer| layer.is_base)
            .collect::<Vec<_>>(),
        [true, false]
    );

    let root = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(root.path().join("usr/lib")).unwrap();
    fs_err::write(root.path().join("usr/lib/owned.pkg"), "pkg:npm/owned@1").unwrap();
    fs_err::write(
        root.path().join("base.pkg"),
        "pkg:apk/base@1\nlib/owned.pkg",
    )
    .unwrap();
    fs_err::write(root.path().join("bad.pkg"), "nothing").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("usr/lib", root.path().join("lib")).unwrap();
    let scan = scan_folder(root.path(), &options(None)).unwrap();
    assert_eq!(purls(&scan), ["pkg:apk/base@1"]);
    assert_eq!(
        (scan.problems[0].file.as_str(), scan.problems[0].kind),
        ("bad.pkg", ProblemKind::PackageFile)
    );
    assert!(scan_folder(&root.path().join("none"), &options(None)).is_err());
}

#[test]
fn the_platform_chooses() {
    let one = [layer(&[file("a.pkg", "pkg:npm/one@1")])];
    let two = [layer(&[file("a.pkg", "pkg:npm/two@1")])];
    let (_folder, path) = written(&archive(&layout(
        &[("linux/amd64", &one), ("linux/s390x", &two)],
        Packing::Plain,
    )));
    let ask = |platform: &str| {
        let choice = Choice {
            platform: Some(platform.parse().unwrap()),
            name: None,
        };
        scan_image(Source::Path(&path), &choice, &options(None))
    };
    assert_eq!(purls(&ask("linux/s390x").unwrap()), ["pkg:npm/two@1"]);
    let error = ask("linux/arm64").unwrap_err().to_string();
    assert_eq!(
        error,
        "there is no image for linux/arm64; there are linux/amd64, linux/s390x"
    );
}

#[test]
fn damage_is_told_at_its_layer_and_the_rest_is_read() {
    let layers = layers();
    let image: [(&str, &[Vec<u8>]); 1] = [("linux/amd64", &layers)];
    let mut files = layout(&image, Packing::Gzip);
    // The blobs are the configuration, the layers and the manifest.
    let cut = files[3].1.len() / 2;
    files[3].1.truncate(cut);
    let scan = scan_bytes(&archive(&files)).unwrap();
    assert_eq!(purls(&scan), ["pkg:apk/base@1", "pkg:npm/gone@1"]);
    assert_eq!(scan.problems[0].kind, ProblemKind::Layer);
    assert!(
        messages(&scan)[0].starts_with("layer 2 (sha256:"),
        "{:?}",
        messages(&scan)
    );
    assert!(
        messages(&scan)[0].ends_with("it ends in the middle"),
        "{:?}",
        messages(&scan)
    );

    let mut files = layout(&image, Packing::Plain);
    files[2].1[600] ^= 1;
    let scan = scan_bytes(&archive(&files)).unwrap();
    assert!(
        messages(&scan)[0].contains("its digest is sha256:"),
        "{:?}",
        messages(&scan)
    );

    let mut files = saved(&layers);
    files[0].1[150] = b'x';
    let scan = scan_bytes(&archive(&files)).unwrap();
    assert!(
        messages(&scan)[0].ends_with("the tar header before byte 512 is damaged"),
        "{:?}",
        messages(&scan)
    );

    let mut files = saved(&layers);
    files[0].1[600] ^= 1;
    let scan = scan_bytes(&archive(&files)).unwrap();
    assert!(
        messages(&scan)[0].contains("its digest is sha256:"),
        "{:?}",
        messages(&scan)
    );

    let mut files = layout(&image, Packing::Gzip);
    files.remove(2);
    let scan = scan_bytes(&archive(&files)).unwrap();
    assert!(
        messages(&scan)[0].contains("is missing"),
        "{:?}",
        messages(&scan)
    );

    let mut files = layout(&image, Packing::Gzip);
    files[4].1.push(b' ');
    let error = scan_bytes(&archive(&files)).unwrap_err().to_string();
    assert!(error.contains("its content has another digest"), "{error}");
}

#[test]
fn what_is_no_image_is_an_error() {
    assert!(matches!(scan_bytes(b""), Err(ImageError::NoImage)));
    assert!(scan_bytes(&[7; 4096]).is_err());
    let index = br#"{"schemaVersion": 2, "manifests": []}"#.to_vec();
    let empty = archive(&[("index.json".to_owned(), index)]);
    assert!(matches!(scan_bytes(&empty), Err(ImageError::NoManifest)));
    let artifact = br#"{"schemaVersion": 2, "manifests": [{"digest": "sha256:1"}]}"#.to_vec();
    let error = scan_bytes(&archive(&[("index.json".to_owned(), artifact)])).unwrap_err();
    assert_eq!(error.to_string(), "index.json: 'sha256:1' is no digest");
}

#[test]
fn hostile_layers_end_in_problems() {
    let escape = |path: &str| {
        let mut header = tar::Header::new_old();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(0);
        header.set_cksum();
        header.as_bytes().to_vec()
    };
    let bytes = [
        escape("../../etc/x.pkg"),
        layer(&[file("a.pkg", "pkg:npm/a@1")]),
    ]
    .concat();
    let scan = scan_bytes(&archive(&saved(&[bytes]))).unwrap();
    assert_eq!(purls(&scan), ["pkg:npm/a@1"]);
    assert_eq!(scan.problems[0].file, "../../etc/x.pkg");
    assert!(
        messages(&scan)[0].starts_with("its path leaves the root"),
        "{:?}",
        messages(&scan)
    );

    let bomb = packed(&vec![0; 4 << 20], Packing::Gzip);
    let large = layer(&[
        file("a.pkg", &"x".repeat(5000)),
        file("b.pkg", "pkg:npm/b@1"),
    ]);
    let mut narrow = options(None);
    narrow.limits.layer_bytes = 1 << 20;
    narrow.limits.file_bytes = 4096;
    let mut files = saved(&[vec![0; 4 << 20], large]);
    files[0].1 = bomb;
    let (_folder, path) = written(&archive(&files));
    let scan = scan_image(Source::Path(&path), &Choice::default(), &narrow).unwrap();
    assert_eq!(purls(&scan), ["pkg:npm/b@1"]);
    assert!(
        messages(&scan)[0].contains("it has 5000 bytes")
            || messages(&scan)[1].contains("it has 5000 bytes")
    );
    assert!(
        messages(&scan)
            .iter()
            .any(|message| message.contains("unpacks to more than 1048576 bytes")),
        "{:?}",
        messages(&scan)
    );
}

/// A token that nobody has: put together here, so that it stands in no file.
fn token(letter: char) -> String {
    let random: String = (0..36_u32)
        .map(|number| char::from_digit((number * 7 + letter as u32) % 36, 36).unwrap())
        .collect();
    format!("ghp_{random}")
}

#[test]
fn credentials_are_found_in_every_layer() {
    let line = |letter| format!("# own\nTOKEN={}\n", token(letter));
    let layers = [
        layer(&[
            file(
                "etc/os.pkg",
                "pkg:apk/base@1\nusr/share/owned.conf\netc/gone.conf",
            ),
            file("usr/share/owned.conf", &line('a')),
            file("etc/gone.conf", "nothing"),
            file("root/.env", &line('b')),
            file("app/deploy.sh", &line('c')),
        ]),
        layer(&[file("root/.wh..env", ""), file("app/deploy.sh", &line('d'))]),
    ];
    let readers = [READERS, &[crate::credentials::READER]].concat();
    let (folder, path) = written(&archive(&layout(
        &[("linux/amd64", &layers)],
        Packing::Gzip,
    )));
    let cache = folder.path().join("cache");
    for cache in [None, Some(cache.as_path()), Some(cache.as_path())] {
        let options = Options {
            readers: &readers,
            ..options(cache)
        };
        let scan = scan_image(Source::Path(&path), &Choice::default(), &options).unwrap();
        let found: Vec<_> = scan
            .secrets
            .iter()
            .map(|it| (it.path.as_str(), it.line, it.is_hidden, it.shown.as_str()))
            .collect();
        let expected = [
            ("app/deploy.sh", 2, true, "TOKEN=********"),
            ("app/deploy.sh", 2, false, "TOKEN=********"),
            ("root/.env", 2, true, "TOKEN=********"),
        ];
        assert_eq!(found, expected);
        let names: Vec<_> = scan
            .image
            .unwrap()
            .layers
            .into_iter()
            .map(|layer| layer.digest)
            .collect();
        let of_layers: Vec<_> = scan
            .secrets
            .iter()
            .map(|it| it.layer.clone().unwrap())
            .collect();
        assert_eq!(
            of_layers,
            [&names[0], &names[1], &names[0]].map(Clone::clone)
        );
    }
    let tree = tempfile::tempdir().unwrap();
    fs_err::write(tree.path().join("deploy.sh"), line('e')).unwrap();
    let options = Options {
        readers: &readers,
        ..options(None)
    };
    let scan = scan_folder(tree.path(), &options).unwrap();
    let found: Vec<_> = scan
        .secrets
        .iter()
        .map(|it| (it.path.as_str(), it.column, it.is_hidden))
        .collect();
    assert_eq!(found, [("deploy.sh", 7, false)]);
}

#[test]
fn a_kept_layer_says_the_same() {
    let (folder, path) = written(&archive(&layout(
        &[("linux/amd64", &layers())],
        Packing::Gzip,
    )));
    let cache = folder.path().join("cache");
    let scan = || {
        scan_image(
            Source::Path(&path),
            &Choice::default(),
            &options(Some(&cache)),
        )
        .unwrap()
    };
    let first = scan();
    let kept: Vec<_> = walk(&cache);
    assert_eq!(kept.len(), 2);
    assert_eq!(scan().packages, first.packages);
    for file in &kept {
        fs_err::write(file, b"damaged").unwrap();
    }
    assert_eq!(scan().packages, first.packages);
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

proptest::proptest! {
    #[test]
    fn damaged_archives_never_panic(seed in 0_usize..4, changes in proptest::collection::vec((0_usize..1 << 20, proptest::prelude::any::<u8>()), 1..6), cut in 0_usize..1 << 20) {
        let layers = layers();
        let packing = [Packing::Plain, Packing::Gzip, Packing::Zstd, Packing::Plain][seed];
        let mut bytes = if seed == 3 { archive(&saved(&layers)) } else { archive(&layout(&[("linux/amd64", &layers)], packing)) };
        let length = bytes.len();
        for (at, value) in changes {
            bytes[at % length] = value;
        }
        bytes.truncate(length - cut % length / 4);
        let _ = scan_bytes(&bytes);
    }
}

#[test]
fn projects_of_a_folder_know_their_parents() {
    let root = TempDir::new().unwrap();
    let parent = "<project><groupId>g</groupId><artifactId>p</artifactId><version>1</version><modules><module>a</module></modules><properties><v>2.0</v></properties></project>";
    let module = "<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1</version></parent><artifactId>a</artifactId><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>${v}</version></dependency></dependencies></project>";
    fs_err::create_dir(root.path().join("a")).unwrap();
    fs_err::write(root.path().join("pom.xml"), parent).unwrap();
    fs_err::write(root.path().join("a/pom.xml"), module).unwrap();
    let options = Options {
        readers: packages::readers(),
        ..options(None)
    };
    let scan = scan_folder(root.path(), &options).unwrap();
    assert_eq!(
        purls(&scan),
        ["pkg:maven/g/a@1", "pkg:maven/g/b@2.0", "pkg:maven/g/p@1"]
    );
}
