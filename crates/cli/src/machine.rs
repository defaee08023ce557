//! Images that are on this machine already: where engines answer, and what containerd keeps.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use fs_err::File;
use images::Remote;
use model::ImageRef;

use crate::errors::Hinted;

/// Where docker's engine answers: what `DOCKER_HOST` says, else the usual places.
pub(crate) fn docker() -> Vec<PathBuf> {
    sockets(
        "DOCKER_HOST",
        "docker.sock",
        ".docker/run/docker.sock",
        "/var/run/docker.sock",
    )
}

/// Where podman's service answers.
pub(crate) fn podman() -> Vec<PathBuf> {
    sockets(
        "CONTAINER_HOST",
        "podman/podman.sock",
        ".local/share/containers/podman/machine/podman.sock",
        "/run/podman/podman.sock",
    )
}

fn sockets(variable: &str, own: &str, home: &str, system: &str) -> Vec<PathBuf> {
    let named = std::env::var(variable).ok();
    if let Some(path) = named.and_then(|host| host.strip_prefix("unix://").map(PathBuf::from)) {
        return vec![path];
    }
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join(own));
    let home = std::env::home_dir().map(|folder| folder.join(home));
    runtime
        .into_iter()
        .chain([PathBuf::from(system)])
        .chain(home)
        .collect()
}

/// An engine's error, with what to do about it.
#[cfg(unix)]
pub(crate) fn explain(error: registry::EngineError) -> anyhow::Error {
    use registry::EngineError;

    let hint = match &error {
        EngineError::Absent(_) => {
            "start it (`systemctl start docker`, `systemctl --user start podman.socket`), or name its socket: DOCKER_HOST or CONTAINER_HOST=unix:///PATH"
        }
        EngineError::NotFound { image, .. } => {
            let hint =
                format!("`docker pull {image}` fetches it; `--from registry` needs no engine");
            return Hinted::new(error.to_string(), hint).into();
        }
        EngineError::Io { message, .. } if message.contains("ermission denied") => {
            "who may use the engine is in the group of its socket, or root"
        }
        _ => return error.into(),
    };
    Hinted::new(error.to_string(), hint).into()
}

/// An image in containerd's store of content, whose files are named after their digests. Names are kept in a database that
/// belongs to containerd; pods say the digest (`imageID`).
pub(crate) struct Kept {
    folder: PathBuf,
    digest: String,
    name: String,
}

const STORES: &[&str] = &[
    "/var/lib/containerd/io.containerd.content.v1.content",
    "/var/lib/rancher/k3s/agent/containerd/io.containerd.content.v1.content",
    "/var/lib/rancher/rke2/agent/containerd/io.containerd.content.v1.content",
    "/var/snap/microk8s/common/var/lib/containerd/io.containerd.content.v1.content",
];

impl Kept {
    pub(crate) fn new(image: &str) -> anyhow::Result<Self> {
        let digest = ImageRef::split(image).digest;
        if digest.is_empty() || ImageRef::parse(image).is_err() {
            let hint = "`crictl images --digests` lists them, and a pod's `status.containerStatuses[].imageID` has its own";
            let message = format!("{image} has no digest, by which containerd keeps images");
            return Err(Hinted::new(message, hint).into());
        }
        let named = std::env::var_os("CONTAINERD_CONTENT").map(PathBuf::from);
        let mut folders = named.into_iter().chain(STORES.iter().map(PathBuf::from));
        let folder = folders.find(|folder| folder.is_dir()).ok_or_else(|| {
            let message = format!("containerd keeps nothing at {}", STORES.join(", "));
            Hinted::new(message, "CONTAINERD_CONTENT names its folder `io.containerd.content.v1.content`; only root may read it")
        })?;
        Ok(Self {
            folder,
            digest: digest.to_owned(),
            name: image.to_owned(),
        })
    }

    fn open(&self, digest: &str) -> io::Result<File> {
        let name = digest.replacen(':', "/", 1);
        File::open(self.folder.join("blobs").join(name))
    }
}

impl Remote for Kept {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn digest(&self) -> Option<String> {
        Some(self.digest.clone())
    }

    fn manifest(&self, digest: Option<&str>, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = self.open(digest.unwrap_or(&self.digest))?;
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it has more than {most} bytes")));
        }
        Ok(bytes)
    }

    fn blob(&self, digest: &str, _size: u64) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.open(digest)?))
    }
}
