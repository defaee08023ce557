//! How fast versions compare and become keys.

use versions::{Scheme, compare, key};

fn main() {
    divan::main();
}

const PAIRS: [(Scheme, &str, &str); 6] = [
    (Scheme::Deb, "1:2.30.2-1+deb11u2", "1:2.30.2-1+deb11u3"),
    (Scheme::Rpm, "0:3.10.0-229.el7", "0:3.10.0-229.1.2.ael7b"),
    (Scheme::Apk, "1.2.3_alpha4-r5", "1.2.3_p1-r0"),
    (Scheme::Semver, "1.2.3-beta.1", "1.2.3"),
    (Scheme::Pep440, "1.2.3rc1.post2", "1.2.3.dev4"),
    (Scheme::Maven, "1.2.3-beta-4", "1.2.3.RELEASE"),
];

#[divan::bench(args = PAIRS)]
fn compare_two(bencher: divan::Bencher, (scheme, a, b): (Scheme, &str, &str)) {
    bencher.bench(|| compare(scheme, divan::black_box(a), divan::black_box(b)));
}

#[divan::bench(args = PAIRS)]
fn make_a_key(bencher: divan::Bencher, (scheme, a, _): (Scheme, &str, &str)) {
    bencher.bench(|| key(scheme, divan::black_box(a)));
}
