//! `.checkov.yaml`: the keys that the documentation names, which are the flags of the command line.

use super::settings;
use crate::Construct;
use crate::construct::constructs;
use crate::input::Input;
use crate::keys::{self, Key, Read, Table};
use crate::reader::Reader;

const FILE: &str = "`.checkov.yaml`";

const RUN: &str = "it is about how Checkov runs";
const PRINTED: &str = "how a report is printed is said on the command line: `--format`, `--output`";
const PLATFORM: &str =
    "it is about Prisma Cloud; Seawall has no accounts and sends nothing anywhere";
const OTHER_FILES: &str = "Seawall looks at Kubernetes";
const IN_PYTHON: &str = "Seawall runs no Python";
const NEW_CONTROL: &str =
    "`seawall controls new` begins a control of your own, and `controls-dirs` adds its folder";

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
    read_by("skip-check", "`exclude-controls`", settings::skip_check),
    read_by("check", "`controls`", settings::check),
    read_by(
        "skip-path",
        "`exclude`; what begins with a dot is plain text to Checkov, everything else an expression",
        settings::skip_path,
    ),
    read_by("soft-fail", "`fail-on: none`", settings::soft_fail),
    read_by(
        "soft-fail-on",
        "`fail-on`, by its severity",
        settings::soft_fail_on,
    ),
    read_by(
        "hard-fail-on",
        "`fail-on`, by its severity",
        settings::hard_fail_on,
    ),
    read_by(
        "framework",
        "nothing where it names `kubernetes`, `helm`, `kustomize` or `all`: they are recognised",
        settings::framework,
    ),
    read_by(
        "skip-framework",
        "the same the other way round",
        settings::skip_framework,
    ),
    read_by(
        "baseline",
        "nothing by itself, with a note: name that file, too",
        settings::baseline,
    ),
    refused(
        "directory",
        "what to scan is said on the command line",
        "`seawall scan PATH`",
    ),
    refused(
        "file",
        "what to scan is said on the command line",
        "`seawall scan PATH`",
    ),
    refused(
        "var-file",
        "values are given to a scan, not to the configuration",
        "pass `--values FILE` to `seawall scan`",
    ),
    refused("external-checks-dir", IN_PYTHON, NEW_CONTROL),
    refused("external-checks-git", IN_PYTHON, NEW_CONTROL),
    refused("external-checks-public-key", IN_PYTHON, NEW_CONTROL),
    refused("run-all-external-checks", IN_PYTHON, NEW_CONTROL),
    refused(
        "protect-check",
        "nothing like it: exceptions in manifests can be locked, exclusions cannot",
        "`exceptions.locked` names controls that manifests cannot silence, `locked` keys of the file",
    ),
    refused(
        "create-baseline",
        "a baseline is written by a scan, not by the configuration",
        "`seawall scan --write-baseline FILE`",
    ),
    refused(
        "output-baseline-as-skipped",
        "baselined findings are marked in every report",
        "nothing is to do",
    ),
    refused(
        "docker-image",
        "a scan of Seawall reports no vulnerabilities of images",
        "`seawall sbom` reports those of a bill of materials",
    ),
    refused(
        "skip-cve-package",
        "a scan of Seawall reports no vulnerabilities of images",
        "`seawall sbom` reports those of a bill of materials",
    ),
    refused(
        "enable-secret-scan-all-files",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    refused(
        "block-list-secret-scan",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    refused(
        "scan-secrets-history",
        OTHER_FILES,
        "keep Checkov for secrets in other files",
    ),
    refused(
        "use-enforcement-rules",
        PLATFORM,
        "`fail-on` decides about the exit code",
    ),
    refused(
        "policy-metadata-filter",
        PLATFORM,
        "`controls` and `exclude-controls` take tags, too",
    ),
    refused(
        "policy-metadata-filter-exception",
        PLATFORM,
        "`controls` and `exclude-controls` take tags, too",
    ),
    refused(
        "no-fail-on-crash",
        "what could not be completed exits with 2",
        "`seawall scan --allow-problems` leaves problems out of the exit code",
    ),
    unneeded("output", PRINTED),
    unneeded("output-file-path", PRINTED),
    unneeded("output-bc-ids", PLATFORM),
    unneeded("compact", PRINTED),
    unneeded("quiet", PRINTED),
    unneeded("summary-position", PRINTED),
    unneeded("skip-resources-without-violations", PRINTED),
    unneeded("custom-tool-name", PRINTED),
    unneeded("mask", "what may be a secret is always hidden in reports"),
    unneeded("support", PLATFORM),
    unneeded("add-check", RUN),
    unneeded("list", RUN),
    unneeded("version", RUN),
    unneeded("show-config", RUN),
    unneeded("create-config", RUN),
    unneeded("config-file", RUN),
    unneeded("bc-api-key", PLATFORM),
    unneeded("prisma-api-url", PLATFORM),
    unneeded("include-all-checkov-policies", PLATFORM),
    unneeded("skip-results-upload", PLATFORM),
    unneeded("skip-download", PLATFORM),
    unneeded("no-guide", PLATFORM),
    unneeded("skip-fixes", PLATFORM),
    unneeded("skip-suppressions", PLATFORM),
    unneeded("skip-policy-download", PLATFORM),
    unneeded("repo-id", PLATFORM),
    unneeded("branch", PLATFORM),
    unneeded("dockerfile-path", OTHER_FILES),
    unneeded("download-external-modules", OTHER_FILES),
    unneeded("external-modules-download-path", OTHER_FILES),
    unneeded("evaluate-variables", OTHER_FILES),
    unneeded("repo-root-for-plan-enrichment", OTHER_FILES),
    unneeded("deep-analysis", OTHER_FILES),
    unneeded("secrets-scan-file-type", OTHER_FILES),
    unneeded("secrets-history-timeout", OTHER_FILES),
    unneeded("ca-certificate", RUN),
    unneeded("no-cert-verify", RUN),
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
