//! Logins, from where container tools keep them: docker's `config.json`, podman's `auth.json`, pull secrets of Kubernetes,
//! and the helpers that these name.

mod file;
mod helper;
mod key;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use file::CredentialFile;
use helper::HelperError;
use key::Key;

/// Who asks. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Login {
    Password {
        user: String,
        password: String,
    },
    /// What tokens are given for.
    Identity(String),
    /// A token itself.
    Bearer(String),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Login::Password { .. } => "Password(…)",
            Login::Identity(_) => "Identity(…)",
            Login::Bearer(_) => "Bearer(…)",
        })
    }
}

/// A file of logins that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is not what it should be.
    #[error("{place}: {message}")]
    Content {
        /// The file, with line and column where they are known.
        place: String,
        /// What is wrong.
        message: String,
    },
}

/// All logins, in the order in which they are looked at.
#[derive(Debug, Default)]
pub struct Keyring {
    files: Vec<CredentialFile>,
    /// Usual files that cannot be used: told when a registry wants a login.
    failed: Vec<String>,
}

/// What the environment says of where logins are kept.
#[derive(Debug, Default)]
pub struct Places {
    /// `REGISTRY_AUTH_FILE`
    pub registry_auth_file: Option<OsString>,
    /// `XDG_RUNTIME_DIR`
    pub runtime: Option<OsString>,
    /// `XDG_CONFIG_HOME`
    pub config: Option<OsString>,
    /// `DOCKER_CONFIG`
    pub docker: Option<OsString>,
    /// The user's folder.
    pub home: Option<PathBuf>,
}

impl Places {
    /// The files, in the order in which podman and then docker look at them.
    fn files(&self) -> Vec<PathBuf> {
        let folder = |value: &Option<OsString>| {
            let folder = value.as_ref().map(PathBuf::from);
            folder.filter(|folder| folder.is_absolute())
        };
        let below = |folder: &str| self.home.as_ref().map(|home| home.join(folder));
        let podman = folder(&self.runtime).map(|folder| folder.join("containers/auth.json"));
        let config = folder(&self.config).or_else(|| below(".config"));
        let docker = self.docker.as_ref().filter(|docker| !docker.is_empty());
        let docker = docker.map(PathBuf::from).or_else(|| below(".docker"));
        let named = self.registry_auth_file.as_ref();
        let files = [
            named.filter(|file| !file.is_empty()).map(PathBuf::from),
            podman,
            config.map(|folder| folder.join("containers/auth.json")),
            docker.map(|folder| folder.join("config.json")),
            below(".dockercfg"),
        ];
        files.into_iter().flatten().collect()
    }
}

/// What is known of a registry's login.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) login: Option<Login>,
    /// Why some could not be had.
    pub(crate) failed: Vec<String>,
}

impl Keyring {
    /// Reads the files that the user names, all of which must be there, and the usual ones, as far as they are.
    pub fn read(named: &[PathBuf], usual: &Places) -> Result<Self, KeyringError> {
        let mut keyring = Self::default();
        for path in named {
            let text = fs_err::read_to_string(path)?;
            keyring.add(&name(path), &text)?;
        }
        for path in usual.files() {
            match fs_err::read_to_string(&path) {
                Ok(text) => {
                    if let Err(error) = keyring.add(&name(&path), &text) {
                        keyring.failed.push(error.to_string());
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => keyring.failed.push(error.to_string()),
            }
        }
        Ok(keyring)
    }

    /// Adds a file: docker's or podman's JSON, or Secrets of type `kubernetes.io/dockerconfigjson` and
    /// `kubernetes.io/dockercfg` in YAML or JSON.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), KeyringError> {
        self.files.append(&mut file::read(name, text)?);
        Ok(())
    }

    /// The login for a repository.
    pub(crate) fn find(&self, registry: &str, repository: &str) -> Found {
        let mut failed = self.failed.clone();
        for file in &self.files {
            match file.find(registry, repository) {
                Ok(Some(login)) => {
                    return Found {
                        login: Some(login),
                        failed,
                    };
                }
                Ok(None) => {}
                Err(error) => failed.push(format!("{}: {error}", file.name)),
            }
        }
        Found {
            login: None,
            failed,
        }
    }
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

impl CredentialFile {
    /// Helpers of one registry go before the helper of all, that before what the file itself has.
    fn find(&self, registry: &str, repository: &str) -> Result<Option<Login>, HelperError> {
        let best = |keys: &mut dyn Iterator<Item = &Key>| {
            let ranked = keys.enumerate().filter_map(|(place, key)| {
                let rank = key.rank(registry, repository)?;
                Some((rank, std::cmp::Reverse(place)))
            });
            ranked.max().map(|(_, place)| place.0)
        };
        let helper = best(&mut self.helpers.iter().map(|(key, _)| key));
        let helper = helper.map(|place| &self.helpers[place].1);
        let mut failed = None;
        for helper in helper.into_iter().chain(&self.store) {
            match helper::ask(helper, registry) {
                Ok(Some(login)) => return Ok(Some(login)),
                Ok(None) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let login = best(&mut self.logins.iter().map(|(key, _)| key));
        match (login, failed) {
            (Some(place), _) => Ok(Some(self.logins[place].1.clone())),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
