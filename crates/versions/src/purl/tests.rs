//! What is read is normalised, and prints as what reads the same.

use proptest::prelude::{prop_assert_eq, proptest};

use super::{Purl, PurlError};

#[test]
fn parts_are_decoded_and_normalised() {
    let purl =
        Purl::parse("pkg:PyPI/Django_package@1.11%2Blocal?Arch=x86&empty=#/a/./b%20c/").unwrap();
    assert_eq!(
        (
            purl.kind.as_str(),
            purl.name.as_str(),
            purl.version.as_str()
        ),
        ("pypi", "django-package", "1.11+local")
    );
    assert_eq!(purl.qualifiers.len(), 1);
    assert_eq!(purl.subpath, "a/b c");
    assert_eq!(
        purl.to_string(),
        "pkg:pypi/django-package@1.11%2Blocal?arch=x86#a/b%20c"
    );
}

#[test]
fn a_scope_is_no_version() {
    let purl = Purl::parse("pkg:npm/@babel/core").unwrap();
    assert_eq!(
        (
            purl.namespace.as_str(),
            purl.name.as_str(),
            purl.version.as_str()
        ),
        ("@babel", "core", "")
    );
}

#[test]
fn what_is_none_says_why() {
    for (text, error) in [
        ("npm/left-pad", PurlError::Scheme),
        ("pkg:npm", PurlError::Name),
        ("pkg:npm/", PurlError::Name),
        ("pkg:n&m/x", PurlError::Kind("n&m".into())),
        ("pkg:npm/a%2", PurlError::Encoding("a%2".into())),
        ("pkg:npm/a?b", PurlError::Qualifier("b".into())),
    ] {
        assert_eq!(Purl::parse(text), Err(error), "{text}");
    }
}

proptest! {
    #[test]
    fn what_prints_reads_back(text in "pkg:(npm|deb|pypi|git|golang|mlflow)/([@a-zA-Z%0-9._-]{1,4}/){0,3}[a-zA-Z@:0-9]{1,6}(\\?[a-zA-Z]=[a-z/%4:0]{0,6})?(#[a-z./]{0,6})?") {
        if let Ok(purl) = Purl::parse(&text) {
            prop_assert_eq!(Purl::parse(&purl.to_string()), Ok(purl));
        }
    }

    #[test]
    fn any_text_is_answered(text: String) {
        let _ = Purl::parse(&text);
        let _ = Purl::parse(&format!("pkg:{text}"));
    }
}
