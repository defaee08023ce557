//! Properties of every order, and agreement with naive ones.

use std::cmp::Ordering;

use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use super::{compare, key};
use crate::scheme::Scheme;

/// Versions of a few parts that collide often, in every scheme's notation.
fn version() -> impl Strategy<Value = String> {
    const PARTS: [&str; 34] = [
        "0",
        "1",
        "2",
        "10",
        "01",
        "00",
        ".",
        ".",
        ".",
        "-",
        "-",
        "~",
        "+",
        "_",
        "^",
        ":",
        "a",
        "b",
        "rc",
        "alpha",
        "beta",
        "p",
        "-r",
        "sp",
        "ga",
        "v",
        "dev",
        "post",
        "!",
        "pre",
        "_p",
        "#",
        "99999999999999999999",
        "é",
    ];
    proptest::collection::vec(select(&PARTS[..]), 0..7).prop_map(|parts| parts.concat())
}

fn scheme() -> impl Strategy<Value = Scheme> {
    select(Scheme::all().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]

    #[test]
    fn keys_have_the_order_of_the_versions(scheme in scheme(), a in version(), b in version()) {
        if let (Some(x), Some(y)) = (key(scheme, &a), key(scheme, &b)) {
            prop_assert_eq!(x.cmp(&y), compare(scheme, &a, &b), "{:?} {} {}", scheme, a, b);
        }
    }

    #[test]
    fn turning_the_two_turns_the_order(scheme in scheme(), a in version(), b in version()) {
        prop_assert_eq!(compare(scheme, &a, &b), compare(scheme, &b, &a).reverse());
        prop_assert_eq!(compare(scheme, &a, &a), Ordering::Equal);
    }

    #[test]
    fn any_text_has_a_place(scheme in scheme(), a: String, b: String) {
        let order = compare(scheme, &a, &b);
        if let (Some(x), Some(y)) = (key(scheme, &a), key(scheme, &b)) {
            prop_assert_eq!(x.cmp(&y), order);
        }
    }

    #[test]
    fn a_naive_dpkg_agrees(a in "[0-9a-c.~+]{0,8}", b in "[0-9a-c.~+]{0,8}") {
        prop_assert_eq!(compare(Scheme::Deb, &a, &b), naive::deb(a.as_bytes(), b.as_bytes()));
    }

    #[test]
    fn a_naive_rpm_agrees(a in "[0-9a-c.~^_]{0,8}", b in "[0-9a-c.~^_]{0,8}") {
        prop_assert_eq!(compare(Scheme::Rpm, &a, &b), naive::rpm(a.as_bytes(), b.as_bytes()));
    }

    #[test]
    fn a_naive_gem_agrees(a in "[01](\\.[0-2ab]){0,5}", b in "[01](\\.[0-2ab]){0,5}") {
        prop_assert_eq!(compare(Scheme::Gem, &a, &b), naive::gem(&a, &b));
    }

    #[test]
    fn a_naive_semver_agrees(a in "[0-2]\\.[0-2]\\.[0-2](-[0-2ab](\\.[0-9ab]{1,2}){0,2})?", b in "[0-2]\\.[0-2]\\.[0-2](-[0-2ab](\\.[0-9ab]{1,2}){0,2})?") {
        prop_assert_eq!(compare(Scheme::Semver, &a, &b), naive::semver(&a, &b));
    }

    #[test]
    fn long_versions_are_no_trouble(scheme in scheme(), part in version(), times in 0_usize..3000) {
        let long = part.repeat(times);
        prop_assert!(compare(scheme, &long, &long).is_eq());
    }
}

/// Orders written as the specifications read, for the few that are short.
mod naive {
    use std::cmp::Ordering;

    /// Debian policy 5.6.12: the initial non-digits, then the initial digits, and again.
    pub(super) fn deb(mut a: &[u8], mut b: &[u8]) -> Ordering {
        let weight = |byte: Option<&u8>| match byte {
            Some(b'~') => -1,
            Some(b) if b.is_ascii_digit() => 0,
            None => 0,
            Some(b) if b.is_ascii_alphabetic() => i32::from(*b),
            Some(b) => i32::from(*b) + 256,
        };
        while !a.is_empty() || !b.is_empty() {
            while a.first().is_some_and(|x| !x.is_ascii_digit())
                || b.first().is_some_and(|x| !x.is_ascii_digit())
            {
                let order = weight(a.first()).cmp(&weight(b.first()));
                if order.is_ne() {
                    return order;
                }
                a = &a[1..];
                b = &b[1..];
            }
            let order = digits(&mut a).cmp(&digits(&mut b));
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    fn digits(text: &mut &[u8]) -> u64 {
        let mut value = 0;
        while let Some(d) = text.first().filter(|d| d.is_ascii_digit()) {
            value = value * 10 + u64::from(d - b'0');
            *text = &text[1..];
        }
        value
    }

    /// The steps of `rpmvercmp` in RPM's documentation.
    pub(super) fn rpm(mut a: &[u8], mut b: &[u8]) -> Ordering {
        let skip = |text: &mut &[u8]| {
            while text
                .first()
                .is_some_and(|x| !x.is_ascii_alphanumeric() && *x != b'~' && *x != b'^')
            {
                *text = &text[1..];
            }
        };
        loop {
            skip(&mut a);
            skip(&mut b);
            match (a.first(), b.first()) {
                (None, None) => return Ordering::Equal,
                (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => {
                    a = &a[1..];
                    b = &b[1..];
                }
                (Some(b'~'), _) => return Ordering::Less,
                (_, Some(b'~')) => return Ordering::Greater,
                (Some(b'^'), other) => {
                    return if other.is_none() {
                        Ordering::Greater
                    } else {
                        Ordering::Less
                    };
                }
                (other, Some(b'^')) => {
                    return if other.is_none() {
                        Ordering::Less
                    } else {
                        Ordering::Greater
                    };
                }
                (None, _) => return Ordering::Less,
                (_, None) => return Ordering::Greater,
                (Some(x), Some(y)) if x.is_ascii_digit() != y.is_ascii_digit() => {
                    return if x.is_ascii_digit() {
                        Ordering::Greater
                    } else {
                        Ordering::Less
                    };
                }
                (Some(x), _) if x.is_ascii_digit() => {
                    let order = digits(&mut a).cmp(&digits(&mut b));
                    if order.is_ne() {
                        return order;
                    }
                }
                _ => {
                    let letters = |text: &mut &[u8]| {
                        let end = text
                            .iter()
                            .position(|x| !x.is_ascii_alphabetic())
                            .unwrap_or(text.len());
                        let run = text[..end].to_vec();
                        *text = &text[end..];
                        run
                    };
                    let order = letters(&mut a).cmp(&letters(&mut b));
                    if order.is_ne() {
                        return order;
                    }
                }
            }
        }
    }

    /// Ruby's documentation: segments, zero where there is none, words before numbers.
    pub(super) fn gem(a: &str, b: &str) -> Ordering {
        let canonical = |text: &str| {
            let parts: Vec<String> = text.split('.').map(str::to_owned).collect();
            let words = parts
                .iter()
                .position(|p| p.parse::<u64>().is_err())
                .unwrap_or(parts.len());
            let trim = |parts: &[String]| {
                let end = parts
                    .iter()
                    .rposition(|p| p != "0")
                    .map_or(0, |last| last + 1);
                parts[..end].to_vec()
            };
            [trim(&parts[..words]), trim(&parts[words..])].concat()
        };
        let (a, b) = (canonical(a), canonical(b));
        for index in 0..a.len().max(b.len()) {
            let (x, y) = (
                a.get(index).map_or("0", String::as_str),
                b.get(index).map_or("0", String::as_str),
            );
            let order = match (x.parse::<u64>(), y.parse::<u64>()) {
                (Ok(x), Ok(y)) => x.cmp(&y),
                (Ok(_), Err(_)) => Ordering::Greater,
                (Err(_), Ok(_)) => Ordering::Less,
                _ => x.cmp(y),
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    /// Semantic Versioning 2.0, section 11.
    pub(super) fn semver(a: &str, b: &str) -> Ordering {
        let parse = |text: &str| {
            let (core, pre) = text
                .split_once('-')
                .map_or((text, None), |(core, pre)| (core, Some(pre.to_owned())));
            (
                core.split('.')
                    .map(|n| n.parse::<u64>().unwrap())
                    .collect::<Vec<_>>(),
                pre,
            )
        };
        let ((a, a_pre), (b, b_pre)) = (parse(a), parse(b));
        a.cmp(&b).then_with(|| match (a_pre, b_pre) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(a), Some(b)) => {
                let (mut a, mut b) = (a.split('.'), b.split('.'));
                loop {
                    let order = match (a.next(), b.next()) {
                        (None, None) => return Ordering::Equal,
                        (None, _) => Ordering::Less,
                        (_, None) => Ordering::Greater,
                        (Some(x), Some(y)) => match (x.parse::<u64>(), y.parse::<u64>()) {
                            (Ok(x), Ok(y)) => x.cmp(&y),
                            (Ok(_), Err(_)) => Ordering::Less,
                            (Err(_), Ok(_)) => Ordering::Greater,
                            _ => x.cmp(y),
                        },
                    };
                    if order.is_ne() {
                        return order;
                    }
                }
            }
        })
    }
}

#[test]
fn pseudo_versions_and_toolchains_of_go() {
    let less = [
        ("go1.21rc2", "go1.21.0"),
        ("go1.20.14", "1.21.0-rc.2"),
        (
            "v0.0.0-20190101000000-abcdef123456",
            "v0.0.0-20200101000000-000000000000",
        ),
        ("v2.0.0+incompatible", "v2.0.1"),
    ];
    for (a, b) in less {
        assert_eq!(compare(Scheme::Go, a, b), Ordering::Less, "{a} {b}");
    }
    assert_eq!(compare(Scheme::Go, "go1.21", "v1.21.0"), Ordering::Equal);
    assert_eq!(
        compare(Scheme::Go, "v2.0.0+incompatible", "2.0.0"),
        Ordering::Equal
    );
}

#[test]
fn what_a_scheme_refuses_comes_first() {
    for (scheme, bad, good) in [
        (Scheme::Pep440, "not a version", "0.dev0"),
        (Scheme::Gentoo, "latest", "0_alpha"),
        (Scheme::Datetime, "yesterday", "0001-01-01T00:00:00Z"),
        (Scheme::Semver, "latest", "0.0.0"),
    ] {
        assert_eq!(compare(scheme, bad, good), Ordering::Less, "{scheme:?}");
    }
}

#[test]
fn dates_before_1970_are_in_order() {
    let instants = [
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:00",
        "1970-01-01T00:00:00.5Z",
        "2024-03-01T00:00:00+13:00",
        "2024-02-29T12:00:00Z",
    ];
    assert!(instants.is_sorted_by(|a, b| compare(Scheme::Datetime, a, b).is_le()));
    assert_eq!(
        compare(Scheme::Datetime, "2024-02-29T11:00:00Z", instants[3]),
        Ordering::Equal
    );
}
