//! From a kubeconfig, or from within a pod, to a server that answers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use document::Keys;
use model::KubernetesVersion;
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::api::{Api, Failure, chain};
use crate::collect::{self, Collected};
use crate::discovery::{self, Discovered};
use crate::kubeconfig::{self, KubeconfigError, Login, Places};
use crate::naming::Naming;
use crate::object::Maker;
use crate::pace::Pace;
use crate::scope::{Scope, UnknownKind};
use crate::watch::{Event, Watch};

/// How long a server may say nothing while an answer is due.
const SILENCE: Duration = Duration::from_mins(1);

/// Which cluster.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Access {
    /// The kubeconfig to read; by default what `KUBECONFIG` names, else `~/.kube/config`, else the service account of the pod
    /// around.
    pub kubeconfig: Option<PathBuf>,
    /// The context in it; by default its current one.
    pub context: Option<String>,
}

/// Why a cluster cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No kubeconfig that can be used, or a login that it names does not work.
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    /// The service account of the pod around cannot be used.
    #[error("the service account of this pod cannot be used: {0}")]
    InCluster(String),
    /// The client cannot be made: a certificate, a login or a proxy does not work.
    #[error("cannot connect to {server}: {reason}")]
    Client {
        /// The address of the API server.
        server: String,
        /// Why.
        reason: String,
    },
    /// The server does not answer, or refuses to say what it serves.
    #[error("the API server at {server} does not say {what}: {reason}")]
    Server {
        /// Its address.
        server: String,
        /// What was asked.
        what: &'static str,
        /// What came instead.
        reason: String,
        /// What to do about it.
        hint: String,
    },
    /// The threads of the client cannot be started.
    #[error("cannot start the client of the Kubernetes API")]
    Runtime(#[source] std::io::Error),
}

impl ConnectError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            ConnectError::Kubeconfig(error) => error.hint(),
            ConnectError::Server { hint, .. } => {
                Some(hint).filter(|it| !it.is_empty()).map(|it| &**it)
            }
            ConnectError::InCluster(_) | ConnectError::Client { .. } | ConnectError::Runtime(_) => {
                None
            }
        }
    }
}

/// A cluster that answers.
#[derive(Debug)]
pub struct Session {
    runtime: Runtime,
    api: Arc<Api>,
    pace: Pace,
    context: String,
    login: Option<Login>,
    server: String,
    version: String,
}

/// What `/version` says.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Version {
    git_version: String,
}

impl Session {
    /// Finds the cluster and asks for its version.
    pub fn connect(access: &Access, pace: Pace) -> Result<Self, ConnectError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(ConnectError::Runtime)?;
        let (config, login) = runtime.block_on(configuration(access))?;
        let server = config.cluster_url.to_string();
        let client = {
            let _inside = runtime.enter();
            kube::Client::try_from(config).map_err(|error| {
                let failed = login.as_ref().and_then(|login| login.failed(&error));
                match failed {
                    Some(failed) => failed.into(),
                    None => ConnectError::Client {
                        server: server.clone(),
                        reason: chain(&error),
                    },
                }
            })?
        };
        let api = Arc::new(Api::new(client, pace));
        let mut session = Session {
            runtime,
            api,
            pace,
            context: match &login {
                Some(login) => login.context.clone(),
                None => "in-cluster".to_owned(),
            },
            login,
            server,
            version: String::new(),
        };
        let answer = session
            .runtime
            .block_on(session.api.get("/version", "application/json"));
        let answer = answer.map_err(|failure| session.failed("its version", &failure))?;
        let version: Version = serde_json::from_slice(&answer).unwrap_or_default();
        session.version = version.git_version;
        Ok(session)
    }

    /// What the cluster is called.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The version of the server as it says it: `v1.35.4`.
    pub fn server_version(&self) -> &str {
        &self.version
    }

    /// The version of Kubernetes; `None` where the server says something else.
    pub fn kubernetes_version(&self) -> Option<KubernetesVersion> {
        self.version.parse().ok()
    }

    /// Asks for everything that is served and can be listed.
    pub fn discover(&self) -> Result<Discovered, ConnectError> {
        let naming = Naming::new(&self.context);
        self.runtime
            .block_on(discovery::discover(&self.api, &naming))
            .map_err(|failure| self.failed("what it serves", &failure))
    }

    /// Lists what is in the scope. What cannot be listed is a problem.
    pub fn collect(
        &self,
        discovered: Discovered,
        scope: &Scope,
        keys: &Arc<Keys>,
    ) -> Result<Collected, UnknownKind> {
        let naming = Naming::new(&self.context);
        let plan = collect::Plan {
            api: Arc::clone(&self.api),
            maker: Arc::new(Maker::new(keys, &naming)),
            naming,
            page_size: self.pace.page_size,
        };
        self.runtime
            .block_on(collect::collect(plan, discovered, scope))
    }

    /// Watches what was listed from then on.
    pub fn watch(
        &self,
        collected: &mut Collected,
        scope: &Scope,
        keys: &Arc<Keys>,
    ) -> Watching<'_> {
        let naming = Naming::new(&self.context);
        let maker = Arc::new(Maker::new(keys, &naming));
        let followed = std::mem::take(&mut collected.followed);
        let _inside = self.runtime.enter();
        Watching {
            session: self,
            watch: Watch::start(followed, &self.api, &maker, &naming, scope),
        }
    }

    fn failed(&self, what: &'static str, failure: &Failure) -> ConnectError {
        ConnectError::Server {
            server: self.server.clone(),
            what,
            reason: failure.to_string(),
            hint: self.what_to_do(failure),
        }
    }

    fn what_to_do(&self, failure: &Failure) -> String {
        match (failure, &self.login) {
            // Everybody who is known may ask what is served.
            (Failure::Unauthorized(_) | Failure::Forbidden(_), Some(login)) => login.unknown(),
            (failure, _) if failure.is_untrusted() => {
                "the certificate authority of the cluster in the kubeconfig must be the one of this server".to_owned()
            }
            (Failure::Network(_), _) => format!(
                "is {} the right address, and reached from here? A VPN or a proxy may be needed",
                self.server
            ),
            _ => String::new(),
        }
    }
}

/// How to connect, and how one logs in; without the latter from within a pod.
async fn configuration(access: &Access) -> Result<(kube::Config, Option<Login>), ConnectError> {
    let (mut config, login) = match Places::here(access.kubeconfig.clone()).read()? {
        Some(found) => {
            let (config, login) = found.choose(access.context.as_deref()).await?;
            (config, Some(login))
        }
        None => match kube::Config::incluster() {
            Ok(config) if access.context.is_none() => (config, None),
            // Whoever is in a pod is told what is wrong with that.
            Err(error) if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() => {
                return Err(ConnectError::InCluster(chain(&error)));
            }
            _ => return Err(kubeconfig::nowhere().into()),
        },
    };
    // Requests are tried again here, where it is known what is worth it.
    config.default_retry = false;
    config.read_timeout = Some(SILENCE);
    config.reset_reader_on_write = true;
    Ok((config, login))
}

/// What changes in a cluster, as it happens.
#[derive(Debug)]
pub struct Watching<'s> {
    session: &'s Session,
    watch: Watch,
}

impl Watching<'_> {
    /// Waits for something to happen, at most for as long as `patience`, then for what happens soon after: until nothing does
    /// for as long as the first of two times, or for the second. `None` when nothing happened; no events when nothing is
    /// watched any more.
    pub fn next(
        &mut self,
        patience: Option<Duration>,
        together: (Duration, Duration),
    ) -> Option<Vec<Event>> {
        self.session
            .runtime
            .block_on(self.watch.next(patience, together))
    }
}
