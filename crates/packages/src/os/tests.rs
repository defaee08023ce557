//! What each package manager's files say, and what is damaged in them.

use super::{READERS, store_path};
use crate::os_release::OsRelease;
use crate::reader::{Entry, File, Told};

fn read(path: &str, text: &str) -> Told {
    let entry = Entry {
        path,
        size: text.len() as u64,
        is_executable: false,
    };
    let wanting: Vec<_> = READERS
        .iter()
        .filter(|reader| (reader.wants)(&entry))
        .collect();
    let [reader] = wanting.as_slice() else {
        panic!("{} readers want {path}", wanting.len());
    };
    let bytes = text.as_bytes();
    (reader.read)(&File { path, bytes }).unwrap()
}

fn purls(told: &Told) -> Vec<&str> {
    told.packages
        .iter()
        .map(|package| package.purl.as_str())
        .collect()
}

#[test]
fn apk() {
    let told = read(
        "lib/apk/db/installed",
        "C:Q1=\nP:libcrypto1.1\nV:1.1.1d-r2\nA:x86_64\nL:OpenSSL\no:openssl\nF:lib\nR:libcrypto.so.1.1\na:0:0:755\nF:\nF:etc/ssl\nR:openssl.cnf\n\n\nP:ko\nV:1\nR:ko\n\nP:broken\n",
    );
    assert_eq!(
        purls(&told),
        [
            "pkg:apk/libcrypto1.1@1.1.1d-r2?arch=x86_64&upstream=openssl",
            "pkg:apk/ko@1"
        ]
    );
    assert_eq!(told.packages[0].lines, [(1, 12)]);
    assert_eq!(told.packages[0].licenses, ["OpenSSL"]);
    assert_eq!(
        told.owned,
        ["lib/libcrypto.so.1.1", "etc/ssl/openssl.cnf", "ko"]
    );
    assert_eq!(told.damage.len(), 1);
    assert_eq!(told.damage[0].at, Some((19, 1)));
}

#[test]
fn dpkg() {
    let told = read(
        "var/lib/dpkg/status",
        "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl (3.0.11-1~deb12u1)\nVersion: 3.0.11-1~deb12u2\nDescription: a\n Version: no\n\n\
         Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\npackage: tar\nStatus: install ok half-configured\nversion: 1:1.34\nSource: tar\n\n\
         Package: nothing\nStatus: install ok installed\n",
    );
    assert_eq!(
        purls(&told),
        [
            "pkg:deb/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl%403.0.11-1~deb12u1",
            "pkg:deb/tar@1:1.34"
        ]
    );
    assert_eq!(told.packages[0].lines, [(1, 7)]);
    assert_eq!(told.damage[0].message, "package 'nothing' has no version");
    let told = read(
        "var/lib/dpkg/status.d/base",
        "Package: base-files\nVersion: 12.4\n",
    );
    assert_eq!(purls(&told), ["pkg:deb/base-files@12.4"]);
    let told = read(
        "var/lib/dpkg/status.d/base.md5sums",
        "d41d8cd98f00b204e9800998ecf8427e  usr/share/a b\n",
    );
    assert_eq!(told.owned, ["usr/share/a b"]);
    let told = read("var/lib/dpkg/info/tar.list", "/.\n/bin\n/bin/tar\n");
    assert_eq!(told.owned, ["bin", "bin/tar"]);
}

#[test]
fn opkg() {
    let told = read(
        "usr/lib/opkg/status",
        "Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: mips_24kc\n\nPackage: x\nStatus: deinstall user not-installed\n",
    );
    assert_eq!(purls(&told), ["pkg:opkg/busybox@1.36.1-1?arch=mips_24kc"]);
    let told = read(
        "usr/lib/opkg/info/busybox.list",
        "/bin/sh\t0777\tbusybox\n/bin/busybox\n",
    );
    assert_eq!(told.owned, ["bin/sh", "bin/busybox"]);
}

#[test]
fn alpm() {
    let told = read(
        "var/lib/pacman/local/openssl-3.1.1-1/desc",
        "%NAME%\nopenssl\n\n%VERSION%\n3.1.1-1\n\n%BASE%\nopenssl-base\n\n%ARCH%\nx86_64\n\n%LICENSE%\nApache\nMIT\n",
    );
    assert_eq!(
        purls(&told),
        ["pkg:alpm/openssl@3.1.1-1?arch=x86_64&upstream=openssl-base"]
    );
    assert_eq!(told.packages[0].licenses, ["Apache", "MIT"]);
    let told = read(
        "var/lib/pacman/local/openssl-3.1.1-1/files",
        "%FILES%\nusr/\nusr/bin/openssl\n\n%BACKUP%\netc/x\n",
    );
    assert_eq!(told.owned, ["usr/bin/openssl"]);
}

#[test]
fn portage() {
    let told = read(
        "var/db/pkg/app-text/docbook-xml-dtd-4.1.2-r7/CONTENTS",
        "dir /usr\nobj /usr/share/a b 0123456789abcdef 1600000000\nsym /usr/lib/x -> y 1600000000\n",
    );
    assert_eq!(
        purls(&told),
        ["pkg:ebuild/app-text/docbook-xml-dtd@4.1.2-r7"]
    );
    assert_eq!(told.owned, ["usr/share/a b", "usr/lib/x"]);
}

#[test]
fn nix() {
    let hash = "h0cnbmfcn93xm5dg2x27ixhag1cwndga";
    for (name, expected) in [
        (
            "glibc-2.34-210-bin",
            Some("pkg:nix/glibc@2.34-210?output=bin&outputhash="),
        ),
        (
            "python3.9-pip-21.1",
            Some("pkg:nix/python3.9-pip@21.1?outputhash="),
        ),
        ("bash-5.1.drv", None),
        ("source", None),
    ] {
        let path = format!("nix/store/{hash}-{name}/bin/x");
        let found = store_path(&path).map(|(folder, package)| {
            assert_eq!(folder, format!("nix/store/{hash}-{name}"));
            package.purl
        });
        assert_eq!(found, expected.map(|purl| format!("{purl}{hash}")));
    }
    assert!(store_path("nix/store/.links/abc").is_none());
}

#[test]
fn a_system_places_its_packages() {
    let mut package = read("lib/apk/db/installed", "P:a\nV:1\no:b\n")
        .packages
        .remove(0);
    let system = OsRelease {
        id: "alpine".to_owned(),
        version: "3.12.0".to_owned(),
        ..OsRelease::default()
    };
    system.place(&mut package);
    assert_eq!(
        package.purl,
        "pkg:apk/alpine/a@1?distro=alpine-3.12.0&upstream=b"
    );
}
