//! A hash table of Berkeley DB: pages of keys and values; values that do not fit lie on chains of further pages.

use super::Each;
use super::bytes::{little, place, slice};

/// The number by which a hash table is known, in the byte order of its machine.
const MAGIC: u32 = 0x0006_1561;

/// A page begins with so many bytes about itself.
const HEADER: usize = 26;

/// Kinds of pages.
const UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const SORTED: u8 = 13;

/// Kinds of items: the value itself, or where its chain of pages begins.
const VALUE: u8 = 1;
const CHAIN: u8 = 3;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    little(bytes, 12).is_some_and(|magic| magic == MAGIC || magic == MAGIC.swap_bytes())
}

pub(super) fn read(bytes: &[u8], each: &mut Each<'_>) -> Result<(), String> {
    let mut table = Table {
        bytes,
        is_swapped: little(bytes, 12) != Some(MAGIC),
        page: 0,
        room: bytes.len(),
    };
    table.page = table.number(bytes, 20).map_or(0, place);
    if !(512..=65536).contains(&table.page) || !table.page.is_power_of_two() {
        return Err(format!(
            "the pages of this Berkeley DB have {} bytes",
            table.page
        ));
    }
    if bytes.get(24) != Some(&0) {
        return Err("this Berkeley DB is encrypted".to_owned());
    }
    for page in bytes.chunks_exact(table.page).skip(1) {
        if page[25] == UNSORTED || page[25] == SORTED {
            table.values(page, each)?;
        }
    }
    Ok(())
}

struct Table<'a> {
    bytes: &'a [u8],
    is_swapped: bool,
    page: usize,
    /// Bytes that values on chains may still take: chains do not share pages.
    room: usize,
}

impl<'a> Table<'a> {
    fn number(&self, bytes: &[u8], at: usize) -> Option<u32> {
        little(bytes, at).map(|number| {
            if self.is_swapped {
                number.swap_bytes()
            } else {
                number
            }
        })
    }

    fn short(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let two: [u8; 2] = slice(bytes, at, 2)?.try_into().ok()?;
        let number = u16::from_le_bytes(two);
        Some(usize::from(if self.is_swapped {
            number.swap_bytes()
        } else {
            number
        }))
    }

    /// Items come in pairs, a key and a value. Where each begins is listed; they fill the page from its end.
    fn values(&mut self, page: &'a [u8], each: &mut Each<'_>) -> Result<(), String> {
        let items = self.short(page, 20).unwrap_or_default();
        for value in (1..items).step_by(2) {
            let place = |item: usize| self.short(page, HEADER + 2 * item);
            let (Some(start), Some(key)) = (place(value), place(value - 1)) else {
                return Err("a page of this Berkeley DB is damaged".to_owned());
            };
            match page.get(start) {
                // The key 0 counts the packages.
                Some(&VALUE) if page.get(key + 1..key + 5) == Some(&[0; 4]) => {}
                Some(&VALUE) => each(
                    page.get(start + 1..key)
                        .ok_or_else(|| "an item of this Berkeley DB is damaged".to_owned()),
                ),
                Some(&CHAIN) => {
                    let value = self.chain(page, start);
                    each(value.as_deref().ok_or_else(|| {
                        "a chain of pages of this Berkeley DB is damaged".to_owned()
                    }));
                }
                // Deleted, or duplicates, which this table has none of.
                _ => {}
            }
        }
        Ok(())
    }

    fn chain(&mut self, page: &[u8], start: usize) -> Option<Vec<u8>> {
        let mut next = place(self.number(page, start + 4)?);
        let length = place(self.number(page, start + 8)?);
        self.room = self.room.checked_sub(length)?;
        let mut value = Vec::with_capacity(length);
        while value.len() < length {
            let page = slice(self.bytes, next.checked_mul(self.page)?, self.page)?;
            let used = self.short(page, 22)?;
            if next == 0 || page[25] != OVERFLOW || used == 0 {
                return None;
            }
            value.extend_from_slice(slice(page, HEADER, used)?);
            next = place(self.number(page, 16)?);
        }
        value.truncate(length);
        Some(value)
    }
}
