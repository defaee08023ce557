//! `trivy.yaml`: the keys that the documentation names.

use super::settings;
use crate::Construct;
use crate::construct::constructs;
use crate::input::Input;
use crate::keys::{self, File, Key, Table};
use crate::reader::Reader;

const FILE: File = File("`trivy.yaml`");

const RUN: &str = "it is about how Trivy runs";
const DATABASE: &str = "it is about Trivy's databases";
const IMAGES: &str = "it is about scans of images, packages and licences";
const CLUSTER: &str = "it is about scans of a cluster, and this is a scan of files";
const ELSEWHERE: &str = "Seawall does not look at that";

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
    FILE.read(
        "severity",
        "`min-severity`, where the severities have no gap",
        settings::severity,
    ),
    FILE.read(
        "exit-code",
        "`fail-on`: `none` for 0, else the smallest of `severity`",
        settings::exit_code,
    ),
    FILE.read("scan.skip-dirs", "`exclude`", settings::skip_dirs),
    FILE.read("scan.skip-files", "`exclude`", settings::skip_files),
    FILE.read("image.skip-dirs", "`exclude`", settings::skip_dirs),
    FILE.read("image.skip-files", "`exclude`", settings::skip_files),
    FILE.read("skip-dirs", "`exclude`", settings::skip_dirs),
    FILE.read("skip-files", "`exclude`", settings::skip_files),
    FILE.read(
        "kubernetes.k8s-version",
        "`kubernetes-version`",
        settings::version,
    ),
    FILE.read(
        "misconfiguration.helm.kube-version",
        "`kubernetes-version`",
        settings::version,
    ),
    FILE.read(
        "ignorefile",
        "nothing by itself, with a note: name that file, too",
        settings::ignore_file,
    ),
    FILE.refused(
        "ignore-policy",
        "Seawall evaluates no Rego",
        "`exceptions` accept findings",
    ),
    FILE.refused(
        "scan.compliance",
        "a framework is chosen by its own name",
        "`frameworks` takes the ids that `seawall list frameworks` prints",
    ),
    FILE.refused(
        "compliance",
        "a framework is chosen by its own name",
        "`frameworks` takes the ids that `seawall list frameworks` prints",
    ),
    FILE.refused(
        "scan.file-patterns",
        "Seawall knows Kubernetes by its content, whatever the file is called",
        "name files with another extension on the command line",
    ),
    FILE.refused(
        "misconfiguration.helm.values",
        "values are given to a scan, not to the configuration",
        "pass `--values FILE` to `seawall scan`",
    ),
    FILE.refused(
        "misconfiguration.helm.set",
        "values are given to a scan, not to the configuration",
        "pass `--set KEY=VALUE` to `seawall scan`",
    ),
    FILE.refused(
        "misconfiguration.helm.set-string",
        "values are given to a scan, not to the configuration",
        "pass `--set-string KEY=VALUE` to `seawall scan`",
    ),
    FILE.refused(
        "misconfiguration.helm.set-file",
        "values are given to a scan, not to the configuration",
        "pass `--set-file KEY=FILE` to `seawall scan`",
    ),
    FILE.refused(
        "misconfiguration.helm.api-versions",
        "they are given to a scan, not to the configuration",
        "pass `--api-versions VERSION` to `seawall scan`",
    ),
    FILE.refused(
        "misconfiguration.scanners",
        "what a file is decides how it is read; there is no list of scanners",
        "`exclude` leaves out files",
    ),
    FILE.refused(
        "misconfiguration.config-file-schemas",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own",
    ),
    FILE.refused(
        "misconfiguration.raw-config-scanners",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own",
    ),
    FILE.refused(
        "misconfiguration.checks-bundle-repository",
        "the controls of Seawall are in the program",
        "`controls-dirs` adds folders of your own",
    ),
    FILE.refused(
        "misconfiguration.policy-bundle-repository",
        "the controls of Seawall are in the program",
        "`controls-dirs` adds folders of your own",
    ),
    FILE.refused(
        "rego.check",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder",
    ),
    FILE.refused(
        "rego.policy",
        "Seawall evaluates no Rego",
        "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder",
    ),
    FILE.refused(
        "rego.data",
        "Seawall evaluates no Rego",
        "`params` are what controls can be told",
    ),
    FILE.refused(
        "rego.namespaces",
        "Seawall evaluates no Rego",
        "every control of a folder in `controls-dirs` is known",
    ),
    FILE.refused(
        "rego.include-deprecated-checks",
        "controls are chosen by profile",
        "`profile: all` takes in deprecated ones",
    ),
    FILE.refused(
        "kubernetes.excludeNamespaces",
        CLUSTER,
        "`exclude` leaves out folders, `exceptions` select by namespace",
    ),
    FILE.refused(
        "kubernetes.includeNamespaces",
        CLUSTER,
        "name the folders to scan",
    ),
    FILE.refused("kubernetes.namespace", CLUSTER, "name the folders to scan"),
    FILE.refused(
        "kubernetes.excludeKinds",
        CLUSTER,
        "`exceptions` select by kind",
    ),
    FILE.refused(
        "kubernetes.includeKinds",
        CLUSTER,
        "`exceptions` select by kind",
    ),
    FILE.refused(
        "kubernetes.exclude.owned",
        CLUSTER,
        "name the files to scan",
    ),
    FILE.refused(
        "kubernetes.exclude.nodes",
        CLUSTER,
        "name the files to scan",
    ),
    FILE.refused(
        "vulnerability.ignore-status",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    FILE.refused(
        "vulnerability.ignore-unfixed",
        super::NO_VULNERABILITIES,
        "`seawall sbom --only-fixed` leaves out what has no fix",
    ),
    FILE.refused(
        "vulnerability.vex",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    FILE.refused(
        "vulnerability.type",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    FILE.refused(
        "vulnerability.severity-source",
        super::NO_VULNERABILITIES,
        super::USE_SBOM,
    ),
    FILE.refused("secret.config", ELSEWHERE, "keep the file for Trivy"),
    FILE.refused("license.ignored", ELSEWHERE, "keep the entry for Trivy"),
    FILE.refused("exit-on-eol", ELSEWHERE, "keep the entry for Trivy"),
    FILE.unneeded("quiet", RUN),
    FILE.unneeded("debug", RUN),
    FILE.unneeded("insecure", RUN),
    FILE.unneeded("timeout", RUN),
    FILE.unneeded("cacert", RUN),
    FILE.unneeded(
        "format",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    FILE.unneeded(
        "output",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    FILE.unneeded("output-plugin-arg", RUN),
    FILE.unneeded("report", RUN),
    FILE.unneeded(
        "template",
        "how a report is printed is said on the command line: `--format`, `--output`",
    ),
    FILE.unneeded("table-mode", RUN),
    FILE.unneeded("dependency-tree", IMAGES),
    FILE.unneeded("list-all-pkgs", IMAGES),
    FILE.unneeded(
        "scan.show-suppressed",
        "accepted findings stay in the reports of Seawall",
    ),
    FILE.unneeded("scan.scanners", "Seawall looks for misconfigurations"),
    FILE.unneeded(
        "scan.security-checks",
        "Seawall looks for misconfigurations",
    ),
    FILE.unneeded("scan.offline", "Seawall fetches nothing"),
    FILE.unneeded("scan.offline-scan", "Seawall fetches nothing"),
    FILE.unneeded("scan.detection-priority", IMAGES),
    FILE.unneeded("scan.disable-telemetry", "Seawall sends nothing anywhere"),
    FILE.unneeded("scan.distro", IMAGES),
    FILE.unneeded("scan.parallel", RUN),
    FILE.unneeded("scan.slow", RUN),
    FILE.unneeded("scan.rekor-url", IMAGES),
    FILE.unneeded("scan.sbom-sources", IMAGES),
    FILE.unneeded("scan.skip-version-check", RUN),
    FILE.unneeded("cache.backend", RUN),
    FILE.unneeded("cache.dir", RUN),
    FILE.unneeded("cache.ttl", RUN),
    FILE.unneeded("cache.redis.ca", RUN),
    FILE.unneeded("cache.redis.cert", RUN),
    FILE.unneeded("cache.redis.key", RUN),
    FILE.unneeded("cache.redis.tls", RUN),
    FILE.unneeded("clean.all", RUN),
    FILE.unneeded("clean.checks-bundle", RUN),
    FILE.unneeded("clean.java-db", RUN),
    FILE.unneeded("clean.scan-cache", RUN),
    FILE.unneeded("clean.vex-repo", RUN),
    FILE.unneeded("clean.vuln-db", RUN),
    FILE.unneeded("db.download-java-only", DATABASE),
    FILE.unneeded("db.download-only", DATABASE),
    FILE.unneeded("db.java-repository", DATABASE),
    FILE.unneeded("db.java-skip-update", DATABASE),
    FILE.unneeded("db.no-progress", DATABASE),
    FILE.unneeded("db.repository", DATABASE),
    FILE.unneeded("db.skip-update", DATABASE),
    FILE.unneeded("db.light", DATABASE),
    FILE.unneeded("image.docker.host", IMAGES),
    FILE.unneeded("image.image-config-scanners", IMAGES),
    FILE.unneeded("image.input", IMAGES),
    FILE.unneeded("image.max-size", IMAGES),
    FILE.unneeded("image.platform", IMAGES),
    FILE.unneeded("image.podman.host", IMAGES),
    FILE.unneeded("image.removed-pkgs", IMAGES),
    FILE.unneeded("image.source", IMAGES),
    FILE.unneeded("kubernetes.burst", CLUSTER),
    FILE.unneeded("kubernetes.context", CLUSTER),
    FILE.unneeded("kubernetes.disableNodeCollector", CLUSTER),
    FILE.unneeded("kubernetes.kubeconfig", CLUSTER),
    FILE.unneeded("kubernetes.node-collector.imageref", CLUSTER),
    FILE.unneeded("kubernetes.node-collector.namespace", CLUSTER),
    FILE.unneeded("kubernetes.qps", CLUSTER),
    FILE.unneeded("kubernetes.skipImages", CLUSTER),
    FILE.unneeded("kubernetes.tolerations", CLUSTER),
    FILE.unneeded("license.confidenceLevel", IMAGES),
    FILE.unneeded("license.full", IMAGES),
    FILE.unneeded("license.forbidden", IMAGES),
    FILE.unneeded("license.notice", IMAGES),
    FILE.unneeded("license.permissive", IMAGES),
    FILE.unneeded("license.reciprocal", IMAGES),
    FILE.unneeded("license.restricted", IMAGES),
    FILE.unneeded("license.unencumbered", IMAGES),
    FILE.unneeded("ansible.extra-vars", ELSEWHERE),
    FILE.unneeded("ansible.inventories", ELSEWHERE),
    FILE.unneeded("ansible.playbooks", ELSEWHERE),
    FILE.unneeded("misconfiguration.cloudformation.params", ELSEWHERE),
    FILE.unneeded("misconfiguration.terraform.vars", ELSEWHERE),
    FILE.unneeded(
        "misconfiguration.terraform.exclude-downloaded-modules",
        ELSEWHERE,
    ),
    FILE.unneeded(
        "misconfiguration.download-checks-bundle-only",
        "the controls of Seawall are in the program",
    ),
    FILE.unneeded(
        "misconfiguration.reset-policy-bundle",
        "the controls of Seawall are in the program",
    ),
    FILE.unneeded(
        "misconfiguration.include-non-failures",
        "`--format json` counts what passed",
    ),
    FILE.unneeded("misconfiguration.render-cause", RUN),
    FILE.unneeded("module.dir", RUN),
    FILE.unneeded("module.enable-modules", RUN),
    FILE.unneeded("pkg.include-dev-deps", IMAGES),
    FILE.unneeded("pkg.relationships", IMAGES),
    FILE.unneeded("pkg.types", IMAGES),
    FILE.unneeded("registry.mirrors", IMAGES),
    FILE.unneeded("registry.password", IMAGES),
    FILE.unneeded("registry.password-stdin", IMAGES),
    FILE.unneeded("registry.registry-token", IMAGES),
    FILE.unneeded("registry.token", IMAGES),
    FILE.unneeded("registry.username", IMAGES),
    FILE.unneeded("rego.error-limit", RUN),
    FILE.unneeded("rego.skip-check-update", RUN),
    FILE.unneeded("rego.skip-policy-update", RUN),
    FILE.unneeded("rego.trace", RUN),
    FILE.unneeded(
        "repository.branch",
        "`seawall diff --git` compares revisions",
    ),
    FILE.unneeded(
        "repository.commit",
        "`seawall diff --git` compares revisions",
    ),
    FILE.unneeded("repository.tag", "`seawall diff --git` compares revisions"),
    FILE.unneeded("server.addr", RUN),
    FILE.unneeded("server.custom-headers", RUN),
    FILE.unneeded("server.listen", RUN),
    FILE.unneeded("server.token", RUN),
    FILE.unneeded("server.token-header", RUN),
    FILE.unneeded("cloud.update-cache", ELSEWHERE),
    FILE.unneeded("cloud.max-cache-age", ELSEWHERE),
    FILE.unneeded("cloud.aws.region", ELSEWHERE),
    FILE.unneeded("cloud.aws.endpoint", ELSEWHERE),
    FILE.unneeded("cloud.aws.account", ELSEWHERE),
    FILE.unneeded("vulnerability.skip-vex-repo-update", DATABASE),
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
