//! Trivy: ignore files, `trivy.yaml`, and comments in manifests.

mod comments;
mod config;
mod ignore;
mod settings;

use crate::Construct;
use crate::construct::constructs;
use crate::format::Format;
use crate::input::Input;
use crate::keys;
use crate::reader::Reader;

pub(crate) use config::is_config_key;
pub(crate) use ignore::looks_like_ignore;

const IGNORE: &str = "`.trivyignore`";
const IGNORE_YAML: &str = "`.trivyignore.yaml`";
const COMMENT: &str = "comments in manifests";
const REGO: &str = "Rego (`--ignore-policy`, `--config-check`)";

const NO_VULNERABILITIES: &str =
    "a scan of Seawall reports no vulnerabilities of images, so that there is nothing to accept";
const USE_SBOM: &str = "`seawall sbom` reports those of a bill of materials";
const NOT_SCANNED: &str = "Seawall does not look for that";

constructs! {
    ID: read(IGNORE, "an id, in any of its spellings: `AVD-KSV-0012`, `KSV-0012`, `KSV0012`, `KSV012`", "an entry of `exceptions` for all files");
    COMMENT_ABOVE: read(IGNORE, "a comment above ids, up to the next empty line", "`reason`");
    EXPIRY: read(IGNORE, "`exp:2027-01-31`", "`expires`, the day before: Trivy's exception is over when the day begins");
    BAD_EXPIRY: refused(IGNORE, "`exp:` with something that is no day", "Trivy leaves out such a line", "correct the day, or remove the line");
    VULNERABILITY_ID: refused(IGNORE, "an id of a vulnerability: `CVE-…`, `GHSA-…`", NO_VULNERABILITIES, USE_SBOM);
    FOREIGN_ID: refused(IGNORE, "an id of a check for something else: `AVD-DS-0002` (Dockerfiles), `AVD-AWS-0104` (clouds)", "Seawall looks at Kubernetes", "keep the line for Trivy");
    UNKNOWN_ID: refused(IGNORE, "an id of a check of Kubernetes that no control covers", "nothing of Seawall finds that, so that there is nothing to accept", "`docs/controls/coverage.md` lists what is covered");
    OTHER_ID: refused(IGNORE, "a rule of secrets, or a licence", NOT_SCANNED, "keep the line for Trivy");
    MISCONFIGURATION: read(IGNORE_YAML, "`misconfigurations[].id`", "an entry of `exceptions`");
    PATHS: read(IGNORE_YAML, "`misconfigurations[].paths`", "`paths`");
    STATEMENT: read(IGNORE_YAML, "`misconfigurations[].statement`", "`reason`");
    EXPIRED_AT: read(IGNORE_YAML, "`misconfigurations[].expired_at`", "`expires`, the day before: Trivy's exception is over when the day begins");
    BAD_PATH: refused(IGNORE_YAML, "a path that no glob equals, such as `./x`, `a**b`, `{*,x}` or one with a backslash", "in Trivy it matches nothing, or something else than here", "write plain globs relative to the folder, with `/`");
    BAD_EXPIRED_AT: refused(IGNORE_YAML, "`expired_at` with something that is no day", "Trivy refuses such a file", "correct the day");
    VULNERABILITIES: refused(IGNORE_YAML, "`vulnerabilities`, also with `purls`", NO_VULNERABILITIES, USE_SBOM);
    SECRETS: refused(IGNORE_YAML, "`secrets`", NOT_SCANNED, "keep the entry for Trivy");
    LICENSES: refused(IGNORE_YAML, "`licenses`", NOT_SCANNED, "keep the entry for Trivy");
    OTHER_FIELD: unneeded(IGNORE_YAML, "other fields", "Trivy does not read them either");
    INLINE: read(COMMENT, "`# trivy:ignore:KSV-0012` above a node, or at the end of its line", "a comment to write above it: `# seawall: ignore[…]`; `--edit` writes it");
    INLINE_EXPIRY: read(COMMENT, "`# trivy:ignore:KSV-0012:exp:2027-01-31`", "`expires=` in that comment, the day before");
    INLINE_ALL: read(COMMENT, "`# trivy:ignore:*`", "a comment with every control that carries an id of Trivy");
    INLINE_TFSEC: read(COMMENT, "`# tfsec:ignore:…`", "the same");
    INLINE_TEMPLATE: refused(COMMENT, "a comment in the template of a chart", "the text is no YAML before it is rendered, so that nothing is written into it", "write the comment that is printed above it by hand: Seawall reads comments in templates");
    INLINE_PARAMETER: refused(COMMENT, "`# trivy:ignore:ID[key=value]`", "it asks about parameters of Terraform modules", "keep it for Trivy");
    INLINE_BAD: refused(COMMENT, "a comment whose id or day means nothing", "Trivy does not apply it, or nothing of Seawall finds that", "correct or remove it");
    POLICY: refused(REGO, "an ignore policy, a check", "Seawall evaluates no Rego", "`exceptions` accept findings; `seawall controls new` begins a control of your own");
}

pub(crate) fn constructs() -> Vec<&'static Construct> {
    ALL.iter()
        .copied()
        .chain(keys::constructs(&config::TABLE))
        .chain(config::constructs())
        .collect()
}

/// Reads the files that are Trivy's.
pub(crate) fn read(reader: &mut Reader<'_>, inputs: &[(&Input, Format)]) {
    for &(input, format) in inputs {
        match format {
            Format::TrivyIgnore => ignore::lines(reader, input),
            Format::TrivyIgnoreYaml => ignore::yaml(reader, input),
            Format::TrivyConfig => config::read(reader, input),
            Format::Rego => reader.leave(&POLICY, input.at(0..0), input.file_name()),
            Format::Manifest | Format::KubescapeObjects => comments::read(reader, input),
            Format::Template => comments::template(reader, input),
            _ => reader.others(input, format),
        }
    }
}
