//! Lays a configuration over the one that it extends, and guards what that one locks.

use catalog::Diagnostic;
use document::NodeRef;

use super::Config;
use super::validate::mistake;

/// What `own` says, on top of what `base` says: values replace, rows are added.
pub(super) fn over(base: Config, own: Config) -> Config {
    Config {
        profile: own.profile.or(base.profile),
        frameworks: own.frameworks.or(base.frameworks),
        controls: own.controls.or(base.controls),
        exclude_controls: own.exclude_controls.or(base.exclude_controls),
        kubernetes_version: own.kubernetes_version.or(base.kubernetes_version),
        fail_on: own.fail_on.or(base.fail_on),
        fail_on_unknown: own.fail_on_unknown.or(base.fail_on_unknown),
        min_severity: own.min_severity.or(base.min_severity),
        exclude: joined(base.exclude, own.exclude),
        params: joined(base.params, own.params),
        overrides: joined(base.overrides, own.overrides),
        exceptions: joined(base.exceptions, own.exceptions),
        package_exceptions: joined(base.package_exceptions, own.package_exceptions),
        inline: own.inline.or(base.inline),
        inline_locked: joined(base.inline_locked, own.inline_locked),
        workloads: joined(base.workloads, own.workloads),
        controls_dirs: joined(base.controls_dirs, own.controls_dirs),
        locked: joined(base.locked, own.locked),
    }
}

fn joined<T>(mut base: Vec<T>, own: Vec<T>) -> Vec<T> {
    base.extend(own);
    base
}

/// The keys of a file that loosen what its base locks. Values that can be compared may be tightened;
/// of the others, none may be there.
pub(super) fn loosened(root: NodeRef<'_>, own: &Config, base: &Config) -> Vec<Diagnostic> {
    let locked = |name: &str| base.locked.iter().any(|key| key == name);
    root.entries()
        .filter(|entry| locked(entry.name()) && loosens(entry.name(), own, base))
        .map(|entry| {
            let message = format!("`{}` is locked by the extended configuration", entry.name());
            let hint = "it can only be made stricter here, or be removed".to_owned();
            mistake(root, entry.key_origin, message, Some(hint))
        })
        .collect()
}

fn loosens(key: &str, own: &Config, base: &Config) -> bool {
    match key {
        "profile" => own.profile < base.profile,
        "fail-on" => own
            .fail_on
            .is_some_and(|own| own.is_looser_than(base.fail_on.unwrap_or_default())),
        "fail-on-unknown" => {
            base.fail_on_unknown == Some(true) && own.fail_on_unknown == Some(false)
        }
        "min-severity" => own.min_severity > base.min_severity,
        _ => true,
    }
}
