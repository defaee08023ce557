//! The built-in patterns: each finds what it is for, and what only looks like it stays.
//!
//! The credentials are put together while the test runs: none stands in this file, so that nobody's scanner stumbles over it.

use proptest::prelude::*;
use secrets::{Found, Patterns};

fn find(text: &str) -> Vec<Found<'static>> {
    Patterns::builtin().find(text.as_bytes())
}

/// Some letters and digits without order, the same each time.
fn random(length: usize, alphabet: &str) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            letters[(state % letters.len() as u64) as usize]
        })
        .collect()
}

const HEX: &str = "0123456789abcdef";
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A text, the credential in it, and its pattern.
#[expect(clippy::too_many_lines, reason = "a table")]
fn samples() -> Vec<(&'static str, String, String)> {
    let letters = |length| random(length, LETTERS);
    let hex = |length| random(length, HEX);
    let plain = |id: &'static str, secret: String| (id, format!("x = {secret}\n"), secret);
    let inside = |id: &'static str, before: &str, secret: String, behind: &str| {
        (id, format!("# comment\n{before}{secret}{behind}\n"), secret)
    };
    vec![
        plain("aws-access-key-id", format!("AKIA{}", random(16, UPPER))),
        inside(
            "aws-secret-access-key",
            "AWS_SECRET_ACCESS_KEY=",
            letters(40),
            "",
        ),
        inside(
            "aws-secret-access-key",
            "aws_secret_access_key = \"",
            letters(40),
            "\"",
        ),
        plain("gcp-api-key", format!("AIza{}", letters(35))),
        inside(
            "gcp-service-account-key",
            "{\"type\": \"service_account\", \"project_id\": \"p\", \"private_key_id\": \"",
            hex(40),
            "\"}",
        ),
        inside(
            "azure-storage-key",
            "AccountName=a;AccountKey=",
            format!("{}==", letters(86)),
            ";",
        ),
        plain("github-token", format!("ghp_{}", letters(36))),
        plain(
            "github-token",
            format!("github_pat_{}_{}", letters(22), letters(59)),
        ),
        plain("gitlab-token", format!("glpat-{}", letters(20))),
        plain(
            "slack-token",
            format!("xoxb-{}-{}", random(12, "0123456789"), letters(24)),
        ),
        inside(
            "slack-webhook",
            "https://hooks.slack.com/services/",
            format!("T{}/B{}/{}", letters(8), letters(8), letters(24)),
            "",
        ),
        plain("stripe-key", format!("sk_live_{}", letters(24))),
        plain(
            "sendgrid-key",
            format!("SG.{}.{}", letters(22), letters(43)),
        ),
        inside("twilio-key", "twilio: ", format!("SK{}", hex(32)), ""),
        plain("npm-token", format!("npm_{}", letters(36))),
        inside(
            "npm-token",
            "//registry.npmjs.org/:_authToken=",
            letters(36),
            "",
        ),
        plain("pypi-token", format!("pypi-AgEIcHlwaS5vcmc{}", letters(60))),
        plain("docker-hub-token", format!("dckr_pat_{}", letters(27))),
        inside(
            "docker-config-login",
            "{\"auths\": {\"r.io\": {\"auth\": \"",
            letters(24),
            "\"}}}",
        ),
        plain("digitalocean-token", format!("dop_v1_{}", hex(64))),
        plain("vault-token", format!("hvs.{}", letters(90))),
        plain(
            "terraform-token",
            format!("{}.atlasv1.{}", letters(14), letters(64)),
        ),
        plain("grafana-token", format!("glsa_{}_{}", letters(32), hex(8))),
        plain("databricks-token", format!("dapi{}", hex(32))),
        plain("openai-key", format!("sk-proj-{}", letters(60))),
        plain(
            "huggingface-token",
            format!("hf_{}", random(34, &LETTERS[..52])),
        ),
        inside(
            "telegram-bot-token",
            "bot: ",
            format!("{}:AA{}", random(9, "123456789"), letters(33)),
            "",
        ),
        inside(
            "bootstrap-token",
            "kubeadm join 10.0.0.1:6443 --token ",
            format!(
                "{}.{}",
                random(6, &LETTERS[..26]),
                random(16, &LETTERS[..26])
            ),
            "",
        ),
        inside(
            "url-password",
            "postgres://app:",
            letters(14),
            "@db.internal:5432/app",
        ),
        plain(
            "jwt",
            format!("eyJ{}.eyJ{}.{}", letters(20), letters(40), letters(43)),
        ),
        inside("assigned-secret", "db_password: \"", letters(20), "\""),
        inside(
            "private-key",
            "-----BEGIN RSA PRIVATE KEY-----\n",
            format!("{}\n{}\n", letters(64), letters(64)),
            "-----END RSA PRIVATE KEY-----",
        ),
    ]
}

#[test]
fn what_a_pattern_is_for_is_found_and_masked() {
    for (id, text, secret) in samples() {
        let found = find(&text);
        assert_eq!(found.len(), 1, "{id}: {found:?}");
        let one = &found[0];
        assert_eq!(one.id, id, "{found:?}");
        assert_eq!(text[one.range.clone()].trim(), secret.trim(), "{id}");
        assert!(
            !one.shown.contains(secret.lines().next().unwrap_or(&secret)),
            "{id}: {}",
            one.shown
        );
        let before = &text[..one.range.start];
        assert_eq!(one.line as usize, before.matches('\n').count() + 1, "{id}");
        assert_eq!(
            one.column as usize,
            before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1,
            "{id}"
        );
    }
}

#[test]
fn what_only_looks_like_it_stays() {
    for text in [
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n",
        "password: \"${DB_PASSWORD}\"\n",
        "password: \"{{ .Values.password }}\"\n",
        "token = \"<your token here>\"\n",
        "secret: \"my-secret-name\"\n",
        "secretKeyRef: {name: \"database-credentials\", key: \"password\"}\n",
        "postgres://user:password@localhost/db\n",
        "postgres://$USER:$PASSWORD@localhost/db\n",
        "https://example.com:8443@v1\n",
        "kubeadm join --token abcdef.0123456789abcdef\n",
        "tokenizer = \"sentencepiece.bpe.model\"\n",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n",
        "if \"-----BEGIN RSA PRIVATE KEY-----\" in text: return\n",
    ] {
        assert_eq!(find(text), [], "{text}");
    }
}

#[test]
fn a_line_shows_none_of_its_credentials() {
    let (one, other) = (random(36, LETTERS), random(36, HEX));
    let text = format!("a: ghp_{one} b: gho_{other}\n");
    let found = find(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found
            .iter()
            .all(|found| found.shown == "a: ******** b: ********"),
        "{found:?}"
    );
}

#[test]
fn programs_and_lock_files_are_not_searched() {
    let secret = format!("\0\0ghp_{}", random(36, LETTERS));
    assert_eq!(find(&secret), []);
    let patterns = Patterns::builtin();
    for path in [
        "web/package-lock.json",
        "go.sum",
        "app/static/app.min.js",
        "usr/share/doc/x/README",
    ] {
        assert!(!patterns.looks_into(path), "{path}");
    }
    for path in ["deploy.sh", "root/.npmrc", "app/config.js"] {
        assert!(patterns.looks_into(path), "{path}");
    }
}

#[test]
fn own_patterns_join_the_others() {
    let text = "allow = ['^harmless']\n[[pattern]]\nid = \"ours\"\ntitle = \"Ours\"\nseverity = \"high\"\nwords = [\"our-\"]\nregex = 'our-[0-9]{6}'\n";
    let patterns = Patterns::with(text).expect("patterns");
    assert_eq!(patterns.find(b"our-123456")[0].id, "ours");
    for (broken, message) in [
        ("id = 1", "unknown field `id`"),
        (&text.replace("high", "grave")[..], "`grave`"),
        (&text.replace("[0-9]", "[0-9"), "unclosed character class"),
        (&text.replace("\"our-\"", ""), "needs words"),
        (
            &text.replace("\"ours\"", "\"jwt\""),
            "another one of this id",
        ),
    ] {
        let shown = Patterns::with(broken).expect_err("a mistake").to_string();
        assert!(shown.contains(message), "{shown}");
    }
}

proptest! {
    /// Whatever the bytes: no panic, places in order that do not overlap, nothing found in clear.
    #[test]
    fn any_bytes(parts in prop::collection::vec(prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[ -~\n]{0,40}".prop_map(String::into_bytes),
        (0..samples().len()).prop_map(|number| samples()[number].1.clone().into_bytes()),
    ], 0..12)) {
        let bytes = parts.concat();
        let found = Patterns::builtin().find(&bytes);
        for pair in found.windows(2) {
            prop_assert!(pair[0].range.end <= pair[1].range.start);
        }
        for one in &found {
            prop_assert!(one.range.end <= bytes.len() && one.line <= one.end_line);
            let secret = String::from_utf8_lossy(&bytes[one.range.clone()]).into_owned();
            prop_assert!(!one.shown.contains(&secret), "{}", one.shown);
        }
    }
}
