//! Kubeconfigs: which files, what is wrong with them, and what to do about it.

mod login;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Keys, Limits, Source};
use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError as Refused};

use crate::api::{chain, one_line};

pub(crate) use self::login::Login;
use self::login::refused;

/// Names that a message lists.
const LISTED: usize = 8;

/// What is wrong with a kubeconfig, or with what it says.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{at}: {what}")]
pub struct KubeconfigError {
    /// The file, or the files that are read as one; with line and column where these are known.
    at: String,
    what: String,
    hint: Option<String>,
}

impl KubeconfigError {
    fn new(at: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        KubeconfigError {
            at: at.into(),
            what: what.into(),
            hint: Some(hint.into()).filter(|hint: &String| !hint.is_empty()),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// Kubeconfigs that were read as one.
pub(crate) struct Found {
    /// The files, for messages.
    at: String,
    config: Kubeconfig,
}

/// Where a kubeconfig may be.
pub(crate) struct Places {
    /// What the user named.
    pub(crate) asked: Option<PathBuf>,
    /// `KUBECONFIG`.
    pub(crate) variable: Option<OsString>,
    /// The folder of the user.
    pub(crate) home: Option<PathBuf>,
}

impl Places {
    /// What the environment says.
    pub(crate) fn here(asked: Option<PathBuf>) -> Self {
        Places {
            asked,
            variable: std::env::var_os("KUBECONFIG"),
            home: std::env::home_dir(),
        }
    }

    /// The kubeconfig; `None` where there is none and nobody said that there is one.
    pub(crate) fn read(&self) -> Result<Option<Found>, KubeconfigError> {
        if let Some(file) = &self.asked {
            return read_all(std::slice::from_ref(file)).map(Some);
        }
        let listed = self.variable.iter().flat_map(std::env::split_paths);
        let listed: Vec<PathBuf> = listed.filter(|file| !file.as_os_str().is_empty()).collect();
        if listed.is_empty() {
            let usual = self.home.as_ref().map(|home| home.join(".kube/config"));
            return match usual.filter(|file| file.exists()) {
                Some(file) => read_all(&[file]).map(Some),
                None => Ok(None),
            };
        }
        // As kubectl does: of several files those that are not there do not matter.
        let there: Vec<PathBuf> = listed
            .iter()
            .filter(|file| file.exists())
            .cloned()
            .collect();
        read_all(if there.is_empty() { &listed } else { &there }).map(Some)
    }
}

/// What to say when there is no kubeconfig at all.
pub(crate) fn nowhere() -> KubeconfigError {
    KubeconfigError::new(
        "~/.kube/config",
        "there is no kubeconfig, `KUBECONFIG` names none, and this is no pod with a service account",
        "name one with `--kubeconfig FILE`",
    )
}

fn read_all(files: &[PathBuf]) -> Result<Found, KubeconfigError> {
    let mut config = Kubeconfig::default();
    for file in files {
        let at = shown(file);
        let one = Kubeconfig::read_from(file).map_err(|error| unreadable(&at, file, &error))?;
        let merged = config.merge(one);
        config = merged.map_err(|error| KubeconfigError::new(at, chain(&error), ""))?;
    }
    let names: Vec<String> = files.iter().map(|file| shown(file)).collect();
    Ok(Found {
        at: names.join(", "),
        config,
    })
}

fn shown(file: &Path) -> String {
    one_line(&file.to_string_lossy())
}

fn unreadable(at: &str, file: &Path, error: &Refused) -> KubeconfigError {
    let Refused::ReadConfig(error, _) = error else {
        return malformed(at, file, error);
    };
    match error.kind() {
        io::ErrorKind::NotFound => KubeconfigError::new(
            at,
            "there is no such kubeconfig",
            "name another with `--kubeconfig FILE` or the variable `KUBECONFIG`",
        ),
        io::ErrorKind::PermissionDenied => KubeconfigError::new(
            at,
            "the kubeconfig may not be read",
            "whoever runs this needs to be allowed to read the file: look at its owner and mode",
        ),
        io::ErrorKind::IsADirectory => KubeconfigError::new(
            at,
            "the kubeconfig is a folder",
            "name the file in it: `--kubeconfig FILE`",
        ),
        _ => KubeconfigError::new(
            at,
            format!(
                "the kubeconfig cannot be read: {}",
                one_line(&error.to_string())
            ),
            "",
        ),
    }
}

/// No YAML, or YAML that is something else.
fn malformed(at: &str, file: &Path, error: &Refused) -> KubeconfigError {
    const HINT: &str = "`kubectl config view` reads the same file; write it anew with what made it, `aws eks update-kubeconfig` for one";
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let keys = Arc::new(Keys::new([]));
    let source = Source::new(at, text);
    let parsed = document::parse_yaml(Arc::clone(&source), &keys, &Limits::default());
    if let Some(error) = parsed.errors.first() {
        let start = source.line_column(error.span.start);
        let at = format!("{at}:{}:{}", start.line, start.column);
        let what = format!("the kubeconfig is no YAML: {}", one_line(&error.message));
        return KubeconfigError::new(at, what, HINT);
    }
    let (mut place, mut reason) = (at.to_owned(), chain(error));
    if let Refused::Parse(error) = error {
        if let Some(location) = error.location() {
            place = format!("{at}:{}:{}", location.line(), location.column());
        }
        // The first line says what; the others draw it.
        let text = error.to_string();
        reason = one_line(text.lines().next().unwrap_or_default());
    }
    KubeconfigError::new(place, format!("this is no kubeconfig: {reason}"), HINT)
}

impl Found {
    /// How to connect, and what that is called.
    pub(crate) async fn choose(
        self,
        context: Option<&str>,
    ) -> Result<(kube::Config, Login), KubeconfigError> {
        let current = self.config.current_context.as_deref();
        let current = current.filter(|name| !name.is_empty());
        let Some(name) = context.or(current).map(str::to_owned) else {
            return Err(self.no_context(None));
        };
        let mut contexts = self.config.contexts.iter();
        let found = contexts.find(|one| one.name == name);
        let Some(chosen) = found.and_then(|one| one.context.clone()) else {
            return Err(self.no_context(Some(&name)));
        };
        let mut clusters = self.config.clusters.iter();
        if !clusters.any(|one| one.name == chosen.cluster && one.cluster.is_some()) {
            let what = format!(
                "context `{name}` is of cluster `{}`, which is not there",
                chosen.cluster
            );
            let known = listed(self.config.clusters.iter().map(|one| &*one.name));
            return Err(self.wrong(
                &what,
                &format!("add it under `clusters`, or correct the context; there is {known}"),
            ));
        }
        let user = chosen.user.unwrap_or_default();
        let mut users = self.config.auth_infos.iter();
        let info = users.find(|one| one.name == user);
        let info_of = info.and_then(|one| one.auth_info.as_ref());
        let exec = info_of.and_then(|one| one.exec.clone());
        let provider = info_of.and_then(|one| Some(one.auth_provider.as_ref()?.name.clone()));
        let login = Login {
            at: self.at.clone(),
            context: name.clone(),
            cluster: chosen.cluster,
            has_user: user.is_empty() || info.is_some(),
            user,
            exec,
            provider,
        };
        let options = KubeConfigOptions {
            context: Some(name),
            ..KubeConfigOptions::default()
        };
        let config = kube::Config::from_custom_kubeconfig(self.config, &options).await;
        let config = config.map_err(|error| refused(&login, &error))?;
        Ok((config, login))
    }

    fn wrong(&self, what: &str, hint: &str) -> KubeconfigError {
        KubeconfigError::new(self.at.clone(), what, hint)
    }

    fn no_context(&self, asked: Option<&str>) -> KubeconfigError {
        let names = || self.config.contexts.iter().map(|one| &*one.name);
        let known = listed(names());
        if names().next().is_none() {
            return self.wrong(
                "the kubeconfig has no contexts",
                "name another with `--kubeconfig FILE`",
            );
        }
        match asked {
            Some(name) => self.wrong(
                &format!("there is no context `{}`", one_line(name)),
                &format!("there is {known}"),
            ),
            None => self.wrong(
                "the kubeconfig has no current context",
                &format!("choose one with `--context`: there is {known}"),
            ),
        }
    }
}

/// Names, the first of them.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{}`", one_line(name))).collect();
    names.sort();
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    match (names.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{}, and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
