//! Registries that are busy, cut connections, want logins, or answer with something else.

use std::io::Read as _;
use std::time::{Duration, Instant};

use crate::testing::{Answer, Request, Server, answer, parse};
use crate::{Blob, Error, Fault, Repository};

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 251) as u8).collect()
}

/// Reads a blob to its end.
fn blob(server: &Server, size: usize) -> Result<Vec<u8>, Error> {
    let client = server.client("");
    let image = server.image("shop/web:1");
    let repository = Repository::new(&client, &parse(&image));
    let mut bytes = Vec::new();
    match Blob::new(&repository, "sha256:00", size as u64).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(*error.into_inner().unwrap().downcast().unwrap()),
    }
}

/// The part of the content that was asked for.
fn part(request: &Request, bytes: &[u8]) -> Answer {
    match request.range() {
        None => answer(200, bytes),
        Some(start) => answer(206, &bytes[start..]).with(
            "content-range",
            format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len()),
        ),
    }
}

#[test]
fn a_blob_that_is_cut_goes_on_where_it_ended() {
    let bytes = content(300_000);
    let sent = bytes.clone();
    let server = Server::start(move |request, before| {
        let answer = part(request, &sent);
        if before < 2 {
            answer.cut(100_000)
        } else {
            answer
        }
    });
    assert!(blob(&server, bytes.len()).unwrap() == bytes);
    let starts: Vec<_> = server.seen().iter().map(Request::range).collect();
    assert_eq!(starts, [None, Some(100_000), Some(200_000)]);
}

#[test]
fn a_blob_begins_anew_where_the_server_gives_no_parts() {
    let bytes = content(300_000);
    let sent = bytes.clone();
    let server = Server::start(move |_, before| {
        let answer = answer(200, sent.clone());
        if before == 0 {
            answer.cut(123_456)
        } else {
            answer
        }
    });
    assert!(blob(&server, bytes.len()).unwrap() == bytes);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn a_blob_that_is_cut_too_often_is_an_error() {
    let server = Server::start(|request, _| part(request, &content(1000)).cut(100));
    let error = blob(&server, 1000).unwrap_err();
    let is_cut = matches!(
        error.fault,
        Fault::Cut {
            cuts: 3,
            at: 300,
            size: 1000,
            ..
        }
    );
    assert!(is_cut, "{error}");
    assert_eq!(error.what, "the blob sha256:00");
}

#[test]
fn a_blob_of_another_length_is_an_error_at_once() {
    for (length, size) in [(500, 1000), (1000, 500), (0, 7)] {
        let server = Server::start(move |request, _| part(request, &content(length)));
        let error = blob(&server, size).unwrap_err();
        let expected = (size as u64, length as u64);
        assert!(
            matches!(error.fault, Fault::Size { size, found } if (size, found) == expected),
            "{error}"
        );
        assert_eq!(server.seen().len(), 1);
    }
    // A proxy that has less of it by now.
    let server = Server::start(|request, before| match before {
        0 => part(request, &content(1000)).cut(600),
        _ => answer(416, ""),
    });
    let error = blob(&server, 1000).unwrap_err();
    assert!(
        matches!(
            error.fault,
            Fault::Size {
                size: 1000,
                found: 600
            }
        ),
        "{error}"
    );
}

#[test]
fn a_server_that_is_busy_is_asked_again_when_it_says() {
    let server = Server::start(|_, before| match before {
        0 => answer(429, "").with("retry-after", "1"),
        1 => answer(503, ""),
        _ => answer(200, "{}"),
    });
    let client = server.client("");
    let image = server.image("shop/web:1");
    let started = Instant::now();
    let manifest = Repository::new(&client, &parse(&image))
        .manifest("1", 100)
        .unwrap();
    assert_eq!(manifest, b"{}");
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.lines(), ["GET /v2/shop/web/manifests/1"; 3]);
}

#[test]
fn a_manifest_that_breaks_off_is_asked_for_again() {
    let server = Server::start(|_, before| {
        let answer = answer(200, content(90));
        if before < 2 { answer.cut(40) } else { answer }
    });
    let client = server.client("");
    let image = server.image("shop/web:1");
    let manifest = Repository::new(&client, &parse(&image))
        .manifest("1", 100)
        .unwrap();
    assert_eq!(manifest, content(90));
    assert_eq!(server.seen().len(), 3);
}

#[test]
fn a_server_that_stays_busy_is_given_up() {
    let image = |server: &Server| server.image("shop/web:1");
    let server = Server::start(|_, _| {
        answer(
            500,
            r#"{"errors": [{"code": "UNKNOWN", "message": "disk\u001b[2J full"}]}"#,
        )
    });
    let error = Repository::new(&server.client(""), &parse(&image(&server)))
        .manifest("1", 100)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the manifest of shop/web:1: it answered 500: disk [2J full, 3 times",
            server.host
        )
    );
    let server = Server::start(|_, _| answer(429, "").with("retry-after", "3600"));
    let error = Repository::new(&server.client(""), &parse(&image(&server)))
        .manifest("1", 100)
        .unwrap_err();
    assert!(
        matches!(error.fault, Fault::Wait(wait) if wait.as_secs() == 3600),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
}

/// A registry that wants a token of its own office.
fn with_tokens(request: &Request, tokens: &[(&str, &str)]) -> Answer {
    let given = |who: &str| {
        let token = tokens.iter().find(|(user, _)| *user == who);
        token.map_or(answer(401, ""), |(_, token)| {
            answer(200, format!(r#"{{"token": "{token}"}}"#))
        })
    };
    if request.line.starts_with("GET /token") {
        return given(request.header("authorization").unwrap_or_default());
    }
    if request.line.starts_with("POST /token") {
        return given(&request.body);
    }
    let authorization = request.header("authorization").unwrap_or_default();
    let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
    if tokens.iter().any(|(_, known)| *known == token) {
        return answer(200, "{}");
    }
    let host = request.header("host").unwrap();
    answer(
        401,
        r#"{"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}"#,
    )
    .with(
        "www-authenticate",
        format!(
            r#"Bearer realm="http://{host}/token",service="a b",scope="repository:shop/web:pull""#
        ),
    )
}

#[test]
fn tokens_are_got_for_nobody_for_users_and_for_identities() {
    let body = "scope=repository%3Ashop%2Fweb%3Apull&service=a+b&grant_type=refresh_token&client_id=seawall&refresh_token=i%26d";
    for (logins, who) in [
        ("", ""),
        // ann:pw:x
        (
            r#"{"auths": {"HOST": {"auth": "YW5uOnB3Ong="}}}"#,
            "Basic YW5uOnB3Ong=",
        ),
        (
            r#"{"auths": {"HOST": {"username": "ann", "password": "pw:x"}}}"#,
            "Basic YW5uOnB3Ong=",
        ),
        (
            r#"{"auths": {"HOST": {"auth": "eA==", "identitytoken": "i&d"}}}"#,
            body,
        ),
    ] {
        let server = Server::start(move |request, _| with_tokens(request, &[(who, "t")]));
        let client = server.client(logins);
        let image = server.image("shop/web:1");
        let repository = Repository::new(&client, &parse(&image));
        repository
            .manifest("1", 100)
            .unwrap_or_else(|error| panic!("{who}: {error}"));
        // The token serves the next request.
        repository.manifest("2", 100).unwrap();
        let lines = server.lines();
        assert_eq!(lines.len(), 4, "{lines:?}");
        if !who.contains("grant_type") {
            assert!(
                lines[1].starts_with("GET /token?scope=repository%3Ashop%2Fweb%3Apull&service=a"),
                "{lines:?}"
            );
        }
    }
}

#[test]
fn a_token_that_ran_out_is_got_anew() {
    let server = Server::start(|request, before| match before {
        // As if it had run out.
        3 => with_tokens(request, &[("", "other")]),
        _ => with_tokens(request, &[("", "t")]),
    });
    let client = server.client("");
    let image = server.image("shop/web:1");
    let repository = Repository::new(&client, &parse(&image));
    repository.manifest("1", 100).unwrap();
    repository.manifest("1", 100).unwrap();
    assert_eq!(server.seen().len(), 6);
}

#[test]
fn who_is_not_let_in_learns_what_to_do() {
    for (logins, hint) in [
        ("", "there is no login for"),
        (r#"{"auths": {"HOST": {"auth": "YW5uOnB3"}}}"#, "is refused"),
        (
            r#"{"credHelpers": {"HOST": "no-such-helper"}}"#,
            "config.json: the credential helper docker-credential-no-such-helper is not there",
        ),
    ] {
        let server = Server::start(|request, _| match request.header("authorization") {
            Some(_) => answer(401, "no"),
            None => answer(401, "who?").with("www-authenticate", "Basic realm=\"x\""),
        });
        let client = server.client(logins);
        let image = server.image("shop/web:1");
        let error = Repository::new(&client, &parse(&image))
            .manifest("1", 100)
            .unwrap_err();
        assert!(
            matches!(error.fault, Fault::Denied { status: 401, .. }),
            "{error}"
        );
        assert!(error.hint().unwrap().contains(hint), "{:?}", error.hint());
    }
}

#[test]
fn a_tag_that_is_not_there_tells_of_others() {
    let server = Server::start(|request, _| {
        if request.line.contains("/tags/list") {
            return answer(
                200,
                r#"{"name": "shop/web", "tags": ["0.9", "1.0", "1.2.0", "1.2.1", "latest"]}"#,
            );
        }
        answer(
            404,
            r#"{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}"#,
        )
    });
    let client = server.client("");
    let image = server.image("shop/web:1.2");
    let error = Repository::new(&client, &parse(&image))
        .manifest("1.2", 100)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the manifest of shop/web:1.2: not found: manifest unknown",
            server.host
        )
    );
    assert_eq!(
        error.hint().unwrap(),
        "there are the tags 1.2.1, 1.2.0, 1.0, latest, 0.9"
    );
}

#[test]
fn a_login_goes_to_nobody_to_whom_a_registry_sends_on() {
    let storage = Server::start(|_, _| answer(200, "1234567"));
    let place = format!("http://{}/blob", storage.host);
    let server = Server::start(move |request, _| match request.header("authorization") {
        Some(_) => answer(307, "").with("location", place.clone()),
        None => answer(401, "").with("www-authenticate", "Basic realm=\"x\""),
    });
    let client = server.client(r#"{"auths": {"HOST": {"auth": "YW5uOnB3"}}}"#);
    let image = server.image("shop/web:1");
    let repository = Repository::new(&client, &parse(&image));
    let mut text = String::new();
    Blob::new(&repository, "sha256:00", 7)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "1234567");
    assert_eq!(storage.seen()[0].header("authorization"), None);
}

#[test]
fn nothing_goes_without_tls_unless_asked() {
    let server = Server::start(|_, _| answer(200, "{}"));
    let client = crate::Client::new(crate::Settings {
        patience: crate::Patience {
            tries: 1,
            ..crate::Patience::default()
        },
        ..crate::Settings::default()
    })
    .unwrap();
    let image = server.image("shop/web:1");
    let error = Repository::new(&client, &parse(&image))
        .manifest("1", 100)
        .unwrap_err();
    assert!(matches!(error.fault, Fault::Tls(_)), "{error}");
    let hint = format!("`--insecure-registry {}` asks it so", server.host);
    assert!(error.hint().unwrap().ends_with(&hint), "{error:?}");
}

#[test]
fn a_token_office_without_tls_is_not_asked() {
    let server = Server::start(|_, _| {
        answer(401, "").with(
            "www-authenticate",
            "Bearer realm=\"http://tokens.example/t\"",
        )
    });
    let client = server.client("");
    let image = server.image("shop/web:1");
    let error = Repository::new(&client, &parse(&image))
        .manifest("1", 100)
        .unwrap_err();
    assert!(
        matches!(&error.fault, Fault::Plain(host) if host == "tokens.example"),
        "{error}"
    );
}

#[test]
fn a_server_that_is_not_there_is_given_up_at_once() {
    let server = Server::start(|_, _| answer(200, "{}"));
    let client = server.client("");
    // Nobody listens at port 1.
    let mut settings = crate::Settings::default();
    settings.insecure.insert("127.0.0.1:1".to_owned());
    drop(client);
    let client = crate::Client::new(settings).unwrap();
    let started = Instant::now();
    let error = Repository::new(&client, &parse("127.0.0.1:1/a:1"))
        .manifest("1", 100)
        .unwrap_err();
    assert!(matches!(error.fault, Fault::Unreachable(_)), "{error}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn an_answer_may_not_be_longer_than_it_may() {
    let server = Server::start(|_, _| answer(200, content(101)));
    let client = server.client("");
    let image = server.image("shop/web:1");
    let error = Repository::new(&client, &parse(&image))
        .manifest("1", 100)
        .unwrap_err();
    assert!(matches!(error.fault, Fault::TooLong(100)), "{error}");
}
