//! Images and trees that others made, with the packages that others found in them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Options, Scan, scan_folder, scan_image};
use crate::layer::Limits;
use crate::source::{Choice, Source};

/// The folder with the cases: of the variable, or beside the repository.
fn data() -> PathBuf {
    if let Some(folder) = std::env::var_os("VULNERABILITY_DATA") {
        return PathBuf::from(folder);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = [root.join("../shared/vuln"), root.join("../../shared/vuln")];
    let found = shared.into_iter().find(|folder| folder.is_dir());
    found.expect("the data lies in ../shared/vuln")
}

fn scan(input: &Path, kind: &str) -> Result<Scan, String> {
    let options = Options {
        readers: packages::readers(),
        cache: None,
        limits: Limits::default(),
        threads: 2,
    };
    if kind == "rootfs" {
        scan_folder(input, &options).map_err(|error| error.to_string())
    } else {
        scan_image(Source::Path(input), &Choice::default(), &options)
            .map_err(|error| error.to_string())
    }
}

/// Type, name, version, arch and source of each package.
type Rows = BTreeSet<[String; 4]>;

fn expected(case: &Value) -> Option<Rows> {
    let row = |package: &Value| {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        [text("type"), text("name"), text("version"), text("arch")]
    };
    let packages = case["packages"].as_array()?.iter();
    // What a package of the system owns is that package's.
    let own = packages.filter(|package| package["owned_by"].is_null());
    Some(own.map(row).collect())
}

fn found(scan: &Scan) -> Rows {
    let row = |package: &packages::Package| {
        let parsed = package.parsed.clone();
        let arch = parsed.qualifiers.get("arch").cloned().unwrap_or_default();
        [parsed.kind, parsed.name, parsed.version, arch]
    };
    scan.packages.iter().map(row).collect()
}

#[test]
#[ignore = "needs ../shared"]
fn images_hold_the_packages_that_peers_find() {
    let mut cases = 0;
    for entry in fs_err::read_dir(data().join("images")).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs_err::read(folder.join("expected.json")) else {
            continue;
        };
        cases += 1;
        let case: Value = serde_json::from_slice(&text).unwrap();
        let input = folder.join(case["input"].as_str().unwrap());
        let scan = scan(&input, case["kind"].as_str().unwrap());
        let (Some(expected), Ok(scan)) = (expected(&case), &scan) else {
            assert!(
                case["packages"].is_null() && scan.is_err(),
                "{}: {scan:?}",
                folder.display()
            );
            continue;
        };
        assert_eq!(found(scan), expected, "{}", folder.display());
        if let (Some(id), Some(release)) = (case["os"]["id"].as_str(), &scan.release) {
            assert_eq!(
                (id, &case["os"]["version"]),
                (release.id.as_str(), &Value::from(release.version.as_str()))
            );
        }
        if let (Some(expected), Some(image)) = (case["diffIds"].as_array(), &scan.image) {
            let layers = image
                .layers
                .iter()
                .map(|layer| Value::from(layer.digest.as_str()));
            assert_eq!(layers.collect::<Vec<_>>(), *expected);
            assert_eq!(Value::from(image.digest.as_str()), case["imageId"]);
        }
    }
    assert!(cases > 0);
}
