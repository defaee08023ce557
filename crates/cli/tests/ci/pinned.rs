//! What the definitions take from others is named by its digest.

use fs_err as fs;

use crate::mirror::root;

#[test]
fn actions_are_named_by_commit() {
    let mut count = 0;
    for file in [
        "action.yml",
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
    ] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for line in text.lines() {
            let Some((_, name)) = line.split_once("uses: ") else {
                continue;
            };
            let commit = name.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_commit =
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{file}: {name}");
            assert!(name.contains(" # v"), "{file}: which version is {name}?");
            count += 1;
        }
    }
    assert!(count >= 8);
}

#[test]
fn the_image_has_no_shell_and_no_root() {
    let text = fs::read_to_string(root().join("Dockerfile")).unwrap();
    assert!(!text.contains("\nRUN "));
    assert!(text.contains("\nUSER 65532:65532\n"));
    let bases = text.lines().filter_map(|line| line.strip_prefix("FROM "));
    for base in bases {
        assert!(
            base.starts_with("scratch ") || base == "${TARGETARCH}",
            "{base}"
        );
    }
}
