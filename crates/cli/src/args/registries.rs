//! The flags of everything that asks registries.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
pub(crate) struct RegistryArgs {
    /// Read logins from a file, too, before those of docker and podman: their JSON, or a manifest with pull secrets
    #[arg(long, value_name = "FILE")]
    pub(crate) registry_auth: Vec<PathBuf>,
    /// Trust these authorities, too (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) registry_ca: Vec<PathBuf>,
    /// Ask this registry without TLS
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(crate) insecure_registry: Vec<String>,
}
