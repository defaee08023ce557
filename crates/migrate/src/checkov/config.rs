//! `.checkov.yaml`: the keys that the documentation names, which are the flags of the command line.

use super::settings;
use crate::Construct;
use crate::construct::constructs;
use crate::input::Input;
use crate::keys::{self, File, Key, Table};
use crate::reader::Reader;

const FILE: File = File("`.checkov.yaml`");

const RUN: &str = "it is about how Checkov runs";
const PRINTED: &str = "how a report is printed is said on the command line: `--format`, `--output`";
const PLATFORM: &str =
    "it is about Prisma Cloud; Seawall has no accounts and sends nothing anywhere";
const OTHER_FILES: &str = "Seawall looks at Kubernetes";
const IN_PYTHON: &str = "Seawall runs no Python";
const NEW_CONTROL: &str =
    "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder";

constructs! {
    UNKNOWN: refused("`.checkov.yaml`", "any other key", "it is not known here", "Checkov says whether it is a key at all; keep it there");
    WILDCARD: read("`.checkov.yaml`", "a wildcard in `check` or `skip-check`: `CKV_K8S_1*`", "every control that carries an id that it matches");
    SEVERITY: refused("`.checkov.yaml`", "a severity in `check` or `skip-check`", "Checkov's severities are those of Prisma Cloud, and Seawall's controls have their own", "`min-severity` is the lower bound of a report, `profile` chooses controls");
    UNKNOWN_CHECK: refused("`.checkov.yaml`", "a check that no control of Seawall covers", "nothing of Seawall looks at that", "`docs/controls/coverage.md` lists what is covered");
    ONLY: refused("`.checkov.yaml`", "`check`: that no other check runs", "`controls` adds to the profile, and no profile is empty", "`seawall scan --control ID` runs the default profile and these; `exclude-controls` leaves others out");
    FAIL_IDS: refused("`.checkov.yaml`", "a check in `soft-fail-on` or `hard-fail-on`", "a scan fails from a severity on, not by control", "`overrides` give a control a severity below or above `fail-on`");
    REGEX: refused("`.checkov.yaml`", "an expression in `skip-path` that no line of `.gitignore` equals", "`exclude` takes lines in the style of `.gitignore`, and one that matches more would leave out more", "write the lines by hand");
    OTHER_FRAMEWORK: refused("`.checkov.yaml`", "`framework` without `kubernetes`, `helm`, `kustomize` or `all`", "Seawall looks at Kubernetes, and at charts and kustomizations", "keep Checkov for the others");
}

/// What becomes of each key.
pub(crate) static TABLE: Table = Table {
    keys: KEYS,
    unknown: &UNKNOWN,
};

static KEYS: &[Key] = &[
    FILE.read("skip-check", "`exclude-controls`", settings::skip_check),
    FILE.read("check", "`controls`", settings::check),
    FILE.read(
        "skip-path",
        "`exclude`; what begins with a dot is plain text to Checkov, everything else an expression",
        settings::skip_path,
    ),
    FILE.read("soft-fail", "`fail-on: none`", settings::soft_fail),
    FILE.read(
        "soft-fail-on",
        "`fail-on`, by its severity",
        settings::soft_fail_on,
    ),
    FILE.read(
        "hard-fail-on",
        "`fail-on`, by its severity",
        settings::hard_fail_on,
    ),
    FILE.read(
        "framework",
        "nothing where it names `kubernetes`, `helm`, `kustomize` or `all`: they are recognised",
        settings::framework,
    ),
    FILE.read(
        "skip-framework",
        "the same the other way round",
        settings::skip_framework,
    ),
    FILE.read(
        "baseline",
        "nothing by itself, with a note: name that file, too",
        settings::baseline,
    ),
    FILE.refused(
        "directory",
        "what to scan is said on the command line",
        "`seawall scan PATH`",
    ),
    FILE.refused(
        "file",
        "what to scan is said on the command line",
        "`seawall scan PATH`",
    ),
    FILE.refused(
        "var-file",
        "values are given to a scan, not to the configuration",
        "pass `--values FILE` to `seawall scan`",
    ),
    FILE.refused("external-checks-dir", IN_PYTHON, NEW_CONTROL),
    FILE.refused("external-checks-git", IN_PYTHON, NEW_CONTROL),
    FILE.refused("external-checks-public-key", IN_PYTHON, NEW_CONTROL),
    FILE.refused("run-all-external-checks", IN_PYTHON, NEW_CONTROL),
    FILE.refused(
        "protect-check",
        "nothing like it: exceptions in manifests can be locked, exclusions cannot",
        "`exceptions.locked` names controls that manifests cannot silence, `locked` keys of the file",
    ),
    FILE.refused(
        "create-baseline",
        "a baseline is written by a scan, not by the configuration",
        "`seawall scan --write-baseline FILE`",
    ),
    FILE.refused(
        "output-baseline-as-skipped",
        "baselined findings are marked in every report",
        "nothing is to do",
    ),
    FILE.refused(
        "docker-image",
        "a scan of Seawall reports no vulnerabilities of images",
        "`seawall sbom` reports those of a bill of materials",
    ),
    FILE.refused(
        "skip-cve-package",
        "a scan of Seawall reports no vulnerabilities of images",
        "`seawall sbom` reports those of a bill of materials",
    ),
    FILE.refused(
        "enable-secret-scan-all-files",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    FILE.refused(
        "block-list-secret-scan",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    FILE.refused(
        "scan-secrets-history",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    FILE.refused(
        "use-enforcement-rules",
        PLATFORM,
        "`fail-on` decides about the exit code",
    ),
    FILE.refused(
        "policy-metadata-filter",
        PLATFORM,
        "`controls` and `exclude-controls` take tags, too",
    ),
    FILE.refused(
        "policy-metadata-filter-exception",
        PLATFORM,
        "`controls` and `exclude-controls` take tags, too",
    ),
    FILE.refused(
        "no-fail-on-crash",
        "what could not be completed exits with 2",
        "`seawall scan --allow-problems` leaves problems out of the exit code",
    ),
    FILE.unneeded("output", PRINTED),
    FILE.unneeded("output-file-path", PRINTED),
    FILE.unneeded("output-bc-ids", PLATFORM),
    FILE.unneeded("compact", PRINTED),
    FILE.unneeded("quiet", PRINTED),
    FILE.unneeded("summary-position", PRINTED),
    FILE.unneeded("skip-resources-without-violations", PRINTED),
    FILE.unneeded("custom-tool-name", PRINTED),
    FILE.unneeded("mask", "what may be a secret is always hidden in reports"),
    FILE.unneeded("support", PLATFORM),
    FILE.unneeded("add-check", RUN),
    FILE.unneeded("list", RUN),
    FILE.unneeded("version", RUN),
    FILE.unneeded("show-config", RUN),
    FILE.unneeded("create-config", RUN),
    FILE.unneeded("config-file", RUN),
    FILE.unneeded("bc-api-key", PLATFORM),
    FILE.unneeded("prisma-api-url", PLATFORM),
    FILE.unneeded("include-all-checkov-policies", PLATFORM),
    FILE.unneeded("skip-results-upload", PLATFORM),
    FILE.unneeded("skip-download", PLATFORM),
    FILE.unneeded("no-guide", PLATFORM),
    FILE.unneeded("skip-fixes", PLATFORM),
    FILE.unneeded("skip-suppressions", PLATFORM),
    FILE.unneeded("skip-policy-download", PLATFORM),
    FILE.unneeded("repo-id", PLATFORM),
    FILE.unneeded("branch", PLATFORM),
    FILE.unneeded("dockerfile-path", OTHER_FILES),
    FILE.unneeded("download-external-modules", OTHER_FILES),
    FILE.unneeded("external-modules-download-path", OTHER_FILES),
    FILE.unneeded("evaluate-variables", OTHER_FILES),
    FILE.unneeded("repo-root-for-plan-enrichment", OTHER_FILES),
    FILE.unneeded("deep-analysis", OTHER_FILES),
    FILE.unneeded("secrets-scan-file-type", OTHER_FILES),
    FILE.unneeded("secrets-history-timeout", OTHER_FILES),
    FILE.unneeded("ca-certificate", RUN),
    FILE.unneeded("no-cert-verify", RUN),
];

/// Whether a key is one of Checkov's configuration.
pub(crate) fn is_config_key(name: &str) -> bool {
    KEYS.iter().any(|key| key.construct.name == name)
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
