//! `seawall migrate` from outside: what becomes of a fixture that holds everything the other scanner's
//! documentation names, and that a scan with it accepts exactly what that named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod checkov;
mod constructs;
mod hostile;
mod kube_linter;
mod kubescape;
mod run;
mod support;
mod trivy;
