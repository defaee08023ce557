//! Databases that rpm itself wrote (`SQLite`), that Berkeley DB's tools made of the same headers in both byte orders, and an
//! NDB of them, give the same packages and files.

use super::READER;
use crate::reader::{File, ReadError, Told};

const SQLITE: &[u8] = include_bytes!("../../../tests/rpm/rpmdb.sqlite.zst");
const HASH: &[u8] = include_bytes!("../../../tests/rpm/Packages.zst");
const HASH_BIG_ENDIAN: &[u8] = include_bytes!("../../../tests/rpm/Packages.big.zst");

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    zstd::decode_all(bytes).unwrap()
}

fn read(path: &str, bytes: &[u8]) -> Result<Told, ReadError> {
    (READER.read)(&File { path, bytes })
}

fn sorted(mut told: Told) -> Told {
    told.packages.sort();
    told.owned.sort();
    told
}

/// The headers, found in the hash by the rows of the other database.
fn headers() -> Vec<Vec<u8>> {
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut bytes = unpacked(SQLITE);
    bytes[18..20].fill(1);
    connection
        .deserialize_read_exact(rusqlite::MAIN_DB, bytes.as_slice(), bytes.len(), true)
        .unwrap();
    let mut statement = connection.prepare("SELECT blob FROM Packages").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// An NDB of blobs: a page of slots, then the blobs in blocks of 16 bytes.
fn ndb(blobs: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"RpmP".to_vec();
    for number in [0_u32, 7, 1, 9] {
        file.extend(number.to_le_bytes());
    }
    file.resize(32, 0);
    let mut data = Vec::new();
    for (number, blob) in (1_u32..).zip(blobs) {
        let start = 4096 + data.len();
        let length = u32::try_from(blob.len()).unwrap();
        data.extend(b"BlbS");
        for part in [number, 7, length] {
            data.extend(part.to_le_bytes());
        }
        data.extend(blob);
        data.resize(data.len().next_multiple_of(16), 0);
        file.extend(b"Slot");
        let blocks = u32::try_from(start / 16).unwrap();
        for part in [number, blocks, length / 16 + 3] {
            file.extend(part.to_le_bytes());
        }
    }
    while file.len() < 4096 {
        file.extend(b"Slot");
        file.extend([0; 12]);
    }
    file.extend(data);
    file
}

#[test]
fn every_kind_of_database_says_the_same() {
    let sqlite = sorted(read("var/lib/rpm/rpmdb.sqlite", &unpacked(SQLITE)).unwrap());
    let purls: Vec<&str> = sqlite
        .packages
        .iter()
        .map(|package| package.purl.as_str())
        .collect();
    assert_eq!(
        purls,
        [
            "pkg:rpm/Other_Tool@0.1~rc1-1?arch=x86_64&upstream=Other_Tool-0.1~rc1-1.src.rpm",
            "pkg:rpm/demo-app-libs@1.4.0-3.el9?arch=noarch&epoch=2&upstream=demo-app-1.4.0-3.el9.src.rpm",
            "pkg:rpm/demo-app@1.4.0-3.el9?arch=noarch&epoch=2&upstream=demo-app-1.4.0-3.el9.src.rpm",
        ]
    );
    assert_eq!(sqlite.packages[2].licenses, ["MIT and Apache-2.0"]);
    assert!(
        sqlite
            .owned
            .contains(&"usr/lib/node_modules/left/package.json".to_owned())
    );
    assert_eq!(
        sqlite
            .owned
            .iter()
            .filter(|path| path.starts_with("opt/file-with"))
            .count(),
        120
    );
    assert_eq!(sqlite.damage, []);
    for (path, bytes) in [
        ("var/lib/rpm/Packages", unpacked(HASH)),
        ("var/lib/rpm/Packages", unpacked(HASH_BIG_ENDIAN)),
        ("usr/lib/sysimage/rpm/Packages.db", ndb(&headers())),
    ] {
        assert_eq!(sorted(read(path, &bytes).unwrap()), sqlite, "{path}");
    }
}

#[test]
fn damage_is_told_and_never_a_panic() {
    assert_eq!(read("var/lib/rpm/Packages", b"").unwrap(), Told::default());
    let error = read("var/lib/rpm/Packages", b"something else").unwrap_err();
    assert!(error.message.contains("no rpm database"), "{error}");
    for bytes in [unpacked(SQLITE), unpacked(HASH), ndb(&headers())] {
        let whole = read("var/lib/rpm/Packages", &bytes).unwrap().packages.len();
        for cut in 1..20 {
            let cut = bytes.len() * cut / 20;
            if let Ok(told) = read("var/lib/rpm/Packages", &bytes[..cut]) {
                assert!(
                    told.packages.len() == whole
                        || !told.damage.is_empty()
                        || told.packages.is_empty()
                );
            }
        }
        let mut random = 1_u64;
        for _ in 0..300 {
            let mut broken = bytes.clone();
            for _ in 0..4 {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(random >> 33).unwrap() % broken.len();
                broken[at] = random.to_le_bytes()[3];
            }
            let _ = read("var/lib/rpm/Packages", &broken);
        }
    }
}

#[test]
fn a_view_in_place_of_the_table_is_not_run() {
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    connection
        .execute_batch("CREATE VIEW Packages AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS blob FROM c")
        .unwrap();
    let bytes = connection.serialize(rusqlite::MAIN_DB).unwrap().to_vec();
    let error = read("var/lib/rpm/rpmdb.sqlite", &bytes).unwrap_err();
    assert!(error.message.contains("damaged"), "{error}");
}
