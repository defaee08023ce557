//! From a kubeconfig, or from within a pod, to a server that answers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use document::Keys;
use kube::config::{KubeConfigOptions, Kubeconfig};
use model::KubernetesVersion;
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::api::{Api, Failure, chain};
use crate::collect::{self, Collected};
use crate::discovery::{self, Discovered};
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
    /// No kubeconfig that can be used.
    #[error("{0}")]
    Configuration(String),
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
    },
    /// The threads of the client cannot be started.
    #[error("cannot start the client of the Kubernetes API")]
    Runtime(#[source] std::io::Error),
}

/// A cluster that answers.
#[derive(Debug)]
pub struct Session {
    runtime: Runtime,
    api: Arc<Api>,
    pace: Pace,
    context: String,
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
        let (config, context) = runtime.block_on(configuration(access))?;
        let server = config.cluster_url.to_string();
        let client = {
            let _inside = runtime.enter();
            kube::Client::try_from(config).map_err(|error| ConnectError::Client {
                server: server.clone(),
                reason: chain(&error),
            })?
        };
        let api = Arc::new(Api::new(client, pace));
        let mut session = Session {
            runtime,
            api,
            pace,
            context,
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
        }
    }
}

/// How to connect, and what that is called.
async fn configuration(access: &Access) -> Result<(kube::Config, String), ConnectError> {
    let failed = |error: &dyn std::error::Error| ConnectError::Configuration(chain(error));
    let kubeconfig = match &access.kubeconfig {
        Some(file) => Kubeconfig::read_from(file),
        None => Kubeconfig::read(),
    };
    let is_asked_for = access.kubeconfig.is_some() || access.context.is_some();
    let mut found = match kubeconfig {
        Ok(kubeconfig) => {
            let context = access
                .context
                .clone()
                .or_else(|| kubeconfig.current_context.clone());
            let options = KubeConfigOptions {
                context: access.context.clone(),
                ..KubeConfigOptions::default()
            };
            let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
            (
                config.map_err(|error| failed(&error))?,
                context.unwrap_or_default(),
            )
        }
        Err(error) => match kube::Config::incluster() {
            Ok(config) if !is_asked_for => (config, "in-cluster".to_owned()),
            _ => return Err(failed(&error)),
        },
    };
    // Requests are tried again here, where it is known what is worth it.
    found.0.default_retry = false;
    found.0.read_timeout = Some(SILENCE);
    found.0.reset_reader_on_write = true;
    Ok(found)
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
