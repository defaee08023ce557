//! Where workers run, and what comes of them.

use std::sync::mpsc;

use super::*;

/// The processors that the calling thread may run on, as Linux writes them: `0-1`.
#[cfg(target_os = "linux")]
fn allowed() -> String {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    line.unwrap_or_default().trim().to_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_runs_apart_until_it_is_released() {
    let (go, gone) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let worker = spawn(move || {
        while gone.recv().is_ok() {
            tell.send(allowed()).expect("somebody listens");
        }
    })
    .expect("a thread");
    go.send(()).expect("the worker waits");
    let apart = told.recv().expect("it tells");
    worker.release();
    go.send(()).expect("the worker waits");
    let released = told.recv().expect("it tells");
    drop(go);
    worker.join().expect("no panic");
    assert_eq!(released, allowed());
    assert_eq!(
        apart == released,
        !released.contains(['-', ',']),
        "apart on {apart}, then on {released}"
    );
}

#[test]
fn a_panic_is_handed_on() {
    let worker = spawn(|| panic!("as it should")).expect("a thread");
    let panic = worker.join().expect_err("a panic");
    assert_eq!(panic.downcast_ref(), Some(&"as it should"));
}
