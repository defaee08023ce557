//! Checkov: `.checkov.yaml`, `.checkov.baseline`, and annotations in manifests.

mod annotations;
mod baseline;
mod config;
mod settings;

use crate::Construct;
use crate::construct::constructs;
use crate::format::Format;
use crate::input::Input;
use crate::keys;
use crate::reader::Reader;

pub(crate) use config::is_config_key;

const BASELINE: &str = "`.checkov.baseline`";
const ANNOTATION: &str = "annotations in manifests";
const COMMENT: &str = "comments";

constructs! {
    FILE: read(BASELINE, "`failed_checks[].file`", "`paths`");
    RESOURCE: read(BASELINE, "`findings[].resource`: `Kind.namespace.name`", "`resource`");
    CHECK_IDS: read(BASELINE, "`findings[].check_ids`", "an entry of `exceptions`; `seawall scan --write-baseline` writes a baseline of Seawall's own");
    FOREIGN_RESOURCE: refused(BASELINE, "a resource that is none of Kubernetes, such as `aws_s3_bucket.logs`", "Seawall looks at Kubernetes", "keep it for Checkov");
    UNKNOWN_CHECK: refused(BASELINE, "a check that no control of Seawall covers", "nothing of Seawall finds that, so that there is nothing to accept", "`docs/controls/coverage.md` lists what is covered");
    SKIP: read(ANNOTATION, "`checkov.io/skip1: CKV_K8S_20=reason`, also `bridgecrew.io/skip1`", "an entry of `exceptions` for that object in that file");
    SKIP_WITHOUT_REASON: read(ANNOTATION, "`checkov.io/skip2: CKV_K8S_14`", "the same, with a reason that says that there was none");
    SKIP_UNKNOWN: refused(ANNOTATION, "an annotation with an id that no control covers", "nothing of Seawall finds that, so that there is nothing to accept", "remove it, or keep it for Checkov");
    SKIP_INNER: refused(ANNOTATION, "an annotation of a pod template", "Checkov reads those of the object itself only", "move it up, and migrate again");
    SKIP_PLACE: refused(ANNOTATION, "an annotation of an object without a name, or in a file outside of the folder", "no entry can be written that is about this object only", "put the annotation `seawall.dev/ignore` on it by hand");
    SKIP_TEMPLATE: refused(ANNOTATION, "an annotation in the template of a chart", "the text is no YAML before it is rendered", "put the annotation `seawall.dev/ignore: \"CONTROL: reason\"` beside it by hand");
    COMMENT_DOCKERFILE: refused(COMMENT, "`#checkov:skip=CKV_DOCKER_3:reason` in a Dockerfile", "Seawall looks at Kubernetes", "keep it for Checkov");
    COMMENT_MANIFEST: refused(COMMENT, "`#checkov:skip=CKV_K8S_20:reason` in a manifest, also `#bridgecrew:skip=`", "Checkov reads annotations in manifests, and comments in other files", "write the comment that is printed, if it was meant to skip");
}

pub(crate) fn constructs() -> Vec<&'static Construct> {
    ALL.iter()
        .copied()
        .chain(keys::constructs(&config::TABLE))
        .chain(config::constructs())
        .collect()
}

/// Reads the files that are Checkov's.
pub(crate) fn read(reader: &mut Reader<'_>, inputs: &[(&Input, Format)]) {
    for &(input, format) in inputs {
        match format {
            Format::CheckovConfig => config::read(reader, input),
            Format::CheckovBaseline => baseline::read(reader, input),
            Format::Manifest | Format::KubescapeObjects => annotations::read(reader, input),
            Format::Template => annotations::template(reader, input),
            Format::Dockerfile => annotations::dockerfile(reader, input),
            _ => reader.others(input, format),
        }
    }
}
