//! Which operating system a tree is.

use crate::package::Package;

/// An operating system as it calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OsRelease {
    /// `debian`, `rhel`, … (`ID`).
    pub id: String,
    /// `12`, `9.4`; empty for what is released continuously (`VERSION_ID`).
    pub version: String,
    /// For people (`PRETTY_NAME`).
    pub name: String,
    /// How much the file knows: of several, the one with the lowest rank is believed.
    pub rank: u8,
}

/// How a support cycle is named after a version.
#[derive(Clone, Copy)]
enum Cycle {
    /// The whole version.
    Whole,
    /// Its first number.
    Major,
    /// Its first two numbers.
    Two,
}

/// A family of operating systems: `ID`, the namespace of its package URLs, and what its end of support is published under.
struct Family(&'static str, &'static str, Option<(&'static str, Cycle)>);

const FAMILIES: &[Family] = &[
    Family("almalinux", "almalinux", Some(("almalinux", Cycle::Major))),
    Family("alpaquita", "alpaquita", None),
    Family("alpine", "alpine", Some(("alpine-linux", Cycle::Two))),
    Family("amzn", "amazon", Some(("amazon-linux", Cycle::Whole))),
    Family("arch", "arch", None),
    Family(
        "azurelinux",
        "azurelinux",
        Some(("azure-linux", Cycle::Two)),
    ),
    Family(
        "bellsoft-hardened-containers",
        "bellsoft-hardened-containers",
        None,
    ),
    Family("centos", "centos", Some(("centos", Cycle::Major))),
    Family("chainguard", "chainguard", None),
    Family("debian", "debian", Some(("debian", Cycle::Major))),
    Family("fedora", "fedora", Some(("fedora", Cycle::Major))),
    Family("gentoo", "gentoo", None),
    Family("mageia", "mageia", Some(("mageia", Cycle::Major))),
    Family("mariner", "mariner", Some(("cbl-mariner", Cycle::Two))),
    Family("minimos", "minimos", None),
    Family("nixos", "nixos", Some(("nixos", Cycle::Two))),
    Family("ol", "oracle", Some(("oracle-linux", Cycle::Major))),
    Family("openeuler", "openeuler", Some(("openeuler", Cycle::Two))),
    Family("opensuse", "opensuse", Some(("opensuse", Cycle::Two))),
    Family("opensuse-leap", "opensuse", Some(("opensuse", Cycle::Two))),
    Family("opensuse-tumbleweed", "opensuse", None),
    Family("openwrt", "openwrt", Some(("openwrt", Cycle::Two))),
    Family("photon", "photon", Some(("vmware-photon", Cycle::Two))),
    Family("raspbian", "raspbian", Some(("debian", Cycle::Major))),
    Family("rhel", "redhat", Some(("rhel", Cycle::Major))),
    Family("rocky", "rocky", Some(("rocky-linux", Cycle::Major))),
    Family("sl-micro", "suse", Some(("suse-linux-micro", Cycle::Two))),
    Family("sle-micro", "suse", Some(("suse-linux-micro", Cycle::Two))),
    Family("sled", "suse", Some(("sles", Cycle::Two))),
    Family("sles", "suse", Some(("sles", Cycle::Two))),
    Family("ubuntu", "ubuntu", Some(("ubuntu", Cycle::Two))),
    Family("wolfi", "wolfi", None),
];

impl OsRelease {
    fn family(&self) -> Option<&'static Family> {
        FAMILIES.iter().find(|family| family.0 == self.id)
    }

    /// The namespace of its package URLs.
    pub fn namespace(&self) -> &str {
        self.family().map_or(&self.id, |family| family.1)
    }

    /// Alpine's rolling release calls itself by the version that it will become (`3.21_alpha20240807`).
    fn is_edge(&self) -> bool {
        self.id == "alpine" && (self.version.contains("_alpha") || self.name.ends_with(" edge"))
    }

    /// `debian-12`; the id alone where there is no version.
    pub fn distro(&self) -> String {
        if self.is_edge() {
            "alpine-edge".to_owned()
        } else if self.version.is_empty() {
            self.id.clone()
        } else {
            format!("{}-{}", self.id, self.version)
        }
    }

    /// The product and the cycle under which endoflife.date tells when its support ends.
    pub fn support_cycle(&self) -> Option<(&'static str, String)> {
        let (product, cycle) = self.family()?.2?;
        if self.is_edge() || self.version.is_empty() {
            return None;
        }
        let product = if product == "centos" && self.name.contains("Stream") {
            "centos-stream"
        } else {
            product
        };
        let parts = match cycle {
            Cycle::Whole => usize::MAX,
            Cycle::Major => 1,
            Cycle::Two => 2,
        };
        let cycle: Vec<&str> = self.version.split('.').take(parts).collect();
        Some((product, cycle.join(".")))
    }

    /// Completes the package URL of a package that this system installed: whose it is, and for which release.
    pub fn place(&self, package: &mut Package) {
        // Portage's namespace is the category, and what Nix builds is the same on every system.
        match package.parsed.kind.as_str() {
            "nix" => return,
            "ebuild" => {}
            _ => self.namespace().clone_into(&mut package.parsed.namespace),
        }
        let qualifiers = &mut package.parsed.qualifiers;
        qualifiers.insert("distro".to_owned(), self.distro());
        package.purl = package.parsed.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::FAMILIES;

    #[test]
    fn families_are_sorted_and_once() {
        let ids: Vec<_> = FAMILIES.iter().map(|family| family.0).collect();
        assert!(ids.is_sorted_by(|one, other| one < other));
    }
}
