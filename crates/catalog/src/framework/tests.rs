//! What framework files may say, and where their mistakes are reported.

use document::Source;

use super::FrameworkDefinition;

const HEAD: &str = "id: f\ntitle: F\nversion: '1'\nsource: https://example.com\n";

/// The mistakes of a file with these lines below its head.
fn check(lines: &str, expected: &[&str]) {
    let source = Source::new("frameworks/f.yaml", format!("{HEAD}{lines}"));
    let found = match FrameworkDefinition::parse(&source) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(found, expected, "{lines}");
}

#[test]
fn mistakes_have_places() {
    check(
        "requirements:\n- { id: a, title: A, controls: [x] }\n- { id: b, title: B, manual: M }\n- { id: a, title: C, manual: M }\n",
        &["frameworks/f.yaml:8:9: the requirement `a` is given twice"],
    );
    check(
        "requirements:\n- { id: a, title: A }\n",
        &["frameworks/f.yaml:6:3: a requirement needs `controls`, `manual`, or both"],
    );
    check(
        "date: 2026-13-01\nrequirements:\n- { id: a, title: A, manual: M }\n",
        &["frameworks/f.yaml:5:7: `date` must be a day such as \"2026-01-31\""],
    );
    check(
        "partial: ''\nrequirements:\n- { id: a, title: A, manual: M, groups: G }\n",
        &[
            "frameworks/f.yaml:5:10: `partial` is empty",
            "frameworks/f.yaml:7:33: unknown key `groups` (did you mean `group`?)",
        ],
    );
    check(
        "requirements: []\n",
        &["frameworks/f.yaml:1:1: `requirements` is missing"],
    );
}

#[test]
fn groups_come_in_the_order_in_which_they_are_first_named() {
    let lines = "requirements:\n- { id: a, title: A, group: G, manual: M }\n\
                 - { id: b, title: B, group: F, manual: M }\n- { id: c, title: C, manual: M }\n\
                 - { id: d, title: D, group: G, manual: M }\n";
    let source = Source::new("frameworks/f.yaml", format!("{HEAD}{lines}"));
    let framework = FrameworkDefinition::parse(&source).unwrap();
    let groups: Vec<(Option<&str>, Vec<&str>)> = framework
        .groups()
        .into_iter()
        .map(|(group, items)| (group, items.iter().map(|item| item.id.as_str()).collect()))
        .collect();
    let expected = [
        (Some("G"), vec!["a", "d"]),
        (Some("F"), vec!["b"]),
        (None, vec!["c"]),
    ];
    assert_eq!(groups, expected);
}
