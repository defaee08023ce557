//! The order of made-up versions as each ecosystem's own tool gives it: tables made by `data/make_tables.py`.

use std::cmp::Ordering;

use versions::{Scheme, compare, key};

fn check(schemes: &[Scheme], table: &str) {
    let mut wrong = Vec::new();
    for line in table.lines() {
        let [a, sign, b] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let expected = match sign {
            "<" => Ordering::Less,
            "=" => Ordering::Equal,
            _ => Ordering::Greater,
        };
        for &scheme in schemes {
            let order = compare(scheme, a, b);
            let keys = key(scheme, a).zip(key(scheme, b)).map(|(a, b)| a.cmp(&b));
            if order != expected || keys.is_some_and(|keys| keys != expected) {
                wrong.push(format!("{scheme:?}: {line}: {order:?}, keys {keys:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} are wrong:\n{}",
        wrong.len(),
        table.lines().count(),
        wrong.join("\n")
    );
}

macro_rules! tables {
    ($($test:ident: $schemes:expr, $file:literal;)*) => {$(
        #[test]
        fn $test() {
            check(&$schemes, include_str!(concat!("data/", $file, ".txt")));
        }
    )*};
}

tables! {
    dpkg_agrees: [Scheme::Deb], "deb";
    rpm_agrees: [Scheme::Rpm], "rpm";
    libalpm_agrees: [Scheme::Alpm], "alpm";
    php_agrees: [Scheme::Packagist], "packagist";
    ruby_agrees: [Scheme::Gem], "gem";
    npm_and_go_agree: [Scheme::Semver, Scheme::Go], "semver";
    packaging_agrees: [Scheme::Pep440], "pep440";
    maven_agrees: [Scheme::Maven], "maven";
    conan_agrees: [Scheme::Conan], "conan";
    portage_agrees: [Scheme::Gentoo], "gentoo";
}
