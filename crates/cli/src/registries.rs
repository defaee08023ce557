//! Images of registries: how the flags and the environment say to ask, and the parts of an image as they are asked for.

use std::io::{self, Read};

use images::{ImageError, Remote};
use model::ImageRef;
use registry::{Blob, Client, Keyring, Patience, Places, Repository, Settings};

use crate::args::RegistryArgs;
use crate::errors::Hinted;

/// Who asks. Logins are read, and nobody is asked yet.
pub(crate) fn client(args: &RegistryArgs) -> anyhow::Result<Client> {
    let keyring = Keyring::read(&args.registry_auth, &places())?;
    Ok(Client::new(Settings {
        authorities: args.registry_ca.clone(),
        insecure: args.insecure_registry.iter().cloned().collect(),
        keyring,
        patience: Patience::default(),
    })?)
}

fn places() -> Places {
    Places {
        registry_auth_file: std::env::var_os("REGISTRY_AUTH_FILE"),
        runtime: std::env::var_os("XDG_RUNTIME_DIR"),
        config: std::env::var_os("XDG_CONFIG_HOME"),
        docker: std::env::var_os("DOCKER_CONFIG"),
        home: std::env::home_dir(),
    }
}

/// An image of a registry.
pub(crate) struct RegistryImage<'c> {
    repository: Repository<'c>,
    name: String,
    /// The digest that is asked for, else the tag.
    reference: String,
    digest: Option<String>,
}

impl<'c> RegistryImage<'c> {
    pub(crate) fn new(client: &'c Client, image: &ImageRef<'_>) -> Self {
        let tag = match (image.tag, image.digest) {
            ("", "") => "latest",
            (tag, _) => tag,
        };
        let mut name = image.name();
        for (sign, part) in [(':', tag), ('@', image.digest)] {
            if !part.is_empty() {
                name.push(sign);
                name.push_str(part);
            }
        }
        let digest = Some(image.digest).filter(|digest| !digest.is_empty());
        Self {
            repository: Repository::new(client, image),
            name,
            reference: digest.unwrap_or(tag).to_owned(),
            digest: digest.map(str::to_owned),
        }
    }
}

impl Remote for RegistryImage<'_> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn digest(&self) -> Option<String> {
        self.digest.clone()
    }

    fn manifest(&self, digest: Option<&str>, most: u64) -> io::Result<Vec<u8>> {
        let reference = digest.unwrap_or(&self.reference);
        self.repository
            .manifest(reference, most)
            .map_err(io::Error::other)
    }

    fn blob(&self, digest: &str, size: u64) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Blob::new(&self.repository, digest, size)))
    }
}

/// The error of an image, with what to do about it where the registry's answer tells.
pub(crate) fn explain(image: &str, error: ImageError) -> anyhow::Error {
    let said = error.of_remote();
    let hint = said.and_then(|said| said.downcast_ref::<registry::Error>()?.hint());
    let error = anyhow::Error::new(error).context(format!("reading the image {image}"));
    match hint {
        Some(hint) => {
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            Hinted::new(chain.join(": "), hint).into()
        }
        None => error,
    }
}
