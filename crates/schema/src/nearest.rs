//! What may have been meant by a field that does not exist. Only runs when there is one.

use crate::mismatch::{Hint, Place};
use crate::schema::Schema;
use crate::types::{Field, Shape, StructRef, TypeRef};

/// Names longer than this are not compared letter by letter.
const LONGEST: usize = 64;

/// The best guess for a name in the struct at a place.
pub(crate) fn hint<'s>(
    schema: &Schema<'s>,
    name: &str,
    place: &Place<'_>,
    minor: u8,
) -> Option<Hint<'s>> {
    let structure = place.structure?;
    let folded = fold(name);
    if let Some(same) = fields(schema, structure, minor).find(|field| fold(field.name) == folded) {
        return Some(Hint::Spelling(same.name));
    }
    let above =
        std::iter::successors(place.above, |place| place.above).find_map(|place| place.structure);
    if above.is_some_and(|above| has(schema, above, name, minor)) {
        return Some(Hint::Above);
    }
    let mut inner = fields(schema, structure, minor).filter(|field| {
        struct_of(schema, field.of).is_some_and(|inner| has(schema, inner, name, minor))
    });
    // Many mappings have such a field: then it says nothing.
    let below = inner.next().filter(|_| inner.next().is_none());
    // Almost everything has a name and metadata: for a misspelt field the spelling says more than they do.
    spelling(schema, structure, name, minor).or(below.map(|field| Hint::Below(field.name)))
}

fn spelling<'s>(
    schema: &Schema<'s>,
    structure: StructRef,
    name: &str,
    minor: u8,
) -> Option<Hint<'s>> {
    let limit = (name.len() / 3).max(1);
    fields(schema, structure, minor)
        .filter_map(|field| Some((distance(name, field.name, limit)?, field.name)))
        .min()
        .map(|(_, nearest)| Hint::Spelling(nearest))
}

fn fields<'s>(
    schema: &Schema<'s>,
    structure: StructRef,
    minor: u8,
) -> impl Iterator<Item = Field<'s>> + use<'s> {
    let table = *schema.table_for(structure);
    table
        .rows(structure)
        .filter(move |row| row.is_in(minor))
        .map(move |row| table.field(row))
}

fn has(schema: &Schema<'_>, structure: StructRef, name: &str, minor: u8) -> bool {
    let table = schema.table_for(structure);
    table
        .name(name)
        .is_some_and(|name| table.find_in(structure, name, minor).is_ok())
}

/// The struct that a type is, or is a list of.
fn struct_of(schema: &Schema<'_>, of: TypeRef) -> Option<StructRef> {
    match schema.shape(of) {
        Shape::Struct(structure) => Some(structure),
        Shape::List(item) => match schema.shape(item) {
            Shape::Struct(structure) => Some(structure),
            _ => None,
        },
        _ => None,
    }
}

/// Letters only, in lower case: `read_only-Root` is `readonlyroot`.
pub(crate) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Edits from one text to the other (insert, delete, replace, swap neighbours), `None` above the limit.
pub(crate) fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    let mut before = [0; LONGEST + 1];
    let mut last: [usize; LONGEST + 1] = std::array::from_fn(|index| index);
    for (i, &x) in a.iter().enumerate() {
        let mut row = [0; LONGEST + 1];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = last;
        last = row;
    }
    (last[b.len()] <= limit).then_some(last[b.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        let check = |a: &str, b: &str, expected: usize| {
            assert_eq!(distance(a, b, 99), Some(expected), "{a} {b}");
            assert_eq!(distance(b, a, 99), Some(expected), "{b} {a}");
        };
        check("", "", 0);
        check("", "ab", 2);
        check("securityContex", "securityContext", 1);
        check("conatiners", "containers", 1);
        check("kitten", "sitting", 3);
        assert_eq!(distance("kitten", "sitting", 2), None);
    }
}
