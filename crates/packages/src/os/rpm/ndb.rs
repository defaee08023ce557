//! SUSE's NDB: slots that say where blobs lie, in blocks of sixteen bytes.

use super::Each;
use super::bytes::{little, place, slice};

const BLOCK: usize = 16;

/// Slots fill pages of so many bytes.
const PAGE: usize = 4096;

const BLOB_HEADER: usize = 16;

pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RpmP")
}

pub(super) fn read(bytes: &[u8], each: &mut Each<'_>) -> Result<(), String> {
    let version = little(bytes, 4);
    if version != Some(0) {
        return Err(format!(
            "this NDB database has version {}, not 0",
            version.unwrap_or_default()
        ));
    }
    let pages = little(bytes, 12).map_or(0, place);
    let slots = pages
        .checked_mul(PAGE)
        .and_then(|length| bytes.get(2 * BLOCK..length));
    let slots = slots.ok_or("the slots of this NDB database lie outside of it")?;
    // Blobs do not overlap, so that all of them together are no longer than the file.
    let mut room = bytes.len();
    for slot in slots.chunks_exact(BLOCK) {
        if !slot.starts_with(b"Slot") {
            return Err("a slot of this NDB database is damaged".to_owned());
        }
        let number = little(slot, 4).unwrap_or_default();
        // A free slot has no number.
        if number == 0 {
            continue;
        }
        let blob = blob(bytes, slot, number);
        if let Some(blob) = blob {
            room = room
                .checked_sub(blob.len())
                .ok_or("blobs of this NDB database overlap")?;
        }
        each(blob.ok_or_else(|| format!("the blob of package {number} is damaged")));
    }
    Ok(())
}

fn blob<'a>(bytes: &'a [u8], slot: &[u8], number: u32) -> Option<&'a [u8]> {
    let start = place(little(slot, 8)?).checked_mul(BLOCK)?;
    let header = slice(bytes, start, BLOB_HEADER)?;
    if !header.starts_with(b"BlbS") || little(header, 4) != Some(number) {
        return None;
    }
    slice(bytes, start + BLOB_HEADER, place(little(header, 12)?))
}
