//! One table for each of the comparisons that Kubernetes makes.

use super::{matches_any, matches_name, matches_resource, matches_url};
use crate::names::{Name, Names};

fn intern(names: &mut Names, list: &[&str]) -> Vec<Name> {
    list.iter().map(|text| names.intern(text)).collect()
}

#[track_caller]
fn check_any(list: &[&str], wanted: &str, expected: bool) {
    let mut names = Names::default();
    let list = intern(&mut names, list);
    let wanted_name = names.find(wanted);
    assert_eq!(matches_any(&list, wanted_name), expected, "{wanted}");
}

#[test]
fn verbs_and_groups_are_equal_or_starred() {
    check_any(&["get"], "get", true);
    check_any(&["get"], "list", false);
    check_any(&["*"], "anything", true);
    check_any(&["list", "*"], "get", true);
    check_any(&["ge*"], "get", false);
    check_any(&[""], "", true);
    check_any(&["apps"], "", false);
    check_any(&["get"], "*", false);
    check_any(&[], "get", false);
}

#[track_caller]
fn check_resource(list: &[&str], resource: &str, subresource: &str, expected: bool) {
    let mut names = Names::default();
    let list = intern(&mut names, list);
    let combined = super::combined(resource, subresource, &names);
    let any = super::any_with(subresource, &names);
    let found = matches_resource(&list, combined, any);
    assert_eq!(found, expected, "{resource}/{subresource}");
}

#[test]
fn resources_match_with_their_subresource() {
    check_resource(&["pods"], "pods", "", true);
    check_resource(&["pods"], "pods", "exec", false);
    check_resource(&["pods/exec"], "pods", "exec", true);
    check_resource(&["pods/exec"], "pods", "", false);
    check_resource(&["*/exec"], "pods", "exec", true);
    check_resource(&["*/exec"], "pods", "attach", false);
    check_resource(&["*/exec"], "exec", "", false);
    check_resource(&["pods/*"], "pods", "exec", false);
    check_resource(&["pods/*"], "pods", "*", true);
    check_resource(&["*/*"], "pods", "exec", false);
    check_resource(&["*"], "pods", "exec", true);
    check_resource(&["*/"], "pods", "", false);
    check_resource(&["nodes", "*/scale"], "deployments", "scale", true);
}

#[track_caller]
fn check_name(list: &[&str], wanted: &str, expected: bool) {
    let mut names = Names::default();
    let list = intern(&mut names, list);
    let wanted_name = names.find(wanted);
    assert_eq!(matches_name(&list, wanted_name), expected, "{wanted}");
}

#[test]
fn names_are_equal_and_no_star_counts() {
    check_name(&[], "web", true);
    check_name(&["web"], "web", true);
    check_name(&["web"], "db", false);
    check_name(&["web"], "", false);
    check_name(&["*"], "web", false);
    check_name(&[""], "", true);
}

#[track_caller]
fn check_url(list: &[&str], path: &str, expected: bool) {
    let mut names = Names::default();
    let list = intern(&mut names, list);
    assert_eq!(matches_url(&list, path, &names), expected, "{path}");
}

#[test]
fn paths_match_by_prefix_before_stars() {
    check_url(&["/metrics"], "/metrics", true);
    check_url(&["/metrics"], "/metrics/", false);
    check_url(&["/healthz/*"], "/healthz/etcd", true);
    check_url(&["/healthz/*"], "/healthz", false);
    check_url(&["/api*"], "/apis", true);
    check_url(&["/api/**"], "/api/v1", true);
    check_url(&["*"], "", true);
    check_url(&["/*/x"], "/a/x", false);
    check_url(&[], "/", false);
}
