//! How a kubeconfig says that one logs in, and what is wrong when that does not work.

use std::borrow::Cow;
use std::io;
use std::process::Output;

use kube::client::AuthError;
use kube::config::{ExecConfig, KubeconfigError as Refused, LoadDataError};

use super::{KubeconfigError, shown};
use crate::api::{chain, one_line};

/// How one logs in, for messages.
#[derive(Debug)]
pub(crate) struct Login {
    pub(super) at: String,
    pub(crate) context: String,
    pub(super) cluster: String,
    pub(super) user: String,
    pub(super) has_user: bool,
    pub(super) exec: Option<ExecConfig>,
    /// The `auth-provider` that gives credentials, where there is one.
    pub(super) provider: Option<String>,
}

/// Providers that were part of Kubernetes' own clients, and what came in their place.
const GONE: [(&str, &str); 2] = [
    (
        "gcp",
        "use the exec plugin: install `gke-gcloud-auth-plugin`, then `gcloud container clusters get-credentials NAME` writes the user anew",
    ),
    (
        "azure",
        "use the exec plugin: install `kubelogin`, then `kubelogin convert-kubeconfig` writes the user anew",
    ),
];

impl Login {
    /// What is wrong when a login does not work; `None` where it is not about the login. Nothing of what a command printed on
    /// standard output is told: that is a credential.
    pub(crate) fn failed(&self, error: &kube::Error) -> Option<KubeconfigError> {
        let error = match error {
            kube::Error::Auth(error) => error,
            kube::Error::InferKubeconfig(error) => return Some(refused(self, error)),
            kube::Error::RustlsTls(error) => {
                let what = format!(
                    "the certificates of context `{}` cannot be used: {}",
                    self.context,
                    chain(error)
                );
                let hint = "the certificate authority and the client certificate with its key must be PEM, and belong together";
                return Some(KubeconfigError::new(self.at.clone(), what, hint));
            }
            _ => return None,
        };
        if let Some(error) = self.provider_failed() {
            return Some(error);
        }
        let user = &self.user;
        let command = self.exec.as_ref().and_then(|exec| exec.command.as_deref());
        let command = one_line(command.unwrap_or_default());
        let mut hint: Cow<'_, str> =
            "run the command yourself to see what it says: you may have to log in again".into();
        let what = match error {
            AuthError::AuthExecStart(error) if error.kind() == io::ErrorKind::NotFound => {
                let install = self
                    .exec
                    .as_ref()
                    .and_then(|exec| exec.install_hint.as_deref());
                hint = match install {
                    Some(install) => one_line(install).into(),
                    None => "install it, or name it with its whole path".into(),
                };
                format!("user `{user}` logs in with the command `{command}`, which is not there")
            }
            AuthError::AuthExecStart(error) => format!(
                "user `{user}` logs in with the command `{command}`, which cannot be started: {}",
                one_line(&error.to_string())
            ),
            AuthError::AuthExecRun { out, .. } => format!(
                "user `{user}` logs in with the command `{command}`, which failed{}",
                said(out)
            ),
            AuthError::AuthExecParse(_) | AuthError::ExecPluginFailed => format!(
                "user `{user}` logs in with the command `{command}`, which prints no credential"
            ),
            AuthError::MissingCommand => {
                hint = "write it under `users[].user.exec.command`".into();
                format!("user `{user}` logs in with a command that is not named")
            }
            AuthError::MalformedTokenExpirationDate(_) => {
                format!("the credential of user `{user}` has an expiry that is no time")
            }
            AuthError::ReadTokenFile(error, file) => {
                hint = "the file must hold the token; it is read again when it changes".into();
                format!(
                    "the token of user `{user}` lies in `{}`, which cannot be read: {}",
                    shown(file),
                    one_line(&error.to_string())
                )
            }
            AuthError::InvalidBearerToken(_) | AuthError::InvalidBasicAuth(_) => {
                hint = "a line break at its end is often the reason".into();
                format!("the credential of user `{user}` has characters that no header can carry")
            }
            other => format!("user `{user}` cannot log in: {}", chain(other)),
        };
        Some(KubeconfigError::new(self.at.clone(), what, hint))
    }

    /// What is wrong when an auth provider gives no credential. What it says is not told: kubectl knows it no more.
    fn provider_failed(&self) -> Option<KubeconfigError> {
        let provider = self.provider.as_deref()?;
        let user = &self.user;
        let known = GONE.iter().find(|(name, _)| *name == provider);
        let (what, hint) = match known {
            Some((_, hint)) => (
                "which Kubernetes took out of its clients in version 1.26",
                *hint,
            ),
            // An identity provider of one's own: what is wrong with it is said.
            None if provider == "oidc" => return None,
            None => (
                "which no client knows any more",
                "use an exec plugin: a command under `users[].user.exec` that prints a credential",
            ),
        };
        let provider = one_line(provider);
        let what = format!("user `{user}` logs in with the auth provider `{provider}`, {what}");
        Some(KubeconfigError::new(self.at.clone(), what, hint))
    }

    /// What to do when the server does not accept who asks.
    pub(crate) fn unknown(&self) -> String {
        let user = &self.user;
        if !self.has_user {
            return format!(
                "context `{}` names user `{user}`, which {} does not have",
                self.context, self.at
            );
        }
        let mut gone = GONE.iter();
        if let Some((name, hint)) = gone.find(|(name, _)| self.provider.as_deref() == Some(*name)) {
            return format!("the auth provider `{name}` of user `{user}` is of old: {hint}");
        }
        match self.exec.as_ref().and_then(|exec| exec.command.as_deref()) {
            Some(command) => format!(
                "log in again: user `{user}` takes what `{}` prints",
                one_line(command)
            ),
            None => format!(
                "the token or certificate of user `{user}` in {} may have expired: log in again",
                self.at
            ),
        }
    }
}

/// What a kubeconfig says that cannot be: an address, a certificate, a key.
pub(super) fn refused(login: &Login, error: &Refused) -> KubeconfigError {
    let data = |what: &str, error: &LoadDataError| match error {
        LoadDataError::DecodeBase64(_) => (format!("{what} is no base64"), String::new()),
        LoadDataError::ReadFile(error, file) => (
            format!(
                "{what} lies in `{}`, which cannot be read: {}",
                shown(file),
                one_line(&error.to_string())
            ),
            "paths are relative to the folder of the kubeconfig".to_owned(),
        ),
        LoadDataError::NoBase64DataOrFile => (
            format!("{what} is not given"),
            "a client certificate needs its key, and the other way round".to_owned(),
        ),
    };
    let Login { cluster, user, .. } = login;
    let (what, hint) = match error {
        Refused::MissingClusterUrl => (
            format!("cluster `{cluster}` has no `server`"),
            "write the address of its API server there: `https://HOST:6443`".to_owned(),
        ),
        Refused::ParseClusterUrl(_) => (
            format!("the `server` of cluster `{cluster}` is no address"),
            "write it as `https://HOST:6443`".to_owned(),
        ),
        Refused::ParseProxyUrl(_) => (
            format!("the proxy for cluster `{cluster}` is no address"),
            "look at its `proxy-url` and at the variables `HTTPS_PROXY` and `HTTP_PROXY`"
                .to_owned(),
        ),
        Refused::LoadCertificateAuthority(error) => data(
            &format!("the certificate authority of cluster `{cluster}`"),
            error,
        ),
        Refused::LoadClientCertificate(error) => {
            data(&format!("the client certificate of user `{user}`"), error)
        }
        Refused::LoadClientKey(error) => data(&format!("the client key of user `{user}`"), error),
        Refused::ParseCertificates(_) => (
            format!("the certificate authority of cluster `{cluster}` is no certificate in PEM"),
            String::new(),
        ),
        other => (chain(other), String::new()),
    };
    KubeconfigError::new(login.at.clone(), what, hint)
}

/// How a command ended, and the last line that it wrote for people.
fn said(out: &Output) -> String {
    let text = String::from_utf8_lossy(&out.stderr);
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    let code = out
        .status
        .code()
        .map_or(String::new(), |code| format!(" with exit status {code}"));
    last.map_or(code.clone(), |line| format!("{code}: {}", one_line(line)))
}
