//! Order: which file decides for a scheme, and whether its keys are the order.

mod alpm;
mod apk;
mod conan;
mod datetime;
mod deb;
mod dotted;
mod gem;
mod generic;
mod gentoo;
mod maven;
mod nuget;
mod openssl;
mod packagist;
mod pep440;
mod rpm;
mod semver;

use std::cmp::Ordering;

use crate::bytes;
use crate::scheme::Scheme;

/// How two versions are ordered in an ecosystem.
///
/// For most schemes this is the order of their keys. Some native orders are none that keys could have: Maven's,
/// Conan's, `vercmp`'s and PHP's are not transitive in corners, and are followed into them.
pub fn compare(scheme: Scheme, a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim(), b.trim());
    match scheme {
        Scheme::Maven => maven::compare(a, b),
        Scheme::Conan => conan::compare(a, b),
        Scheme::Alpm => alpm::compare(a.as_bytes(), b.as_bytes()),
        Scheme::Packagist => packagist::compare(a.as_bytes(), b.as_bytes()),
        Scheme::Lexicographic => a.cmp(b),
        _ => {
            let (mut x, mut y) = (Vec::with_capacity(64), Vec::with_capacity(64));
            write(scheme, a, &mut x);
            write(scheme, b, &mut y);
            x.cmp(&y)
        }
    }
}

/// Bytes whose plain order is the order of the versions: `key(a) < key(b)` exactly when `a < b`.
///
/// `None` for the versions of which no bytes could say that (see [`compare`]).
pub fn key(scheme: Scheme, version: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(32);
    write(scheme, version.trim(), &mut out).then_some(out)
}

/// Appends the key; false if the version has none.
fn write(scheme: Scheme, version: &str, out: &mut Vec<u8>) -> bool {
    let text = version.as_bytes();
    match scheme {
        Scheme::Generic => generic::key(text, out),
        Scheme::Deb => deb::key(text, out),
        Scheme::Rpm => rpm::key(text, out),
        Scheme::Apk => apk::key(text, out),
        Scheme::Semver => semver::key(text, out),
        Scheme::Go => semver::go_key(text, out),
        Scheme::Pub => semver::pub_key(text, out),
        Scheme::Pep440 => pep440::key(version, out),
        Scheme::Gem => gem::key(text, out),
        Scheme::Nuget => nuget::key(text, out),
        Scheme::Dotted => dotted::key(text, out),
        Scheme::Gentoo => gentoo::key(text, out),
        Scheme::Openssl => openssl::key(text, out),
        Scheme::Datetime => datetime::key(text, out),
        Scheme::Lexicographic => bytes::text(out, text),
        Scheme::Packagist => return packagist::key(text, out),
        Scheme::Alpm => return alpm::key(text, out),
        Scheme::Conan => return conan::key(version, out),
        Scheme::Maven => return maven::key(version, out),
    }
    true
}

#[cfg(test)]
mod tests;
