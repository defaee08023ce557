//! Names of the policies.

use std::collections::BTreeSet;

/// The longest name that the API takes.
const LONGEST: usize = 253;

/// Names of one namespace, each once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// The name itself, or with a number behind it.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let name = valid(wanted);
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        let mut all = std::iter::once(name.clone()).chain(numbered);
        let free = all.find(|name| !self.0.contains(name)).unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

/// What the API takes as a name.
fn valid(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_kept = |char: char| char.is_ascii_alphanumeric() || char == '-';
    let name: String = lower
        .chars()
        .map(|char| if is_kept(char) { char } else { '-' })
        .collect();
    let name = name.get(..LONGEST - 12).unwrap_or(&name);
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_unique_and_valid() {
        let mut names = Names::default();
        assert_eq!(names.unique("allow-web"), "allow-web");
        assert_eq!(names.unique("allow-web"), "allow-web-2");
        assert_eq!(names.unique("allow-Web.v1_x/"), "allow-web-v1-x");
        assert!(names.unique(&"x".repeat(1000)).len() <= 253);
    }
}
