//! What Go's `unicode` and `strconv` say of characters.
//!
//! Letters follow Rust's `Alphabetic`, which takes in a few marks that Go does not count as letters.

/// Whether it may stand in a name: a letter, a digit or an underscore.
pub(crate) fn is_alphanumeric(found: char) -> bool {
    if found.is_ascii() {
        return found.is_ascii_alphanumeric() || found == '_';
    }
    found.is_alphanumeric()
}

/// Whether Go prints it as it is: everything visible, and the ASCII space.
pub fn is_print(found: char) -> bool {
    if found.is_ascii() {
        return matches!(found, ' '..='~');
    }
    // A string's escapes look at grapheme extenders only in its first character.
    let mut text = String::from("a");
    text.push(found);
    text.escape_debug().nth(1) == Some(found)
}

/// As `%#U` prints it.
pub(crate) fn describe(found: char) -> String {
    if is_print(found) {
        format!("U+{:04X} '{found}'", found as u32)
    } else {
        format!("U+{:04X}", found as u32)
    }
}
