//! Kubescape: exceptions, inputs of controls, and the objects that its operator reads.

mod controls;
mod designator;
mod exceptions;
mod inputs;
mod labels;
mod names;
mod objects;

pub use inputs::{KubescapeInput, kubescape_inputs};

use crate::Construct;
use crate::construct::constructs;
use crate::format::Format;
use crate::input::Input;
use crate::reader::Reader;

const EXCEPTIONS: &str = "exceptions (JSON)";
const INPUTS: &str = "inputs of controls (JSON, `ControlInput`)";
const OBJECTS: &str = "`SecurityException`, `ClusterSecurityException`";
const FLAGS: &str = "command line";

const NO_VULNERABILITIES: &str =
    "a scan of Seawall reports no vulnerabilities of images, so that there is nothing to accept";
const USE_SBOM: &str = "`seawall sbom` reports those of a bill of materials";
const USE_ANNOTATION: &str =
    "put the annotation `seawall.dev/ignore` on those resources, or name them";

constructs! {
    NAME: read(EXCEPTIONS, "`name`", "a comment beside the entry");
    POLICY_TYPE: read(EXCEPTIONS, "`policyType: postureExceptionPolicy`", "an entry of `exceptions`");
    RESOURCES: read(EXCEPTIONS, "`resources`", "an entry for each designator");
    DISABLE: read(EXCEPTIONS, "`actions: [disable]`", "an accepted finding");
    ALERT_ONLY: read(EXCEPTIONS, "`actions: [alertOnly]`", "an accepted finding, with a note: newer versions of Kubescape go on failing those");
    ATTRIBUTE_NAME: read(EXCEPTIONS, "`attributes.name`", "`resource.name`; the expression as a glob that matches the same");
    ATTRIBUTE_KIND: read(EXCEPTIONS, "`attributes.kind`", "`resource.kind`");
    ATTRIBUTE_NAMESPACE: read(EXCEPTIONS, "`attributes.namespace`", "`resource.namespace`, and an entry for `Namespace` objects of that name, which Kubescape takes for inside of it");
    ATTRIBUTE_PATH: read(EXCEPTIONS, "`attributes.path`", "`paths`, where the expression is a path or a folder");
    CONTROL_ID: read(EXCEPTIONS, "`posturePolicies[].controlID`", "`control`: every control that carries an id that the expression matches");
    CONTROL_NAME: read(EXCEPTIONS, "`posturePolicies[].controlName`", "the same by the name");
    FRAMEWORK: read(EXCEPTIONS, "`posturePolicies[].frameworkName`", "the controls of the framework, with a note: the exception holds in every other framework too");
    EVERYTHING: read(EXCEPTIONS, "no `posturePolicies`, or an empty one", "every control that carries an id of Kubescape");
    REASON: read(EXCEPTIONS, "`reason`", "`reason`");
    EXPIRATION: read(EXCEPTIONS, "`expirationDate`", "`expires`, the last whole day (UTC) before it");
    CREATED_BY: read(EXCEPTIONS, "`createdBy`", "`owner`");
    EXPRESSION: refused(EXCEPTIONS, "a regular expression that no glob equals, such as `web-[0-9]+`", "selectors of Seawall are globs, and one that matches more would accept more", "write the entry with a glob: `web-*`, `web-[0-9]`");
    NO_NAMESPACE: refused(EXCEPTIONS, "`attributes.namespace: ^$` without a name", "a resource that names no namespace counts as `default`, and the entry would cover all of that", "name the resources");
    CLUSTER: refused(EXCEPTIONS, "`attributes.cluster`", "exceptions of Seawall do not select by cluster, and without it the entry would cover every cluster", "use a `seawall.yaml` for each cluster, with `extends` for what they share");
    LABELS: read(EXCEPTIONS, "`attributes` with labels", "`resource.labels`; Kubescape holds them against annotations, too, which Seawall does not");
    OBJECT_SELECTOR: read(EXCEPTIONS, "`objectSelector`: `matchLabels`, `matchExpressions` with `In` and `Exists`", "`resource.labels`");
LABEL_VALUE: refused(EXCEPTIONS, "a label whose value no label can have, such as `.*`", "Kubescape's documentation says that labels are no expressions", "write the value, or a glob in `resource.labels`");
    NOT_IN: refused(EXCEPTIONS, "`matchExpressions` with `NotIn` or `DoesNotExist`, also in objects", "`resource.labels` asks for labels that are there, and without the expression it would cover more", USE_ANNOTATION);
    DESIGNATOR: refused(EXCEPTIONS, "`designatorType` other than `Attributes`", "it names things by ids of Kubescape's cloud", "write the entry with kind, namespace and name");
    NO_RESOURCES: refused(EXCEPTIONS, "no `resources`, or empty `attributes`", "Kubescape applies such an exception to nothing", "name resources, or remove it");
    RULE: refused(EXCEPTIONS, "`posturePolicies[].ruleName`", "a rule is a part of a control of Kubescape, and accepting the control would accept more", "name the control of Seawall that finds the part: `seawall explain C-0000` lists those of an id");
    SEVERITY_SCORE: refused(EXCEPTIONS, "`posturePolicies[].severityScore`", "exceptions of Seawall do not select by severity", "name the controls");
    UNKNOWN_CONTROL: refused(EXCEPTIONS, "a control that no control of Seawall covers", "nothing of Seawall finds that, so that there is nothing to accept", "`docs/controls/coverage.md` lists what is covered");
    UNKNOWN_FRAMEWORK: refused(EXCEPTIONS, "a framework that is not Kubescape's own", "its controls are not known here", "name the controls");
    ACTIONS: refused(EXCEPTIONS, "other `actions`, or none", "what Kubescape does with them is not documented", "write `disable` or `alertOnly`, and migrate again");
    VULNERABILITY_POLICY: refused(EXCEPTIONS, "`policyType: vulnerabilityExceptionPolicy`", NO_VULNERABILITIES, USE_SBOM);
    IMAGE_POLICY: refused(EXCEPTIONS, "`kind: VulnerabilitiesIgnorePolicy` (`kubescape scan image --exceptions`)", NO_VULNERABILITIES, USE_SBOM);
    OTHER_POLICY: refused(EXCEPTIONS, "another `policyType`", "Kubescape's documentation names no such type", "write `postureExceptionPolicy`, and migrate again");
    BOOKKEEPING: unneeded(EXCEPTIONS, "`guid`, `creationTime`, `updatedTime`, `attributes` of the policy and other keys", "Kubescape does not decide by them");
    POSTURE_INPUTS: read(INPUTS, "`postureControlInputs`, also below `settings`", "`params` of each control that takes the input");
    CONTROL_INPUT: read(INPUTS, "`spec.controls` of a `ControlInput`", "the same");
    NO_PARAMETER: refused(INPUTS, "an input that no control of Seawall takes, such as `wlKnownNames`", "no control of Seawall has a parameter for it", "`seawall explain CONTROL` lists the parameters of a control");
    UNFIT_INPUT: refused(INPUTS, "an input that does not fit its parameter", "the parameter is of another type", "set the parameter by hand");
    INPUT_SCOPE: unneeded(INPUTS, "`name`, `scope`, `attributes` and other keys", "they say where the inputs are kept");
    OBJECT: read(OBJECTS, "`spec.posture[].controlID`, `.frameworkName`", "`control`, as in exceptions");
    OBJECT_ACTION: read(OBJECTS, "`spec.posture[].action`", "`ignore` and `alert_only` as `disable` and `alertOnly` in exceptions");
    OBJECT_RESOURCES: read(OBJECTS, "`spec.match.resources[]`: `kind`, `name`", "`resource.kind`, `resource.name`");
    OBJECT_GROUP: read(OBJECTS, "`spec.match.resources[].apiGroup`", "nothing, with a note: the kind decides alone");
    OBJECT_NAMESPACE: read(OBJECTS, "`metadata.namespace` of a `SecurityException`", "`resource.namespace`");
    NAMESPACE_SELECTOR: read(OBJECTS, "`spec.match.namespaceSelector` by the label `kubernetes.io/metadata.name`", "`resource.namespace`");
    OBJECT_REASON: read(OBJECTS, "`spec.reason`", "`reason`");
    OBJECT_AUTHOR: read(OBJECTS, "`spec.author`", "`owner`");
    OBJECT_EXPIRES: read(OBJECTS, "`spec.expiresAt`", "`expires`, the last whole day (UTC) before it");
    OBJECT_LABELS: refused(OBJECTS, "`spec.match.namespaceSelector` by other labels", "exceptions of Seawall do not select by labels of namespaces, and without them it would cover more", "name the namespaces");
    OBJECT_OBJECTS: read(OBJECTS, "`spec.match.objectSelector`: `matchLabels`, `matchExpressions` with `In` and `Exists`", "`resource.labels`");
    OBJECT_IMAGES: refused(OBJECTS, "`spec.match.images`", "it is about vulnerabilities; Kubescape does not ask it about controls", USE_SBOM);
    OBJECT_VULNERABILITIES: refused(OBJECTS, "`spec.vulnerabilities`", NO_VULNERABILITIES, USE_SBOM);
    OBJECT_OTHER: refused(OBJECTS, "another object of `kubescape.io`", "it is no exception and no input of controls", "nothing is to do where Kubescape's operator made it");
    ACCOUNT: unneeded("cached configuration (JSON)", "`accountID`, `accessKey`, `clusterName`, `cloudAPIURL`, `cloudReportURL`", "Seawall has no accounts and sends nothing anywhere");
}

/// What only the command line says: rows of the documentation, since no file holds them.
static ON_THE_COMMAND_LINE: &[Construct] = &[
    Construct::refused(
        FLAGS,
        "`--exclude-namespaces`, `--include-namespaces`",
        "there are no namespaces to leave out of a scan of files",
        "leave out their folders with `exclude`, or accept findings with `resource.namespace`",
    ),
    Construct::refused(
        FLAGS,
        "`--label-selector`",
        "it selects in a cluster",
        "`exclude` leaves out files",
    ),
    Construct::read(
        FLAGS,
        "`--severity-threshold high`",
        "`fail-on: high`, to be written by hand",
    ),
    Construct::read(
        FLAGS,
        "`--min-severity high`",
        "`min-severity: high`, to be written by hand",
    ),
    Construct::refused(
        FLAGS,
        "`--max-severity`",
        "there is no upper bound",
        "`exclude-controls` leaves controls out",
    ),
    Construct::refused(
        FLAGS,
        "`--compliance-threshold`, `--fail-threshold`, `--fail-coverage-below`",
        "a scan does not fail by a score",
        "`fail-on` and `fail-on-unknown` decide about the exit code",
    ),
    Construct::read(
        FLAGS,
        "`scan framework nsa`, `mitre`, `cis-…`",
        "`frameworks: nsa-cisa-1.2`, `mitre-attack-containers`, `cis-kubernetes-1.12`, … to be written by hand; `seawall list frameworks` lists them",
    ),
    Construct::read(
        FLAGS,
        "`scan control C-0057`",
        "`controls: C-0057`, to be written by hand",
    ),
    Construct::refused(
        FLAGS,
        "`--custom-rules`",
        "controls of Seawall are written in CEL",
        "`seawall controls new` begins one",
    ),
];

pub(crate) fn constructs() -> Vec<&'static Construct> {
    ALL.iter().copied().chain(ON_THE_COMMAND_LINE).collect()
}

/// Reads the files that are Kubescape's.
pub(crate) fn read(reader: &mut Reader<'_>, inputs: &[(&Input, Format)]) {
    for &(input, format) in inputs {
        match format {
            Format::KubescapeExceptions => exceptions::read(reader, input),
            Format::KubescapeInputs => inputs::read(reader, input),
            Format::KubescapeObjects => objects::read(reader, input),
            Format::KubescapeAccount => {
                reader.leave(&ACCOUNT, input.at(0..0), input.file_name());
            }
            Format::Broken => {
                let _ = reader.document(input);
            }
            _ => reader.others(input, format),
        }
    }
}
