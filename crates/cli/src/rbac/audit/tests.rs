//! Audit events as API servers write them, and what is no event.

use rbac::Subject;

use super::{Asked, Log};

const WEB: Subject<'static> = Subject::ServiceAccount {
    namespace: "shop",
    name: "web",
};

fn log(text: &str, subject: Subject<'_>) -> Log {
    let mut log = Log::default();
    log.lines("audit.log", &mut text.as_bytes(), subject)
        .unwrap();
    log
}

fn words<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> Vec<String> {
    let word = |one: &Asked| match one {
        Asked::Url { path, verb } => format!("{verb} {path}"),
        Asked::Resource {
            namespace,
            group,
            resource,
            subresource,
            verb,
            name,
        } => format!("{verb} {group}/{resource}/{subresource} {namespace}/{name}"),
    };
    asked.into_iter().map(word).collect()
}

fn event(rest: &str) -> String {
    format!(
        "{{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/x?y=1\",\
         \"user\":{{\"username\":\"system:serviceaccount:shop:web\",\"groups\":[\"devs\"]}},{rest}}}\n"
    )
}

#[track_caller]
fn check(rest: &str, expected: &[&str]) {
    let log = log(&event(rest), WEB);
    assert!(log.problems.is_empty(), "{:?}", log.problems);
    assert_eq!(words(log.allowed.keys()), expected);
}

const POD: &str =
    r#""objectRef":{"resource":"pods","namespace":"shop","name":"a","apiVersion":"v1"}"#;

#[test]
fn requests_are_what_the_authorizer_was_asked() {
    check(&format!(r#""verb":"get",{POD}"#), &["get /pods/ shop/a"]);
    // The log knows the name of what was created, the authorizer did not.
    check(
        &format!(r#""verb":"create",{POD}"#),
        &["create /pods/ shop/"],
    );
    let exec = POD.replace('}', r#","subresource":"exec"}"#);
    check(
        &format!(r#""verb":"create",{exec}"#),
        &["create /pods/exec shop/a"],
    );
    // What was created by a patch needed the right to create, too.
    check(
        &format!(r#""verb":"patch",{POD},"responseStatus":{{"code":201}}"#),
        &["create /pods/ shop/a", "patch /pods/ shop/a"],
    );
    check(r#""verb":"get""#, &["get /x"]);
}

#[test]
fn what_was_refused_is_no_use() {
    let refused = [
        format!(r#""verb":"get",{POD},"responseStatus":{{"code":403}}"#),
        format!(
            r#""verb":"get",{POD},"annotations":{{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":"no"}}"#
        ),
    ];
    for rest in refused {
        let log = log(&event(&rest), WEB);
        assert!(log.allowed.is_empty());
        assert_eq!(words(log.forbidden.keys()), ["get /pods/ shop/a"]);
    }
    check(
        &format!(r#""verb":"get",{POD},"responseStatus":{{"code":401}}"#),
        &[],
    );
    // The object was not there, or somebody else refused it: authorization had allowed it.
    check(
        &format!(
            r#""verb":"get",{POD},"responseStatus":{{"code":403}},"annotations":{{"authorization.k8s.io/decision":"allow"}}"#
        ),
        &["get /pods/ shop/a"],
    );
}

#[test]
fn events_are_of_users_of_groups_and_of_those_who_act_as_others() {
    let one = event(&format!(r#""verb":"get",{POD}"#));
    assert_eq!(log(&one, Subject::Group("devs")).own, 1);
    assert_eq!(log(&one, Subject::User("ann")).own, 0);
    assert_eq!(log(&one, Subject::User("ann")).events, 1);
    let acted = event(&format!(
        r#""verb":"get",{POD},"impersonatedUser":{{"username":"ann","groups":["admins","system:authenticated"],"extra":{{"k":["v"]}}}}"#
    ));
    assert_eq!(
        words(log(&acted, WEB).allowed.keys()),
        [
            "impersonate /groups/ /admins",
            "impersonate /users/ /ann",
            "impersonate authentication.k8s.io/userextras/k /v"
        ]
    );
    assert_eq!(
        words(log(&acted, Subject::User("ann")).allowed.keys()),
        ["get /pods/ shop/a"]
    );
}

#[test]
fn lists_of_events_are_read_and_other_lines_are_told() {
    let one = event(&format!(r#""verb":"get",{POD}"#));
    let list = format!(
        "{{\"kind\":\"EventList\",\"items\":[{},{}]}}\n",
        one.trim(),
        one.trim()
    );
    let read = log(&(list + "\n" + &one + "{}\nno\n[\n"), WEB);
    assert_eq!(
        (read.own, read.allowed.values().next().unwrap().count),
        (3, 3)
    );
    let told: Vec<&str> = read
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(told.len(), 3);
    assert_eq!(
        told[0],
        "line 4 is no audit event: it has no `verb`, `user` or `requestURI`"
    );
    let many = log(&"no\n".repeat(50), WEB);
    assert_eq!(many.problems.len(), 6);
    assert_eq!(
        many.problems[5].message,
        "45 more lines are no audit events"
    );
}

#[test]
fn a_deep_line_is_told() {
    let deep = format!("{{\"items\":{}\n", "[{\"items\":".repeat(100_000));
    assert_eq!(log(&deep, WEB).problems.len(), 1);
}

#[test]
fn a_damaged_line_costs_no_other_line() {
    let line = event(
        "\"verb\":\"get\",\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\"},\"responseStatus\":{\"code\":200}",
    );
    let text = [line.as_str(), &line, &line].concat();
    let whole = log(&text, WEB);
    assert_eq!((whole.events, whole.own), (3, 3));
    let middle = line.len()..2 * line.len() - 1;
    for at in middle {
        for byte in [0, b'"', b'}', b'[', b'9', 0xff] {
            let mut damaged = text.clone().into_bytes();
            damaged[at] = byte;
            let mut read = Log::default();
            let mut input = damaged.as_slice();
            read.lines("audit.log", &mut input, WEB).unwrap();
            assert!(read.events >= 2 && read.own >= 2, "byte {at} is {byte}");
            assert!(
                read.events == 3 || read.problems.len() == 1,
                "byte {at} is {byte}"
            );
        }
        let mut cut = &text.as_bytes()[..at];
        let mut read = Log::default();
        read.lines("audit.log", &mut cut, WEB).unwrap();
        assert!(read.events >= 1, "cut at {at}");
    }
}
