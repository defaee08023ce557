//! Which order the versions of an ecosystem have, by the names that advisories, package URLs and `vers:` use.

/// How versions are written and ordered.
///
/// Several ecosystems share one: all that package with apk are [`Scheme::Apk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[non_exhaustive]
pub enum Scheme {
    /// Digits and texts in turn; for ecosystems without an order of their own.
    Generic = 0,
    /// Debian's, as `dpkg --compare-versions`; also opkg's.
    Deb = 1,
    /// RPM's epoch, version and release.
    Rpm = 2,
    /// Alpine's, as apk-tools 3.
    Apk = 3,
    /// Semantic Versioning 2.0, read leniently: `v` in front, missing numbers are zero.
    Semver = 4,
    /// Go's: Semantic Versioning, and `go1.21rc2`.
    Go = 5,
    /// Python's, PEP 440; what it refuses comes before all.
    Pep440 = 6,
    /// Maven's `ComparableVersion`.
    Maven = 7,
    /// Ruby's `Gem::Version`.
    Gem = 8,
    /// `NuGet`'s: four numbers and a prerelease without regard to case.
    Nuget = 9,
    /// PHP's `version_compare`, without `v` in front.
    Packagist = 10,
    /// Dart's: Semantic Versioning where build metadata counts.
    Pub = 11,
    /// Numbers only: Hackage, CRAN, `intdot`.
    Dotted = 12,
    /// Arch Linux' `vercmp`.
    Alpm = 13,
    /// Gentoo's, from the Package Manager Specification.
    Gentoo = 14,
    /// Conan's.
    Conan = 15,
    /// OpenSSL's: `1.0.2za`, and Semantic Versioning since 3.0.
    Openssl = 16,
    /// RFC 3339 instants.
    Datetime = 17,
    /// The bytes themselves.
    Lexicographic = 18,
}

/// Every scheme, in the order of their numbers.
const ALL: [Scheme; 19] = [
    Scheme::Generic,
    Scheme::Deb,
    Scheme::Rpm,
    Scheme::Apk,
    Scheme::Semver,
    Scheme::Go,
    Scheme::Pep440,
    Scheme::Maven,
    Scheme::Gem,
    Scheme::Nuget,
    Scheme::Packagist,
    Scheme::Pub,
    Scheme::Dotted,
    Scheme::Alpm,
    Scheme::Gentoo,
    Scheme::Conan,
    Scheme::Openssl,
    Scheme::Datetime,
    Scheme::Lexicographic,
];

impl Scheme {
    /// Every scheme.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.into_iter()
    }

    /// The scheme with a number that [`Scheme::number`] gave; for file formats.
    pub fn from_number(number: u8) -> Option<Self> {
        ALL.get(usize::from(number)).copied()
    }

    /// A number for file formats; never changes.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The scheme of an ecosystem as the OSV schema names it, with or without a suffix (`Debian:12`), or as
    /// advisories of vendors and [package URL types](Self::from_type) name it.
    pub fn from_ecosystem(ecosystem: &str) -> Option<Self> {
        let (base, suffix) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
        Some(match base {
            "Debian" | "Ubuntu" | "Echo" => Self::Deb,
            "AlmaLinux" | "Amazon Linux" | "Azure Linux" | "Mageia" | "openEuler" | "openSUSE"
            | "Oracle Linux" | "Photon OS" | "Red Hat" | "Rocky Linux" | "SUSE" => Self::Rpm,
            "Alpaquita"
            | "Alpine"
            | "BellSoft Hardened Containers"
            | "Chainguard"
            | "MinimOS"
            | "Wolfi" => Self::Apk,
            // Root's packages carry the versions of the system they patch.
            "Root" => return Self::from_ecosystem(suffix),
            "Bioconductor" | "Bitnami" | "crates.io" | "GitHub Actions" | "Hex" | "Julia"
            | "Kubernetes" | "npm" | "SwiftURL" | "VSCode" => Self::Semver,
            "Go" => Self::Go,
            "PyPI" => Self::Pep440,
            "Maven" => Self::Maven,
            "RubyGems" => Self::Gem,
            "NuGet" => Self::Nuget,
            "Packagist" => Self::Packagist,
            "Pub" => Self::Pub,
            "CRAN" | "GHC" | "Hackage" => Self::Dotted,
            "Arch" => Self::Alpm,
            "Gentoo" => Self::Gentoo,
            "ConanCenter" => Self::Conan,
            "OpenSSL" => Self::Openssl,
            "Android"
            | "CleanStart"
            | "Docker Hardened Images"
            | "FreeBSD"
            | "Linux"
            | "OSS-Fuzz" => Self::Generic,
            _ => return Self::from_type(base),
        })
    }

    /// The scheme of a package URL's type, or the name of a scheme in `vers:`.
    pub fn from_type(kind: &str) -> Option<Self> {
        Some(match kind {
            "deb" | "debian" | "opkg" => Self::Deb,
            "rpm" => Self::Rpm,
            "apk" | "alpine" => Self::Apk,
            "semver" | "bitnami" | "cargo" | "github" | "hex" | "julia" | "npm" | "swift"
            | "nginx" | "githubactions" => Self::Semver,
            "golang" | "go" => Self::Go,
            "pypi" => Self::Pep440,
            "maven" => Self::Maven,
            "gem" => Self::Gem,
            "nuget" => Self::Nuget,
            "composer" => Self::Packagist,
            "pub" => Self::Pub,
            "cran" | "hackage" | "intdot" => Self::Dotted,
            "alpm" | "arch" => Self::Alpm,
            "ebuild" | "gentoo" | "portage" => Self::Gentoo,
            "conan" => Self::Conan,
            "openssl" => Self::Openssl,
            "datetime" => Self::Datetime,
            "lexicographic" => Self::Lexicographic,
            "generic" | "none" | "all" | "cocoapods" | "conda" | "cpan" | "luarocks" | "nix"
            | "oci" | "otp" | "vcpkg" => Self::Generic,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Scheme};

    #[test]
    fn numbers_lead_back() {
        for (index, scheme) in ALL.into_iter().enumerate() {
            assert_eq!(usize::from(scheme.number()), index);
            assert_eq!(Scheme::from_number(scheme.number()), Some(scheme));
        }
        assert_eq!(Scheme::from_number(19), None);
    }

    #[test]
    fn suffixes_do_not_matter() {
        assert_eq!(Scheme::from_ecosystem("Debian:12"), Some(Scheme::Deb));
        assert_eq!(
            Scheme::from_ecosystem("Ubuntu:22.04:LTS"),
            Some(Scheme::Deb)
        );
        assert_eq!(
            Scheme::from_ecosystem("Root:Alpine:3.18"),
            Some(Scheme::Apk)
        );
        assert_eq!(Scheme::from_ecosystem("golang"), Some(Scheme::Go));
        assert_eq!(Scheme::from_ecosystem("no such"), None);
    }
}
