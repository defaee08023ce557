//! Texts of builds; whole programs are compared with what Go says of them elsewhere.

use super::build_info::{BuildInfo, find};
use super::told;
use crate::language::testing::tree;

#[test]
fn replaced_modules_are_the_others() {
    let info = BuildInfo {
        go: "go1.22.1".to_owned(),
        modules: "path\texample.org/a/cmd\nmod\texample.org/a\tv1.0.0\th1:0=\n\
dep\texample.org/B\tv1.1.0\th1:0=\ndep\texample.org/c\tv1.2.0\n=>\texample.net/c\tv1.2.1\th1:0=\n\
dep\town\t(devel)\ndep\texample.org/d\tv0.0.0\n=>\t./d\t(devel)\t\nbuild\tCGO_ENABLED=0\n"
            .to_owned(),
    };
    assert_eq!(
        tree(&told(&info)),
        "pkg:golang/example.org/a@v1.0.0 root -> stdlib@v1.22.1 B@v1.1.0 c@v1.2.1 own@ d@\n\
         pkg:golang/stdlib@v1.22.1 direct\n\
         pkg:golang/example.org/B@v1.1.0\n\
         pkg:golang/example.net/c@v1.2.1\n\
         pkg:golang/own\n\
         pkg:golang/example.org/d\n"
    );
}

#[test]
fn what_is_no_program_says_nothing() {
    assert_eq!(find(b"\xff Go buildinf:\x08\x02"), None);
    assert_eq!(find(b"\x7fELF\x02\x01\x01"), None);
}
