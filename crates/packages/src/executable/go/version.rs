//! Versions that a Go program gives away.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::build_info::BuildInfo;

/// `v1.2.3`, also without `v`, with two numbers, with what Semantic Versioning allows after them.
static VERSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?([-+][0-9A-Za-z.+-]+)?$"));

/// `-X path.name=value`, in quotes or not, as flags of the linker have it.
static SETTING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"-X[ =]+(?:'([^'=]+)=([^']*)'|"([^"=]+)=([^"]*)"|([^\s='"]+)=(?:'([^']*)'|"([^"]*)"|(\S*)))"#,
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is one")
}

/// The version of Go, as the module of its library: `go1.22.1 X:loopvar` is `v1.22.1`.
pub(super) fn of_go(text: &str) -> Option<String> {
    // `devel go1.23-0123abc Tue …` is what will be 1.23.
    let (text, is_devel) = match text.strip_prefix("devel ") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let version = text.strip_prefix("go")?;
    let version = version.split([' ', '-', '+']).next()?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit());
    let ending = if is_devel { "-devel" } else { "" };
    is_version.then(|| format!("v{version}{ending}"))
}

/// The version of the main module: what the build says, or what it set a variable to that is called so.
pub(super) fn of_main(path: &str, version: &str, info: &BuildInfo) -> String {
    if !matches!(version, "" | "(devel)") {
        return version.to_owned();
    }
    let flags = info.setting("-ldflags").unwrap_or_default();
    let settings: Vec<(&str, &str)> = SETTING
        .captures_iter(&flags)
        .filter_map(|found| {
            let mut groups = found.iter().skip(1).flatten().map(|group| group.as_str());
            Some((groups.next()?, groups.next()?))
        })
        .filter(|(_, value)| VERSION.is_match(value))
        .collect();
    // The nearer to the main package, the surer that it is the program's own.
    let nearness: [&dyn Fn(&str) -> bool; 3] = [
        &|package| package == "main",
        &|package| package == path || is_below(package, path),
        &|package| package.ends_with("/version") || package.ends_with("/cmd"),
    ];
    for is_near in nearness {
        let found: BTreeSet<&str> = settings
            .iter()
            .filter(|(name, _)| is_version_of(name, is_near))
            .map(|(_, value)| *value)
            .collect();
        if let (Some(only), 1) = (found.first(), found.len()) {
            return if only.starts_with('v') {
                (*only).to_owned()
            } else {
                format!("v{only}")
            };
        }
    }
    String::new()
}

fn is_below(package: &str, path: &str) -> bool {
    package
        .strip_prefix(path)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether `package.variable` is called a version, in a package that counts.
fn is_version_of(name: &str, is_near: &dyn Fn(&str) -> bool) -> bool {
    // Paths have dots too: the variable follows the last one.
    let Some((package, variable)) = name.rsplit_once('.') else {
        return false;
    };
    let variable = variable.to_ascii_lowercase();
    let variable = variable.replace('_', "");
    let is_version = matches!(
        variable.as_str(),
        "version"
            | "ver"
            | "v"
            | "appversion"
            | "gitversion"
            | "buildversion"
            | "releaseversion"
            | "release"
            | "tag"
            | "gittag"
            | "versionstring"
            | "currentversion"
            | "semver"
            | "programversion"
            | "cliversion"
            | "mainversion"
            | "fullversion"
            | "productversion"
    );
    is_version && is_near(package)
}

#[cfg(test)]
mod tests {
    use super::{of_go, of_main};
    use crate::executable::go::build_info::BuildInfo;

    #[test]
    fn the_version_of_go_has_no_experiments() {
        for (text, expected) in [
            ("go1.22.1 X:loopvar", Some("v1.22.1")),
            ("go1.21rc2", Some("v1.21rc2")),
            ("go1.22.3-microsoft", Some("v1.22.3")),
            ("devel go1.23-0123 Tue", Some("v1.23-devel")),
            ("devel +0123", None),
        ] {
            assert_eq!(of_go(text).as_deref(), expected, "{text}");
        }
    }

    fn main(flags: &str) -> String {
        let info = BuildInfo {
            modules: format!("mod\texample.org/a\t(devel)\nbuild\t-ldflags={flags}\n"),
            ..BuildInfo::default()
        };
        of_main("example.org/a", "(devel)", &info)
    }

    #[test]
    fn the_linker_was_told_the_version() {
        assert_eq!(main("\"-w -X main.version=v1.0.0\""), "v1.0.0");
        assert_eq!(main("\"-X 'main.Version=1.2.3' -X main.date=x\""), "v1.2.3");
        assert_eq!(
            main("\"-X example.org/a/pkg/version.gitVersion=1.2.0-rc1\""),
            "v1.2.0-rc1"
        );
        assert_eq!(
            main("\"-X main.version=dev -X example.org/b.Version=2.0.0\""),
            ""
        );
        assert_eq!(
            main("\"-X main.version=1.0.0 -X main.appVersion=2.0.0\""),
            ""
        );
    }
}
