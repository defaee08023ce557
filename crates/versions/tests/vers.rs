//! `vers:` ranges and the ecosystems' own notations, beyond what the published suite asks.

use versions::{Vers, VersError};

fn native(kind: &str, range: &str, expected: &str) {
    let given = Vers::from_native(kind, range).map(|vers| vers.to_string());
    assert_eq!(given.as_deref(), Ok(expected), "{kind} {range}");
}

#[test]
fn native_notations_become_ranges() {
    native(
        "npm",
        "^1.2.3 || ~2.0 || 3.x",
        "vers:npm/>=1.2.3|<2.0.0|>=2.0.0|<2.1.0|>=3.0.0|<4.0.0",
    );
    native("npm", "1.0.0 - 2.1", "vers:npm/>=1.0.0|<2.2.0");
    native("npm", "^0.0.3", "vers:npm/>=0.0.3|<0.0.4");
    native("cargo", "1.2", "vers:cargo/>=1.2.0|<2.0.0");
    native(
        "cargo",
        "~1.2.3, !=1.2.5",
        "vers:cargo/>=1.2.3|!=1.2.5|<1.3.0",
    );
    native("cargo", "0.3.*", "vers:cargo/>=0.3.0|<0.4.0");
    native("pypi", "~=2.2, !=2.3", "vers:pypi/>=2.2|!=2.3|<3");
    native("pypi", "==3.1.*", "vers:pypi/>=3.1|<3.2");
    native("gem", "~> 2.0, >= 2.0.8", "vers:gem/>=2.0|>=2.0.8|<3");
    native(
        "composer",
        "^1.2 || ~3.4.5@dev",
        "vers:composer/>=1.2|<2|>=3.4.5|<3.5",
    );
    native("maven", "[1.0,2.0),(3.0,)", "vers:maven/>=1.0|<2.0|>3.0");
    native("nuget", "1.0", "vers:nuget/>=1.0");
    native("nuget", "[1.5]", "vers:nuget/1.5");
    native("deb", "(= 1.0)".trim_matches(['(', ')']), "vers:deb/1.0");
    native("deb", "<< 2:1.0-1", "vers:deb/<2:1.0-1");
}

#[test]
fn what_is_no_range_is_an_error() {
    for (kind, range) in [
        ("npm", "^"),
        ("npm", "^a.b"),
        ("nuget", "[1.0"),
        ("maven", "[1.0)"),
        ("pypi", "~=1"),
        ("deb", ">="),
        ("gem", "~>"),
    ] {
        assert!(
            matches!(
                Vers::from_native(kind, range),
                Err(VersError::Native { .. })
            ),
            "{kind} {range}"
        );
    }
    assert!(matches!(
        Vers::parse("vers:invalid/1"),
        Err(VersError::Kind(_))
    ));
    assert!(matches!(Vers::parse("npm/1"), Err(VersError::Prefix)));
}

#[test]
fn redundant_constraints_mean_the_wider() {
    let contains =
        |range: &str, version: &str| Vers::parse_lenient(range).unwrap().contains(version);
    assert!(contains("vers:npm/<1.0.0|<2.0.0", "1.0.0"));
    assert!(contains("vers:npm/>1.0.0|>2.0.0", "2.0.0"));
    assert!(!contains("vers:npm/<2.0.0|>2.0.0", "2.0.0"));
    assert!(!contains("vers:npm/>1.0.0|<2.0.0", "2.0.0"));
    assert!(contains("vers:npm/!=2.0.0", "1.0.0"));
    assert!(!contains("vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.5.0"));
    assert!(contains("vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.6.0"));
}

#[test]
fn signs_in_versions_are_encoded() {
    let vers = Vers::parse("vers:generic/1%3E2%257C").unwrap();
    assert_eq!(vers.constraints[0].version, "1>2%7C");
    assert_eq!(vers.to_string(), "vers:generic/1%3E2%257C");
}

#[test]
fn a_range_of_a_type_that_cannot_be_is_refused() {
    for kind in ["1.0-rc1", "", "np m", "invalid"] {
        let found = Vers::from_native(kind, "1.0.ga");
        assert_eq!(found, Err(VersError::Kind(kind.to_owned())));
    }
}
