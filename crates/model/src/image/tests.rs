//! References taken apart, refused, and put together again.

use proptest::prelude::*;

use super::{ImageRef, InvalidImage};

#[test]
fn references_are_taken_apart() {
    let check = |reference: &str, registry: &str, repository: &str, tag: &str, digest: &str| {
        let image = ImageRef::parse(reference).unwrap();
        let repository_seen = image.repository();
        let seen = (image.registry, &*repository_seen, image.tag, image.digest);
        assert_eq!(seen, (registry, repository, tag, digest), "{reference}");
        assert_eq!(
            image.name(),
            format!("{registry}/{repository}"),
            "{reference}"
        );
    };
    let digest = format!("sha256:{}", "a0".repeat(32));
    check("nginx", "docker.io", "library/nginx", "", "");
    check("nginx:1.27", "docker.io", "library/nginx", "1.27", "");
    check("bitnami/redis", "docker.io", "bitnami/redis", "", "");
    check("docker.io/nginx", "docker.io", "library/nginx", "", "");
    check(
        "index.docker.io/nginx:x",
        "docker.io",
        "library/nginx",
        "x",
        "",
    );
    check("localhost/a", "localhost", "a", "", "");
    check("localhost:5000/a/b:v1", "localhost:5000", "a/b", "v1", "");
    check("registry:5000/a", "registry:5000", "a", "", "");
    check("ghcr.io/a/b/c:1", "ghcr.io", "a/b/c", "1", "");
    check("Host/a", "Host", "a", "", "");
    check("[::1]:5000/a:t", "[::1]:5000", "a", "t", "");
    check("a--b_c.d__e", "docker.io", "library/a--b_c.d__e", "", "");
    check(
        &format!("a@{digest}"),
        "docker.io",
        "library/a",
        "",
        &digest,
    );
    check(
        &format!("a:t@{digest}"),
        "docker.io",
        "library/a",
        "t",
        &digest,
    );
}

#[test]
fn what_runtimes_refuse_is_refused() {
    let check = |reference: &str, expected: InvalidImage| {
        assert_eq!(ImageRef::parse(reference), Err(expected), "{reference}");
    };
    check("", InvalidImage::Empty);
    check(":tag", InvalidImage::Empty);
    check("Nginx", InvalidImage::Uppercase);
    check("a/B", InvalidImage::Uppercase);
    check("a b", InvalidImage::Repository);
    check("a//b", InvalidImage::Repository);
    check("a___b", InvalidImage::Repository);
    check("a..b/c", InvalidImage::Registry);
    check("-a", InvalidImage::Repository);
    check("a.", InvalidImage::Repository);
    check("${IMAGE}", InvalidImage::Uppercase);
    check("nginx:", InvalidImage::Tag);
    check("nginx:.x", InvalidImage::Tag);
    check("nginx:a:b", InvalidImage::Tag);
    check("nginx@", InvalidImage::Digest);
    check("nginx@sha256:abc", InvalidImage::Digest);
    check(
        &format!("nginx@md5:{}", "a0".repeat(16)),
        InvalidImage::Digest,
    );
    check(&"ab".repeat(32), InvalidImage::Repository);
    check(&"a".repeat(300), InvalidImage::TooLong);
    check(&format!("a:{}", "t".repeat(129)), InvalidImage::Tag);
}

#[test]
fn the_pull_policy_follows_the_tag() {
    let check = |reference: &str, expected: &str| {
        assert_eq!(
            ImageRef::default_pull_policy(reference),
            expected,
            "{reference}"
        );
    };
    let digest = format!("sha256:{}", "a0".repeat(32));
    check("nginx", "Always");
    check("nginx:latest", "Always");
    check("nginx:1", "IfNotPresent");
    check(&format!("nginx@{digest}"), "IfNotPresent");
    check(&format!("nginx:latest@{digest}"), "Always");
    check("NGINX", "IfNotPresent");
}

proptest! {
    #[test]
    fn parts_make_up_the_reference(
        registry in prop::option::of("[a-z]{1,5}\\.[a-z]{2,3}(:[0-9]{1,4})?"),
        path in "[a-z0-9]{1,6}(/[a-z0-9]{1,6}([._-][a-z0-9]{1,3})?){0,2}",
        tag in prop::option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}"),
        digest in prop::option::of("sha256:[a-f0-9]{64}"),
    ) {
        let mut reference = registry.as_ref().map_or(String::new(), |registry| format!("{registry}/"));
        reference += &path;
        if let Some(tag) = &tag {
            reference += &format!(":{tag}");
        }
        if let Some(digest) = &digest {
            reference += &format!("@{digest}");
        }
        prop_assume!(!path.starts_with("localhost/") && path.len() != 64);
        let image = ImageRef::parse(&reference).unwrap();
        prop_assert_eq!(image.registry, registry.as_deref().unwrap_or("docker.io"));
        prop_assert!(image.repository().ends_with(&path));
        prop_assert_eq!(image.tag, tag.as_deref().unwrap_or(""));
        prop_assert_eq!(image.digest, digest.as_deref().unwrap_or(""));
    }

    #[test]
    fn any_text_is_split_without_loss(reference in "[a-zA-Z0-9:/@._ -]{0,40}") {
        let image = ImageRef::split(&reference);
        prop_assert_eq!(image.reference, &reference);
        for part in [image.tag, image.digest] {
            prop_assert!(reference.contains(part));
        }
        let _ = ImageRef::parse(&reference);
    }
}
