//! KubeLinter: `.kube-linter.yaml`, and annotations in manifests.

mod annotations;
mod config;
mod custom;
mod templates;

use crate::Construct;
use crate::construct::constructs;
use crate::format::Format;
use crate::input::Input;
use crate::keys;
use crate::reader::Reader;

const CHECKS: &str = "`checks`";
const CUSTOM: &str = "`customChecks`";
const ANNOTATION: &str = "annotations in manifests";

const NEW_CONTROL: &str = "`seawall controls new` begins a control of your own";

constructs! {
    UNKNOWN_CHECK: refused(CHECKS, "a check that no control of Seawall covers", "nothing of Seawall looks at that", "`docs/controls/coverage.md` lists what is covered");
    OUTSIDE: refused(CHECKS, "a path of `ignorePaths` outside of the folder: `~/x`, `../x`, `/tmp/*.yaml`", "`exclude` is about files below the folder of seawall.yaml", "such files are scanned only when their path is named");
    TEMPLATE: read(CUSTOM, "`template` of a check without parameters, or with those of a built-in check", "`controls`: the control that covers it");
    PARAMETERS: read(CUSTOM, "`params` of `required-label`, `required-annotation`, `minimum-replicas`, `hpa-minimum-replicas`, `priority-class-name`, `host-mounts`", "`params` of the control");
    SCOPE: read(CUSTOM, "`scope.objectKinds`", "nothing, with a note: the control looks at all the kinds that it is for");
    TEXTS: unneeded(CUSTOM, "`description`, `remediation`", "a control has texts of its own");
    NO_CONTROL: refused(CUSTOM, "any other template or parameter", "no control of Seawall takes such parameters", NEW_CONTROL);
    NO_TEMPLATE: refused(CUSTOM, "a template that KubeLinter's documentation does not name", "it is not known here", NEW_CONTROL);
    IGNORE_CHECK: read(ANNOTATION, "`ignore-check.kube-linter.io/privileged-container: reason`, built-in or custom", "an entry of `exceptions` for that object in that file");
    IGNORE_ALL: read(ANNOTATION, "`kube-linter.io/ignore-all`", "the same with every control that carries an id of KubeLinter");
    IGNORE_UNKNOWN: refused(ANNOTATION, "an annotation with a check that no control covers", "nothing of Seawall finds that, so that there is nothing to accept", "remove it, or keep it for KubeLinter");
    IGNORE_INNER: refused(ANNOTATION, "an annotation of a pod template", "KubeLinter reads those of the object itself only", "move it up, and migrate again");
    IGNORE_PLACE: refused(ANNOTATION, "an annotation of an object without a name, or in a file outside of the folder", "no entry can be written that is about this object only", "put the annotation `seawall.dev/ignore` on it by hand");
    IGNORE_TEMPLATE: refused(ANNOTATION, "an annotation in the template of a chart", "the text is no YAML before it is rendered", "put the annotation `seawall.dev/ignore: \"CONTROL: reason\"` beside it by hand");
}

pub(crate) fn constructs() -> Vec<&'static Construct> {
    ALL.iter()
        .copied()
        .chain(keys::constructs(&config::TABLE))
        .collect()
}

/// Reads the files that are KubeLinter's: configurations first, since annotations name their checks.
pub(crate) fn read(reader: &mut Reader<'_>, inputs: &[(&Input, Format)]) {
    for &(input, format) in inputs {
        if format == Format::KubeLinterConfig {
            config::read(reader, input);
        }
    }
    for &(input, format) in inputs {
        match format {
            Format::KubeLinterConfig => {}
            Format::Manifest | Format::KubescapeObjects => {
                annotations::read(reader, input);
            }
            Format::Template => annotations::template(reader, input),
            _ => reader.others(input, format),
        }
    }
}
