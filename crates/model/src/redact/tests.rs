//! What is hidden, and what is not.

use document::{Path, Step};

use super::values::{SHORTEST_TOKEN, TOKEN_PREFIXES, is_short_word, looks_secret};
use super::{LAST_APPLIED, REDACTED, is_secret_at, is_secret_name, is_secret_value, shown};

#[test]
fn a_short_word_never_looks_secret() {
    let least = TOKEN_PREFIXES.iter().map(|&(_, length)| length).min();
    assert_eq!(least, Some(SHORTEST_TOKEN));
    let pieces = [
        "-",
        "--password",
        "$token",
        "s.",
        "AKIA",
        "1",
        "-u",
        "a@b",
        "//",
        "Bearer",
        "'",
        "{",
        "/",
    ];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let word = format!("{first}{second}{third}");
                assert!(!is_short_word(&word) || !looks_secret(&word), "{word}");
            }
        }
    }
}

#[test]
fn names_of_credentials_are_told_from_names_of_their_places() {
    let check = |name: &str, expected: bool| assert_eq!(is_secret_name(name), expected, "{name}");
    for name in [
        "PASSWORD",
        "DB_PASSWORD",
        "mysqlRootPassword",
        "apiKey",
        "API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "--token",
        "GITHUB_TOKEN",
        "client-secret",
        "tls.privateKey",
        "PGPASSWORD",
        "SMTP_PASS",
        "MYSQL_PASSWORD_1",
    ] {
        check(name, true);
    }
    for name in [
        "PASSWORD_FILE",
        "tokenUrl",
        "secretName",
        "TOKEN_TTL",
        "HOST",
        "path",
        "keyId",
        "",
        "monkey",
        "PATTERN",
        "author",
    ] {
        check(name, false);
    }
}

#[test]
fn values_that_are_credentials_by_their_looks_are_hidden() {
    let check =
        |value: &str, expected: bool| assert_eq!(is_secret_value(value), expected, "{value}");
    check("-----BEGIN RSA PRIVATE KEY-----\nMIIE", true);
    check("-----BEGIN CERTIFICATE-----\nMIIE", false);
    check(&format!("AKIA{}", "IOSFODNN7EXAMPLE"), true);
    check(&format!("ghp_{}", "a1".repeat(18)), true);
    check("postgres://app:hunter2@db:5432/shop", true);
    check("postgres://app:$(DB_PASSWORD)@db:5432/shop", false);
    check("https://example.com:8443/a@b", false);
    check("Authorization: Bearer abcdef0123456789", true);
    check("Bearer $(TOKEN)", false);
    check(
        &format!("eyJ{}.eyJ{}.sig", "hbGciOiJIUzI1NiJ9", "zdWIiOiIxIn0"),
        true,
    );
    check("nginx:1.27", false);
    check("bearer of bad news", false);
    check(
        "proxy_set_header Authorization \"Basic dXNlcjpodW50ZXIy\";",
        true,
    );
    check("sudo mysql --password hunter2", true);
    check("mysql --password \"$PASSWORD\"", false);
    check("sudo curl -u admin:hunter2 https://x", true);
    check("docker run -u 1000:$(GROUP) x", false);
    check("sh -c \"curl -H 'X-Api-Key: hunter2' https://x\"", true);
    check("echo $TOKEN > /dev/null", false);
    check("set $password \"hunter2\";", true);
}

#[test]
fn logins_without_a_scheme_are_told_from_other_texts_with_an_at() {
    let check =
        |value: &str, expected: bool| assert_eq!(is_secret_value(value), expected, "{value}");
    for value in [
        "app:hunter2@db:5432/shop",
        "root:hunter2@tcp(db:3306)/shop?parseTime=true",
        "robot:hunter2@registry.example.com/team/app:1.4",
        "app:hunter2@db",
        "app:hunter2@10.0.0.7",
        ":hunter2@redis:6379",
        "user:hunter2@db.example.com:5432",
        "dsn: app:hunter2@db:5432",
        "{\"dsn\": \"app:hunter2@db:5432\"}",
    ] {
        check(value, true);
    }
    for value in [
        "app:1.4@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "registry:5000/app:1.4@sha256:0123456789abcdef",
        "git@github.com:team/repository.git",
        "mailto:team@example.com",
        "owner:team@example.com",
        "signed-off-by:ann@example.com",
        "serviceAccount:app@project.iam.gserviceaccount.com",
        "npm:left-pad@1.3.0",
        "actions/checkout@v4",
        "pkg:golang/example.com/tool@v1.2.0",
        "12:30@UTC",
        "app:$(DB_PASSWORD)@db:5432",
        "app:$DB_PASSWORD@db:5432",
        "app:${DB_PASSWORD}@tcp(db:3306)/shop",
        "%s:%s@tcp(%s)/shop",
        "app:<password>@db:5432",
        "job:requests:rate5m@1609746000",
        "https://example.com:8443/@team",
        "a:b@",
        "@:",
    ] {
        check(value, false);
    }
}

#[test]
fn passwords_behind_short_flags_need_their_program() {
    let check =
        |value: &str, expected: bool| assert_eq!(is_secret_value(value), expected, "{value}");
    for value in [
        "mysql -uroot -phunter2 shop",
        "sh -c 'exec /usr/bin/mysqladmin ping -h db -p\"hunter2\"'",
        "test -f /ready && mysqladmin -phunter2 ping",
        "sshpass -p hunter2 ssh node",
        "redis-cli -a hunter2 ping",
        "ldapsearch -x -w hunter2",
        "docker login -u robot -p hunter2 registry.example.com",
        "openssl rsa -passin pass:hunter2 -in key.pem",
        "-uroot -phunter2",
        "curl -u admin:hunter2 https://x",
        "mongosh --username app -p hunter2",
    ] {
        check(value, true);
    }
    for value in [
        "mysql -u root -p",
        "mysql -uroot -p$MYSQL_ROOT_PASSWORD shop",
        "mysql -uroot -p\"${MYSQL_ROOT_PASSWORD}\" shop",
        "mysql -h db -P3306 --protocol tcp",
        "mysql -p shop",
        "docker run -p 8080:80 nginx",
        "docker run -p8080:80 nginx",
        "docker run -u 1000:1000 nginx",
        "nc -z -p8080 db",
        "kubectl get -ojson pods",
        "redis-cli ping && tar -a x",
        "server -port 8080 -profile default",
        "openssl rsa -passin env:KEY_PASSWORD",
        "openssl rsa -passin pass:\"$KEY_PASSWORD\" -in key.pem",
        "zip -r out.zip folder",
    ] {
        check(value, false);
    }
}

#[test]
fn passwords_in_lists_of_arguments_need_their_program() {
    let check = |items: &str, index: &str, expected: bool| {
        let yaml =
            format!("apiVersion: v1\nkind: Pod\nspec: {{containers: [{{args: {items}}}]}}\n");
        let resources = crate::testing::resources(&yaml);
        let index = Step::Index(index.parse().unwrap());
        let path = [
            Step::Key("spec".into()),
            Step::Key("containers".into()),
            Step::Index(0),
        ];
        let path = path
            .into_iter()
            .chain([Step::Key("args".into()), index])
            .collect();
        let hidden = is_secret_at(&resources[0], &Path(path));
        assert_eq!(hidden, expected, "{items}");
    };
    check("[mysqladmin, ping, -uroot, -phunter2]", "3", true);
    check("[mysqladmin, ping, -uroot, -phunter2]", "2", false);
    check("[-uroot, -phunter2, shop]", "1", true);
    check("[-uroot, -p8080]", "1", false);
    check("[-phunter2]", "0", false);
    check("[redis-cli, -a, hunter2]", "2", true);
    check("[tar, -a, hunter2]", "2", false);
    check("[curl, -u, 'admin:hunter2', 'https://x']", "2", true);
    check("[run, -u, '1000:1000']", "2", false);
    check("[--password=hunter2]", "0", true);
    check("[--db-password=hunter2]", "0", true);
    check("[--password-file=/run/p]", "0", false);
}

#[test]
fn shown_keeps_what_is_harmless() {
    let check = |key: &str, value: &str, expected: &str| assert_eq!(shown(key, value), expected);
    check("DB_PASSWORD", "hunter2", REDACTED);
    check("DB_PASSWORD", "$(FROM_SECRET)", "$(FROM_SECRET)");
    check("DB_PASSWORD", "", "");
    check("DB_HOST", "db", "db");
    check("automountServiceAccountToken", "false", "false");
    check("args", "--password=hunter2", REDACTED);
    check(
        LAST_APPLIED,
        "{\"kind\":\"Secret\",\"data\":{\"a\":\"eA==\"}}",
        REDACTED,
    );
    check("args", "--password-file=/run/p", "--password-file=/run/p");
    check("args", "--token=$(TOKEN)", "--token=$(TOKEN)");
    check("command", "mysql -u root MYSQL_PWD=x", REDACTED);
    check("app.yaml", "user: a\npassword: hunter2\n", REDACTED);
    check(
        "app.yaml",
        "{\"user\": \"a\",\n \"password\": \"hunter2\"}",
        REDACTED,
    );
    check(
        "app.yaml",
        "the password: never told\nrotate: true\n",
        "the password: never told\nrotate: true\n",
    );
    check("DB_URL", "mysql://root:root1@db/x", REDACTED);
}

#[test]
fn secrets_are_known_by_where_they_stand() {
    let yaml = "apiVersion: v1\nkind: Pod\nspec:\n  tokenExpirationSeconds: 5\n  containers:\n  - name: a\n    image: nginx\n    args: [--token, abc, --name, x]\n    env: [{name: DB_PASSWORD, value: hunter2}, {name: DB_PIN, value: x}, {name: API_TOKEN, value: 5}]\n";
    let secret = "apiVersion: v1\nkind: Secret\ndata: {a: eA==}\nmetadata: {name: x}\n";
    let check = |yaml: &str, path: &[&str], expected: bool| {
        let resources = crate::testing::resources(yaml);
        let steps = path.iter().map(|step| match step.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key((*step).into()),
        });
        assert_eq!(
            is_secret_at(&resources[0], &Path(steps.collect())),
            expected,
            "{path:?}"
        );
    };
    let container = ["spec", "containers", "0"];
    let below = |rest: &[&str], expected| check(yaml, &[&container[..], rest].concat(), expected);
    below(&["env", "0", "value"], true);
    below(&["env", "0", "name"], false);
    below(&["env", "1", "value"], false);
    below(&["env", "2", "value"], true);
    below(&["args", "0"], false);
    below(&["args", "1"], true);
    below(&["args", "3"], false);
    below(&["image"], false);
    below(&["missing"], false);
    check(yaml, &["spec", "tokenExpirationSeconds"], false);
    check(secret, &["data", "a"], true);
    let misspelt = "apiVersion: v1\nkind: Secret\nstringdata: {a: x}\ntype: Opaque\n";
    check(misspelt, &["stringdata", "a"], true);
    check(misspelt, &["type"], false);
    let value =
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{env: [{name: PASSWORD, valeu: x}]}]}\n";
    check(
        value,
        &["spec", "containers", "0", "env", "0", "valeu"],
        true,
    );
    check(secret, &["metadata", "name"], false);
}
