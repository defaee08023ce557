//! `trivy.yaml`: the keys that the documentation names.

use super::settings;
use crate::Construct;
use crate::construct::constructs;
use crate::input::Input;
use crate::keys::{self, Key, Read, Table};
use crate::reader::Reader;

const FILE: &str = "`trivy.yaml`";

const RUN: &str = "it is about how Trivy runs";
const DATABASE: &str = "it is about Trivy's databases";
const IMAGES: &str = "it is about scans of images, packages and licences";
const CLUSTER: &str = "it is about scans of a cluster, and this is a scan of files";
const ELSEWHERE: &str = "Seawall does not look at that";

const fn read_by(name: &'static str, text: &'static str, read: Read) -> Key {
    Key {
        construct: Construct::read(FILE, name, text),
        read: Some(read),
    }
}

const fn refused(name: &'static str, text: &'static str, instead: &'static str) -> Key {
    Key {
        construct: Construct::refused(FILE, name, text, instead),
        read: None,
    }
}

const fn unneeded(name: &'static str, text: &'static str) -> Key {
    Key {
        construct: Construct::unneeded(FILE, name, text),
        read: None,
    }
}

constructs! {
    UNKNOWN: refused("`trivy.yaml`", "any other key", "it is not known here", "Trivy says whether it is a key at all; keep it there");
    SEVERITIES: refused("`trivy.yaml`", "`severity` with a gap, such as `[LOW, HIGH]`", "`min-severity` is a lower bound", "`overrides` give controls another severity, `exclude-controls` leaves them out");
    SKIPPED: refused("`trivy.yaml`", "a path of `skip-dirs` or `skip-files` outside of the folder, or with a backslash", "`exclude` is about files below the folder of seawall.yaml", "such files are scanned only when their path is named");
    VERSIONS: refused("`trivy.yaml`", "two versions of Kubernetes that differ, or one that is none", "`kubernetes-version` is one minor version", "set it by hand");
}

/// What becomes of each key.
pub(crate) static TABLE: Table = Table {
    keys: KEYS,
    unknown: &UNKNOWN,
};

static KEYS: &[Key] = &[
    read_by(
        "severity",
        "`min-severity`, where the severities have no gap",
        settings::severity,
    ),
    read_by(
        "exit-code",
        "`fail-on`: `none` for 0, else the smallest of `severity`",
        settings::exit_code,
    ),
    read_by("scan.skip-dirs", "`exclude`", settings::skip_dirs),
    read_by("scan.skip-files", "`exclude`", settings::skip_files),
    read_by("image.skip-dirs", "`exclude`", settings::skip_dirs),
    read_by("image.skip-files", "`exclude`", settings::skip_files),
    read_by("skip-dirs", "`exclude`", settings::skip_dirs),
    read_by("skip-files", "`exclude`", settings::skip_files),
    read_by(
        "kubernetes.k8s-version",
        "`kubernetes-version`",
        settings::version,
    ),
    read_by(
        "misconfiguration.helm.kube-version",
        "`kubernetes-version`",
        settings::version,
    ),
    read_by(
        "ignorefile",
        "nothing by itself, with a note: name that file, too",
        settings::ignore_file,
    ),
    refused(
        "ignore-policy",
        "Seawall evaluates no Rego",
        "`exceptions` accept findings",
    ),
    refused(
        "scan.compliance",
        "a framework is chosen by its own name",
        "`frameworks` takes the ids that `seawall list frameworks` prints",
    ),
    refused(
        "compliance",
        "a framework is chosen by its own name",
        "`frameworks` takes the ids that `seawall list frameworks` prints",
    ),
    refused(
        "scan.file-patterns",
        "Seawall knows Kubernetes by its content, whatever the file is called",
        "name files with another extension on the command line",
    ),
    refused(
        "misconfiguration.helm.values",
        "values are given to a scan, not to the configuration",
        "pass `--values FILE` to `seawall scan`",
    ),
    refused(
        "misconfiguration.helm.set",
        "values are given to a scan, not to the configuration",
        "pass `--set KEY=VALUE` to `seawall scan`",
    ),
    refused(
        "misconfiguration.helm.set-string",
        "values are given to a scan, not to the configuration",
        "pass `--set-string KEY=VALUE` to `seawall scan`",
    ),
    refused(
        "misconfiguration.helm.set-file",
        "values are given to a scan, not to the configuration",
        "pass `--set-file KEY=FILE` to `seawall scan`",
    ),
    refused(
        "misconfiguration.helm.api-versions",
        "they are given to a scan, not to the configuration",
        "pass `--api-versions VERSION` to `seawall scan`",
    ),
    refused(
        "misconfiguration.scanners",
        "what a file is decides how it is read; there is no list of scanners",
        "`exclude` leaves out files",
    ),
    refused(
        "misconfiguration.config-file-schemas",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own",
    ),
    refused(
        "misconfiguration.raw-config-scanners",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own",
    ),
    refused(
        "misconfiguration.checks-bundle-repository",
        "the controls of Seawall are in the program",
        "`controls-dirs` adds folders of your own",
    ),
    refused(
        "misconfiguration.policy-bundle-repository",
        "the controls of Seawall are in the program",
        "`controls-dirs` adds folders of your own",
    ),
    refused(
        "rego.check",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder",
    ),
    refused(
        "rego.policy",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder",
    ),
    refused(
        "rego.data",
        "Seawall evaluates no Rego",
        "`params` are what controls can be told",
    ),
    refused(
        "rego.namespaces",
        "Seawall evaluates no Rego",
        "every control of a folder in `controls-dirs` is known",
    ),
    refused(
        "rego.include-deprecated-checks",
        "controls are chosen by profile",
        "`profile: all` takes in deprecated ones",
    ),
    refused(
        "kubernetes.excludeNamespaces",
        CLUSTER,
        "`exclude` leaves out folders, `exceptions` select by namespace",
    ),
    refused(
        "kubernetes.includeNamespaces",
        CLUSTER,
        "name the folders to scan",
    ),
    refused("kubernetes.namespace", CLUSTER, "name the folders to scan"),
    refused(
        "kubernetes.excludeKinds",
        CLUSTER,
        "`exceptions` select by kind",
    ),
    refused(
        "kubernetes.includeKinds",
        CLUSTER,
        "`exceptions` select by kind",
    ),
    refused(
        "kubernetes.exclude.owned",
        CLUSTER,
        "name the files to scan",
    ),
    refused(
        "kubernetes.exclude.nodes",
        CLUSTER,
        "name the files to scan",
    ),
    refused(
        "vulnerability.ignore-status",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    refused(
        "vulnerability.ignore-unfixed",
        super::NO_VULNERABILITIES,
        "`seawall sbom --only-fixed` leaves out what has no fix",
    ),
    refused(
        "vulnerability.vex",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    refused(
        "vulnerability.type",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    refused(
        "vulnerability.severity-source",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    refused("secret.config", ELSEWHERE, "keep the file for Trivy"),
    refused("license.ignored", ELSEWHERE, "keep the entry for Trivy"),
    refused("exit-on-eol", ELSEWHERE, "keep the entry for Trivy"),
    unneeded("quiet", RUN),
    unneeded("debug", RUN),
    unneeded("insecure", RUN),
    unneeded("timeout", RUN),
    unneeded("cacert", RUN),
    unneeded(
        "format",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    unneeded(
        "output",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    unneeded("output-plugin-arg", RUN),
    unneeded("report", RUN),
    unneeded(
        "template",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    unneeded("table-mode", RUN),
    unneeded("dependency-tree", IMAGES),
    unneeded("list-all-pkgs", IMAGES),
    unneeded(
        "scan.show-suppressed",
        "accepted findings stay in the reports of Seawall",
    ),
    unneeded("scan.scanners", "Seawall looks for misconfigurations"),
    unneeded(
        "scan.security-checks",
        "Seawall looks for misconfigurations",
    ),
    unneeded("scan.offline", "Seawall fetches nothing"),
    unneeded("scan.offline-scan", "Seawall fetches nothing"),
    unneeded("scan.detection-priority", IMAGES),
    unneeded("scan.disable-telemetry", "Seawall sends nothing anywhere"),
    unneeded("scan.distro", IMAGES),
    unneeded("scan.parallel", RUN),
    unneeded("scan.slow", RUN),
    unneeded("scan.rekor-url", IMAGES),
    unneeded("scan.sbom-sources", IMAGES),
    unneeded("scan.skip-version-check", RUN),
    unneeded("cache.backend", RUN),
    unneeded("cache.dir", RUN),
    unneeded("cache.ttl", RUN),
    unneeded("cache.redis.ca", RUN),
    unneeded("cache.redis.cert", RUN),
    unneeded("cache.redis.key", RUN),
    unneeded("cache.redis.tls", RUN),
    unneeded("clean.all", RUN),
    unneeded("clean.checks-bundle", RUN),
    unneeded("clean.java-db", RUN),
    unneeded("clean.scan-cache", RUN),
    unneeded("clean.vex-repo", RUN),
    unneeded("clean.vuln-db", RUN),
    unneeded("db.download-java-only", DATABASE),
    unneeded("db.download-only", DATABASE),
    unneeded("db.java-repository", DATABASE),
    unneeded("db.java-skip-update", DATABASE),
    unneeded("db.no-progress", DATABASE),
    unneeded("db.repository", DATABASE),
    unneeded("db.skip-update", DATABASE),
    unneeded("db.light", DATABASE),
    unneeded("image.docker.host", IMAGES),
    unneeded("image.image-config-scanners", IMAGES),
    unneeded("image.input", IMAGES),
    unneeded("image.max-size", IMAGES),
    unneeded("image.platform", IMAGES),
    unneeded("image.podman.host", IMAGES),
    unneeded("image.removed-pkgs", IMAGES),
    unneeded("image.source", IMAGES),
    unneeded("kubernetes.burst", CLUSTER),
    unneeded("kubernetes.context", CLUSTER),
    unneeded("kubernetes.disableNodeCollector", CLUSTER),
    unneeded("kubernetes.kubeconfig", CLUSTER),
    unneeded("kubernetes.node-collector.imageref", CLUSTER),
    unneeded("kubernetes.node-collector.namespace", CLUSTER),
    unneeded("kubernetes.qps", CLUSTER),
    unneeded("kubernetes.skipImages", CLUSTER),
    unneeded("kubernetes.tolerations", CLUSTER),
    unneeded("license.confidenceLevel", IMAGES),
    unneeded("license.full", IMAGES),
    unneeded("license.forbidden", IMAGES),
    unneeded("license.notice", IMAGES),
    unneeded("license.permissive", IMAGES),
    unneeded("license.reciprocal", IMAGES),
    unneeded("license.restricted", IMAGES),
    unneeded("license.unencumbered", IMAGES),
    unneeded("ansible.extra-vars", ELSEWHERE),
    unneeded("ansible.inventories", ELSEWHERE),
    unneeded("ansible.playbooks", ELSEWHERE),
    unneeded("misconfiguration.cloudformation.params", ELSEWHERE),
    unneeded("misconfiguration.terraform.vars", ELSEWHERE),
    unneeded(
        "misconfiguration.terraform.exclude-downloaded-modules",
        ELSEWHERE,
    ),
    unneeded(
        "misconfiguration.download-checks-bundle-only",
        "the controls of Seawall are in the program",
    ),
    unneeded(
        "misconfiguration.reset-policy-bundle",
        "the controls of Seawall are in the program",
    ),
    unneeded(
        "misconfiguration.include-non-failures",
        "`--format json` counts what passed",
    ),
    unneeded("misconfiguration.render-cause", RUN),
    unneeded("module.dir", RUN),
    unneeded("module.enable-modules", RUN),
    unneeded("pkg.include-dev-deps", IMAGES),
    unneeded("pkg.relationships", IMAGES),
    unneeded("pkg.types", IMAGES),
    unneeded("registry.mirrors", IMAGES),
    unneeded("registry.password", IMAGES),
    unneeded("registry.password-stdin", IMAGES),
    unneeded("registry.registry-token", IMAGES),
    unneeded("registry.token", IMAGES),
    unneeded("registry.username", IMAGES),
    unneeded("rego.error-limit", RUN),
    unneeded("rego.skip-check-update", RUN),
    unneeded("rego.skip-policy-update", RUN),
    unneeded("rego.trace", RUN),
    unneeded(
        "repository.branch",
        "`seawall diff --git` compares revisions",
    ),
    unneeded(
        "repository.commit",
        "`seawall diff --git` compares revisions",
    ),
    unneeded("repository.tag", "`seawall diff --git` compares revisions"),
    unneeded("server.addr", RUN),
    unneeded("server.custom-headers", RUN),
    unneeded("server.listen", RUN),
    unneeded("server.token", RUN),
    unneeded("server.token-header", RUN),
    unneeded("cloud.update-cache", ELSEWHERE),
    unneeded("cloud.max-cache-age", ELSEWHERE),
    unneeded("cloud.aws.region", ELSEWHERE),
    unneeded("cloud.aws.endpoint", ELSEWHERE),
    unneeded("cloud.aws.account", ELSEWHERE),
    unneeded("vulnerability.skip-vex-repo-update", DATABASE),
];

/// Whether a key stands at the top of Trivy's configuration.
pub(crate) fn is_config_key(name: &str) -> bool {
    KEYS.iter().any(|key| {
        let known = key.construct.name;
        known == name || known.split('.').next() == Some(name)
    })
}

/// Constructs beside the keys.
pub(super) fn constructs() -> impl Iterator<Item = &'static Construct> {
    ALL.iter().copied().skip(1)
}

/// Reads the file.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    for root in document.roots() {
        keys::read(reader, root, &TABLE);
    }
}
