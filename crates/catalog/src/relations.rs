//! What host objects answer beyond the fields of the manifest: how things in a scan relate to each other.
//! One table by area; the documentation page of relations is made from it.

mod network;
mod process;
mod rbac;
mod references;

/// A member or a method of a host object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Relation {
    /// The objects that answer it, as documentation names them: `pod`, `service`, …
    pub on: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The parameters of a method, written `name: type, …`; `None` for a member.
    pub arguments: Option<&'static str>,
    /// The type of the answer: `bool`, `string`, `list(pod)`, …
    pub result: &'static str,
    /// What it answers, and when that is unknown. In Markdown.
    pub about: &'static str,
}

/// The tables, in the order of the documentation.
const TABLES: [&[Relation]; 4] = [
    network::RELATIONS,
    rbac::RELATIONS,
    references::RELATIONS,
    process::RELATIONS,
];

/// All relations.
pub fn relations() -> impl Iterator<Item = &'static Relation> {
    TABLES.into_iter().flatten()
}

/// The number of a method: its position among the distinct names of methods.
///
/// # Panics
///
/// For a name that no table has. Used for constants, where that fails the build.
pub const fn method_number(name: &str) -> u16 {
    let mut number = 0;
    let mut table = 0;
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            let relation = &TABLES[table][row];
            if relation.arguments.is_some() && is_first(table, row) {
                if equal(relation.name.as_bytes(), name.as_bytes()) {
                    return number;
                }
                number += 1;
            }
            row += 1;
        }
        table += 1;
    }
    panic!("the method is not declared in a table of relations")
}

/// Whether no earlier row is a method with the same name.
const fn is_first(table: usize, row: usize) -> bool {
    let name = TABLES[table][row].name.as_bytes();
    let mut earlier_table = 0;
    while earlier_table <= table {
        let mut earlier_row = 0;
        while earlier_row < TABLES[earlier_table].len() {
            if earlier_table == table && earlier_row == row {
                return true;
            }
            let earlier = &TABLES[earlier_table][earlier_row];
            if earlier.arguments.is_some() && equal(earlier.name.as_bytes(), name) {
                return false;
            }
            earlier_row += 1;
        }
        earlier_table += 1;
    }
    true
}

const fn equal(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{TABLES, method_number, relations};
    use crate::declarations::{MEMBERS, declarations};

    #[test]
    fn numbers_of_methods_are_those_of_the_declarations() {
        let mut all = declarations().clone();
        let mut seen = 0;
        for relation in relations().filter(|relation| relation.arguments.is_some()) {
            let number = method_number(relation.name);
            assert_eq!(all.method(relation.name).0, number, "{}", relation.name);
            seen = seen.max(number + 1);
        }
        assert_eq!(all.method("no such method").0, seen);
    }

    #[test]
    fn members_are_declared() {
        let members = relations().filter(|relation| relation.arguments.is_none());
        for relation in members {
            assert!(MEMBERS.contains(&relation.name), "{}", relation.name);
        }
    }

    #[test]
    fn every_area_has_relations() {
        assert!(TABLES.iter().all(|table| !table.is_empty()));
    }
}
