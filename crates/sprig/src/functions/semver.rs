//! `semver` and `semverCompare`.

use std::cmp::Ordering;
use std::rc::Rc;

use gotemplate::{Context, Failure, Host, Signature, Type, UintType, Value};

use super::{TEXT, TEXT_TEXT};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::semver::{Constraint, Version};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("semver", TEXT, semver),
    Entry::new("semverCompare", TEXT_TEXT, compare),
];

fn semver(call: &mut Call<'_>) -> Answer {
    let version = Version::parse(&call.text(0)).map_err(Failure::new)?;
    Ok(object(version, POINTER))
}

fn compare(call: &mut Call<'_>) -> Answer {
    let constraint = Constraint::parse(&call.text(0)).map_err(Failure::new)?;
    let version = Version::parse(&call.text(1)).map_err(Failure::new)?;
    Ok(Value::from(constraint.holds(&version)))
}

const POINTER: &str = "*semver.Version";
const STRUCT: &str = "semver.Version";

fn object(version: Version, type_name: &'static str) -> Value {
    let host: Rc<dyn Host> = Rc::new(VersionObject { version, type_name });
    host.into()
}

/// A version with its methods. What increments give is no pointer, and has fewer of them.
struct VersionObject {
    version: Version,
    type_name: &'static str,
}

static NONE: Signature = Signature::new(&[]);
static OTHER: Signature = Signature::new(&[Type::Host(POINTER)]);
static TEXT_ARGUMENT: Signature = Signature::new(&[Type::String]);

impl Host for VersionObject {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn method(&self, name: &str) -> Option<&Signature> {
        let is_pointer = self.type_name == POINTER;
        Some(match name {
            "Major" | "Minor" | "Patch" | "Prerelease" | "Metadata" | "String" | "IncMajor"
            | "IncMinor" | "IncPatch" => &NONE,
            "SetPrerelease" | "SetMetadata" => &TEXT_ARGUMENT,
            "Original" if is_pointer => &NONE,
            "Compare" | "Equal" | "LessThan" | "LessThanEqual" | "GreaterThan"
            | "GreaterThanEqual"
                if is_pointer =>
            {
                &OTHER
            }
            _ => return None,
        })
    }

    fn call(&self, name: &str, _: &mut dyn Context, arguments: &mut [Value]) -> Answer {
        let version = &self.version;
        let number = |index: usize| Ok(Value::uint_of(version.numbers[index], UintType::Uint64));
        match name {
            "Major" => number(0),
            "Minor" => number(1),
            "Patch" => number(2),
            "Prerelease" => Ok(Value::from(version.pre.as_str())),
            "Metadata" => Ok(Value::from(version.metadata.as_str())),
            "Original" => Ok(Value::from(version.original.as_str())),
            "String" => Ok(Value::from(version.to_string())),
            "IncMajor" => increment(version, 0),
            "IncMinor" => increment(version, 1),
            "IncPatch" => increment(version, 2),
            "SetPrerelease" | "SetMetadata" => set(version, name, &arguments[0]),
            _ => ordered(version, name, &arguments[0]),
        }
    }

    fn text(&self) -> Option<String> {
        Some(self.version.to_string())
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::from(self.version.to_string()))
    }
}

fn ordered(version: &Version, name: &str, other: &Value) -> Answer {
    let text = match other.data() {
        gotemplate::Data::Host(host) => host.text(),
        _ => None,
    };
    let other = Version::parse(&text.unwrap_or_default()).map_err(Failure::new)?;
    let order = version.compare(&other);
    Ok(match name {
        "Compare" => Value::int(order as i64),
        "Equal" => Value::from(order == Ordering::Equal),
        "LessThan" => Value::from(order == Ordering::Less),
        "LessThanEqual" => Value::from(order != Ordering::Greater),
        "GreaterThan" => Value::from(order == Ordering::Greater),
        _ => Value::from(order != Ordering::Less),
    })
}

/// The same with what it is written as made anew.
fn rewritten(mut version: Version) -> Value {
    let prefix = if version.original.starts_with('v') {
        "v"
    } else {
        ""
    };
    version.original = format!("{prefix}{version}");
    object(version, STRUCT)
}

fn increment(version: &Version, index: usize) -> Answer {
    let mut next = version.clone();
    next.pre = String::new();
    next.metadata = String::new();
    next.numbers[index + 1..].fill(0);
    // A prerelease comes before the patch that it is named after.
    if index < 2 || version.pre.is_empty() {
        let name = ["major", "minor", "patch"][index];
        next.numbers[index] = next.numbers[index].checked_add(1).ok_or_else(|| {
            Failure::new(format!("{name} version increment would overflow uint64"))
        })?;
    }
    Ok(rewritten(next))
}

fn set(version: &Version, name: &str, part: &Value) -> Answer {
    let part = part.as_str().unwrap_or_default();
    let mut next = version.clone();
    let is_pre = name == "SetPrerelease";
    let sign = if is_pre { '-' } else { '+' };
    if !part.is_empty() {
        let what = if is_pre { "prerelease" } else { "metadata" };
        let is_identifiers = part.split('.').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
        if !is_identifiers {
            return Err(Failure::new(format!("invalid {what} string")));
        }
        Version::parse(&format!("1.2.3{sign}{part}")).map_err(Failure::new)?;
    }
    let changed = if is_pre {
        &mut next.pre
    } else {
        &mut next.metadata
    };
    part.clone_into(changed);
    Ok(rewritten(next))
}
