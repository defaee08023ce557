//! Pipes, sockets, links and permissions.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use super::*;

#[test]
fn pipes_and_sockets_are_problems_and_never_opened() {
    let folder = folder(&[("a.yaml", POD), ("folder.yaml/b.yaml", POD)]);
    let fifo = folder.path().join("x.yaml");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let _socket = UnixListener::bind(folder.path().join("y.json")).unwrap();
    check(
        folder.path(),
        &["."],
        &["a.yaml: Pod/a", "folder.yaml/b.yaml: Pod/a"],
        &["x.yaml: not-a-file", "y.json: not-a-file"],
    );
    check(folder.path(), &["x.yaml"], &[], &["x.yaml: not-a-file"]);
    check(
        folder.path(),
        &["*.yaml"],
        &["a.yaml: Pod/a", "folder.yaml/b.yaml: Pod/a"],
        &["x.yaml: not-a-file"],
    );
}

#[test]
fn walks_do_not_follow_links_and_named_links_are_followed() {
    let folder = folder(&[("real/a.yaml", POD)]);
    symlink(folder.path(), folder.path().join("real/loop")).unwrap();
    symlink(
        folder.path().join("real/a.yaml"),
        folder.path().join("link.yaml"),
    )
    .unwrap();
    symlink("self.yaml", folder.path().join("self.yaml")).unwrap();
    let loaded = check(folder.path(), &["."], &["real/a.yaml: Pod/a"], &[]);
    assert_eq!(loaded.skipped, ["link.yaml", "self.yaml"]);
    check(folder.path(), &["link.yaml"], &["link.yaml: Pod/a"], &[]);
    check(
        folder.path(),
        &["self.yaml"],
        &[],
        &["self.yaml: unreadable"],
    );
}

#[test]
fn link_loops_in_a_chart_are_problems() {
    let folder = folder(&[
        ("c/Chart.yaml", "apiVersion: v2\nname: c\n"),
        ("c/templates/a.yaml", "x"),
        ("b.yaml", POD),
    ]);
    let chart = folder.path().join("c");
    symlink(&chart, chart.join("templates/loop")).unwrap();
    symlink("self.yaml", chart.join("templates/self.yaml")).unwrap();
    symlink("a.yaml", chart.join("templates/fine.yaml")).unwrap();
    check(
        folder.path(),
        &["."],
        &["b.yaml: Pod/a"],
        &[
            "c: not-rendered",
            "c/templates/loop: link",
            "c/templates/self.yaml: link",
        ],
    );
}

#[test]
fn an_unreadable_manifest_is_a_problem_and_the_rest_is_read() {
    // Permissions do not stop root: a file of /proc that fails on reading does.
    let unreadable = PathBuf::from("/proc/self/mem");
    if cfg!(target_os = "linux") {
        let folder = folder(&[("a.yaml", POD)]);
        let loaded = scan(&Inputs::new(
            folder.path(),
            [Path::new("a.yaml"), &unreadable],
        ));
        assert_eq!(resources(&loaded), ["a.yaml: Pod/a"]);
        assert_eq!(problems(&loaded), ["/proc/self/mem: unreadable"]);
    }
}
