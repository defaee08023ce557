//! Names of ecosystems and packages in the one form under which they are looked up, and what a package URL asks for.

use versions::Purl;

/// An ecosystem as it is looked up: `Ubuntu:22.04:LTS` is `Ubuntu:22.04`, `Red Hat:enterprise_linux:8::appstream` is
/// `Red Hat:8`.
pub fn normal_ecosystem(ecosystem: &str) -> String {
    let (base, suffix) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
    match base {
        "Ubuntu" => format!("Ubuntu:{}", suffix.trim_end_matches(":LTS"))
            .trim_end_matches(':')
            .to_owned(),
        "Red Hat" => {
            let version = suffix
                .split(':')
                .find(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            version.map_or_else(|| base.to_owned(), |version| format!("Red Hat:{version}"))
        }
        "Alpine" if suffix.starts_with(|c: char| c.is_ascii_digit()) => format!("Alpine:v{suffix}"),
        _ => ecosystem.to_owned(),
    }
}

/// A package's name as it is looked up: in lower case where the ecosystem does not tell names apart by case.
///
/// Go's paths are folded too, because package URLs used to be in lower case; no two modules differ by case alone.
pub fn normal_name(ecosystem: &str, name: &str) -> String {
    match ecosystem.split(':').next().unwrap_or(ecosystem) {
        "PyPI" => {
            let mut normal = String::with_capacity(name.len());
            for character in name.chars() {
                match character {
                    '-' | '_' | '.' if normal.ends_with('-') => {}
                    '-' | '_' | '.' => normal.push('-'),
                    _ => normal.extend(character.to_lowercase()),
                }
            }
            normal
        }
        "Go" | "NuGet" | "Packagist" | "Hex" | "GitHub Actions" | "SwiftURL" | "Bitnami"
        | "Pub" => name.to_lowercase(),
        _ => name.to_owned(),
    }
}

/// What to look up for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The ecosystem with its release: `Debian:12`.
    pub ecosystem: String,
    /// The name as the ecosystem's advisories have it: of the source package, where they are for these.
    pub name: String,
    /// The version.
    pub version: String,
}

impl Query {
    /// What a package URL asks for; `None` for a type that no advisories are published for.
    ///
    /// `upstream` names the source package (`name` or `name@version`), `distro` the release, `epoch` RPM's epoch.
    pub fn from_purl(purl: &Purl) -> Option<Self> {
        let joined = |separator: &str| {
            if purl.namespace.is_empty() {
                purl.name.clone()
            } else {
                format!("{}{separator}{}", purl.namespace, purl.name)
            }
        };
        let (ecosystem, name) = match purl.kind.as_str() {
            "golang" => ("Go".to_owned(), joined("/")),
            "npm" => ("npm".to_owned(), joined("/")),
            "composer" => ("Packagist".to_owned(), joined("/")),
            "swift" => ("SwiftURL".to_owned(), joined("/")),
            "githubactions" => ("GitHub Actions".to_owned(), joined("/")),
            "maven" => ("Maven".to_owned(), joined(":")),
            "hex" => ("Hex".to_owned(), purl.name.clone()),
            "pypi" => ("PyPI".to_owned(), purl.name.clone()),
            "cargo" => ("crates.io".to_owned(), purl.name.clone()),
            "gem" => ("RubyGems".to_owned(), purl.name.clone()),
            "nuget" => ("NuGet".to_owned(), purl.name.clone()),
            "pub" => ("Pub".to_owned(), purl.name.clone()),
            "hackage" => ("Hackage".to_owned(), purl.name.clone()),
            "cran" => ("CRAN".to_owned(), purl.name.clone()),
            "conan" => ("ConanCenter".to_owned(), purl.name.clone()),
            "bitnami" => ("Bitnami".to_owned(), purl.name.clone()),
            "julia" => ("Julia".to_owned(), purl.name.clone()),
            "deb" | "apk" | "rpm" => return Self::from_distribution(purl),
            _ => return None,
        };
        Some(Self {
            ecosystem,
            name,
            version: purl.version.clone(),
        })
    }

    fn from_distribution(purl: &Purl) -> Option<Self> {
        let distro = purl.qualifiers.get("distro").map_or("", String::as_str);
        // `debian-12`, `opensuse-leap-15.5`; a release alone; or a system that is released continuously.
        let is_release = distro.starts_with(|c: char| c.is_ascii_digit());
        let (id, release) = match distro.rsplit_once('-') {
            Some(_) if distro.starts_with("opensuse-tumbleweed") => ("opensuse-tumbleweed", ""),
            Some(parts) => parts,
            None if is_release => ("", distro),
            None => (distro, ""),
        };
        let ecosystem =
            distribution(id, release).or_else(|| distribution(&purl.namespace, release))?;
        let (mut name, mut version) = (purl.name.clone(), purl.version.clone());
        if let Some(epoch) = purl
            .qualifiers
            .get("epoch")
            .filter(|_| purl.kind == "rpm" && !version.contains(':'))
        {
            version = format!("{epoch}:{version}");
        }
        if let Some(source) = purl.qualifiers.get("upstream") {
            let (source, source_version) = source.split_once('@').unwrap_or((source, ""));
            // Red Hat's family names the packages that are installed, not their source.
            if purl.kind != "rpm" {
                source.clone_into(&mut name);
                if !source_version.is_empty() {
                    source_version.clone_into(&mut version);
                }
            }
        }
        Some(Self {
            ecosystem,
            name,
            version,
        })
    }
}

/// The ecosystem of a distribution by the id and version of its os-release.
pub fn distribution(id: &str, version: &str) -> Option<String> {
    let version = version.trim_start_matches("leap-");
    let major = version.split('.').next().unwrap_or(version);
    let two = version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let with = |base: &str, release: &str| {
        if release.is_empty() {
            base.to_owned()
        } else {
            format!("{base}:{release}")
        }
    };
    Some(match id.to_ascii_lowercase().as_str() {
        "debian" => with("Debian", major),
        "ubuntu" => with("Ubuntu", version),
        "alpine" => {
            let release = if two == "edge" {
                two
            } else {
                format!("v{}", two.trim_start_matches('v'))
            };
            with("Alpine", if release == "v" { "" } else { &release })
        }
        "alpaquita" => with("Alpaquita", version),
        "bellsoft-hardened-containers" => with("BellSoft Hardened Containers", version),
        "wolfi" => "Wolfi".to_owned(),
        "chainguard" => "Chainguard".to_owned(),
        "minimos" => "MinimOS".to_owned(),
        "almalinux" | "alma" => with("AlmaLinux", major),
        "rocky" | "rockylinux" => with("Rocky Linux", major),
        "redhat" | "rhel" | "centos" => with("Red Hat", major),
        "oracle" | "ol" | "oraclelinux" => with("Oracle Linux", major),
        // The first was named after the month of its release.
        "amazon" | "amzn" | "amazonlinux" if two.starts_with("201") => "Amazon Linux:1".to_owned(),
        "amazon" | "amzn" | "amazonlinux" => with("Amazon Linux", major),
        "azurelinux" | "mariner" | "azure" => with("Azure Linux", major),
        "photon" => with("Photon OS", &two),
        "mageia" => with("Mageia", major),
        "openeuler" => with("openEuler", version),
        "opensuse" | "opensuse-leap" => with("openSUSE", &format!("Leap {two}")),
        "opensuse-tumbleweed" => "openSUSE:Tumbleweed".to_owned(),
        "sle-micro" | "sle-micro-rancher" => with("SUSE", &format!("Linux Enterprise Micro {two}")),
        "sl-micro" => with("SUSE", &format!("Linux Micro {two}")),
        "sles" | "suse" | "sled" => {
            let pack = two
                .split_once('.')
                .filter(|(_, pack)| *pack != "0")
                .map_or(String::new(), |(_, pack)| format!(" SP{pack}"));
            with("SUSE", &format!("Linux Enterprise Server {major}{pack}"))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use versions::Purl;

    use super::{Query, normal_ecosystem, normal_name};

    fn query(purl: &str) -> (String, String, String) {
        let query = Query::from_purl(&Purl::parse(purl).unwrap()).unwrap();
        (query.ecosystem, query.name, query.version)
    }

    fn owned(parts: (&str, &str, &str)) -> (String, String, String) {
        (parts.0.to_owned(), parts.1.to_owned(), parts.2.to_owned())
    }

    #[test]
    fn package_urls_ask_their_ecosystem() {
        for (purl, expected) in [
            ("pkg:golang/stdlib@1.20.3", ("Go", "stdlib", "1.20.3")),
            (
                "pkg:golang/github.com/coder/coder/v2@v2.3.1",
                ("Go", "github.com/coder/coder/v2", "v2.3.1"),
            ),
            (
                "pkg:npm/%40babel/core@7.0.0",
                ("npm", "@babel/core", "7.0.0"),
            ),
            (
                "pkg:maven/org.apache/log4j@1.2",
                ("Maven", "org.apache:log4j", "1.2"),
            ),
            (
                "pkg:deb/debian/openssl@3.0.11?arch=source&distro=debian-12",
                ("Debian:12", "openssl", "3.0.11"),
            ),
            (
                "pkg:deb/debian/libssl3@3.0.11?distro=debian-12&upstream=openssl%403.0.11-1",
                ("Debian:12", "openssl", "3.0.11-1"),
            ),
            (
                "pkg:deb/ubuntu/bash@5?distro=ubuntu-22.04",
                ("Ubuntu:22.04", "bash", "5"),
            ),
            (
                "pkg:apk/alpine/musl@1.2?arch=source&distro=alpine-3.18.4",
                ("Alpine:v3.18", "musl", "1.2"),
            ),
            (
                "pkg:apk/alpaquita/musl@1.2?distro=alpaquita-23",
                ("Alpaquita:23", "musl", "1.2"),
            ),
            (
                "pkg:rpm/almalinux/bash@5?distro=almalinux-9.2&epoch=1",
                ("AlmaLinux:9", "bash", "1:5"),
            ),
            (
                "pkg:rpm/opensuse/bash@5?distro=opensuse-15.5",
                ("openSUSE:Leap 15.5", "bash", "5"),
            ),
            (
                "pkg:rpm/sles/bash@5?distro=sles-15.5",
                ("SUSE:Linux Enterprise Server 15 SP5", "bash", "5"),
            ),
            (
                "pkg:rpm/suse/bash@5?distro=sle-micro-5.5",
                ("SUSE:Linux Enterprise Micro 5.5", "bash", "5"),
            ),
            (
                "pkg:rpm/opensuse/bash@5?distro=opensuse-leap-15.5",
                ("openSUSE:Leap 15.5", "bash", "5"),
            ),
            (
                "pkg:rpm/opensuse/bash@5?distro=opensuse-tumbleweed-20240101",
                ("openSUSE:Tumbleweed", "bash", "5"),
            ),
            (
                "pkg:apk/bellsoft-hardened-containers/musl@1?distro=bellsoft-hardened-containers-23",
                ("BellSoft Hardened Containers:23", "musl", "1"),
            ),
            (
                "pkg:apk/alpine/musl@1?distro=alpine-edge",
                ("Alpine:edge", "musl", "1"),
            ),
            (
                "pkg:apk/wolfi/musl@1?distro=wolfi-20230201",
                ("Wolfi", "musl", "1"),
            ),
            (
                "pkg:deb/debian/bash@5?distro=debian",
                ("Debian", "bash", "5"),
            ),
            (
                "pkg:rpm/amazon/bash@5?distro=amzn-2018.03",
                ("Amazon Linux:1", "bash", "5"),
            ),
            (
                "pkg:rpm/redhat/bash@5?distro=rhel-9.4",
                ("Red Hat:9", "bash", "5"),
            ),
        ] {
            assert_eq!(query(purl), owned(expected), "{purl}");
        }
        assert_eq!(
            Query::from_purl(&Purl::parse("pkg:docker/nginx@1").unwrap()),
            None
        );
    }

    #[test]
    fn names_are_folded_where_the_ecosystem_folds_them() {
        assert_eq!(normal_name("PyPI", "Foo__Bar.baz"), "foo-bar-baz");
        assert_eq!(normal_name("npm", "JSONStream"), "JSONStream");
        assert_eq!(normal_ecosystem("Ubuntu:22.04:LTS"), "Ubuntu:22.04");
        assert_eq!(
            normal_ecosystem("Red Hat:enterprise_linux:8::appstream"),
            "Red Hat:8"
        );
        assert_eq!(normal_ecosystem("Debian:12"), "Debian:12");
    }
}
