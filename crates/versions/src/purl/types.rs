//! What the types of package URLs say of their parts: the facts of the published type definitions.

use super::Purl;

/// Whether a type has a namespace.
#[derive(Clone, Copy, PartialEq)]
enum Namespace {
    Optional,
    Required,
    Prohibited,
}

use Namespace::{Optional, Prohibited, Required};

/// A type's namespace, and which parts are in lower case: `s`pace, `n`ame, `v`ersion.
const TYPES: [(&str, Namespace, &str); 41] = [
    ("alpm", Required, "sn"),
    ("apk", Required, "sn"),
    ("bazel", Prohibited, ""),
    ("bitbucket", Required, "sn"),
    ("bitnami", Prohibited, "n"),
    ("brew", Optional, "sn"),
    ("cargo", Prohibited, ""),
    ("chrome-extension", Prohibited, "n"),
    ("cocoapods", Prohibited, ""),
    ("composer", Required, "sn"),
    ("conan", Optional, ""),
    ("conda", Prohibited, ""),
    ("cpan", Optional, ""),
    ("cran", Prohibited, ""),
    ("deb", Required, "sn"),
    ("docker", Optional, ""),
    ("gem", Prohibited, ""),
    ("generic", Optional, ""),
    ("git", Required, ""),
    ("github", Required, "sn"),
    ("golang", Required, ""),
    ("hackage", Prohibited, ""),
    ("hex", Optional, "sn"),
    ("huggingface", Required, "v"),
    ("julia", Prohibited, ""),
    ("luarocks", Optional, "sn"),
    ("maven", Required, ""),
    ("mlflow", Prohibited, ""),
    ("npm", Optional, ""),
    ("nuget", Prohibited, ""),
    ("oci", Prohibited, "nv"),
    ("opam", Prohibited, ""),
    ("otp", Prohibited, "n"),
    ("pub", Prohibited, "n"),
    ("pypi", Prohibited, "nv"),
    ("qpkg", Required, "s"),
    ("rpm", Required, "s"),
    ("swid", Optional, ""),
    ("swift", Required, ""),
    ("vcpkg", Prohibited, ""),
    ("vscode-extension", Required, "snv"),
];

fn definition(kind: &str) -> (Namespace, &'static str) {
    match TYPES.binary_search_by_key(&kind, |(name, ..)| name) {
        Ok(index) => (TYPES[index].1, TYPES[index].2),
        Err(_) if kind == "yocto" => (Optional, "s"),
        Err(_) => (Optional, ""),
    }
}

/// Brings the parts to the form that the type wants; the type is in lower case already.
pub(super) fn normalise(purl: &mut Purl) {
    for part in definition(&purl.kind).1.chars() {
        match part {
            's' => purl.namespace.make_ascii_lowercase(),
            'n' => purl.name = purl.name.to_lowercase(),
            _ => purl.version.make_ascii_lowercase(),
        }
    }
    match purl.kind.as_str() {
        "pypi" => purl.name = purl.name.replace('_', "-"),
        "pub" => {
            purl.name = purl
                .name
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
        }
        "cpan" => purl.namespace.make_ascii_uppercase(),
        "git" => git(purl),
        // Databricks does not tell names apart by case, Azure ML does.
        "mlflow"
            if purl
                .qualifiers
                .get("repository_url")
                .is_some_and(|url| url.contains("databricks")) =>
        {
            purl.name.make_ascii_lowercase();
        }
        _ => {}
    }
}

/// The namespace is the host alone; some forges do not tell names apart by case.
fn git(purl: &mut Purl) {
    let whole = format!("{}/{}", purl.namespace, purl.name);
    if let Some((host, path)) = whole.split_once('/').filter(|(host, _)| !host.is_empty()) {
        (purl.namespace, purl.name) = (host.to_owned(), path.to_owned());
    }
    if purl.namespace.starts_with("github") || purl.namespace.starts_with("bitbucket") {
        purl.name.make_ascii_lowercase();
    }
}

/// What is against the definition of the type.
pub(super) fn problem(purl: &Purl) -> Option<&'static str> {
    match definition(&purl.kind).0 {
        Required if purl.namespace.is_empty() => return Some("needs a namespace"),
        Prohibited if !purl.namespace.is_empty() => return Some("has no namespace"),
        _ => {}
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match purl.kind.as_str() {
        "cpan" if purl.name.contains("::") => Some("has the name of a distribution, without '::'"),
        "julia" if !purl.qualifiers.contains_key("uuid") => Some("needs the qualifier uuid"),
        "swid" if !purl.qualifiers.contains_key("tag_id") => Some("needs the qualifier tag_id"),
        "chrome-extension"
            if purl.name.len() != 32 || !purl.name.bytes().all(|b| (b'a'..=b'p').contains(&b)) =>
        {
            Some("has a name of 32 letters from a to p")
        }
        "chrome-extension"
            if !purl.version.is_empty()
                && (purl.version.split('.').count() > 4
                    || !purl.version.split('.').all(is_digits)) =>
        {
            Some("has a version of one to four numbers")
        }
        _ => None,
    }
}
