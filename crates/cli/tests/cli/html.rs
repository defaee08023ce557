//! The HTML report as a file: what it says without a browser.

use crate::support::Folder;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: nginx, securityContext: {privileged: true}}]\n";

fn digest_of(page: &str) -> &str {
    let start = page.split("SHA-256 <a").nth(1).unwrap();
    start
        .split("<code>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
}

#[test]
fn a_page_is_written_by_its_extension_and_is_always_the_same() {
    let folder = Folder::new("html-page").file("a.yaml", POD);
    let scan = |name: &str| {
        let run = folder.seawall(&["scan", "a.yaml", "--date", "2026-11-23", "--output", name]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        folder.read(name)
    };
    let page = scan("report.html");
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("privileged-container"));
    assert_eq!(scan("again.html"), page);
}

#[test]
fn the_digest_is_that_of_what_was_scanned() {
    let digest = |text: &str, other: &str| {
        let folder = Folder::new("html-digest")
            .file("a.yaml", text)
            .file("b.yaml", other);
        let run = folder.seawall(&["scan", ".", "--format", "html"]);
        digest_of(&run.stdout).to_owned()
    };
    let first = digest(POD, "some: settings\n");
    assert_eq!(first.len(), 64);
    assert_eq!(digest(POD, "other: settings\n"), first, "it is skipped");
    assert_ne!(digest(&format!("{POD}# more\n"), "some: settings\n"), first);
    assert_ne!(digest(POD, POD), first);
}

#[cfg(target_os = "linux")]
#[test]
fn the_digest_is_made_as_the_documentation_says() {
    let folder = Folder::new("html-sha256sum")
        .file("deploy/b b.yaml", POD)
        .file("deploy/A/a.yaml", &POD.replace("web", "other"))
        .file("deploy/back\\slash.yaml", POD);
    let run = folder.seawall(&["scan", "deploy", "--format", "html"]);
    let command = "find deploy -type f -name '*.yaml' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
    let output = folder.shell(command);
    assert_eq!(output.split(' ').next().unwrap(), digest_of(&run.stdout));
}
