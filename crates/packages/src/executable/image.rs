//! A program as the loader sees it: sections by name, and bytes by address. ELF, PE, Mach-O and XCOFF.

use object::read::macho::{FatArch, MachOFatFile32, MachOFatFile64};
use object::{FileKind, Object, ObjectSection, ObjectSegment};

/// A program.
pub(super) struct Image<'a> {
    file: object::File<'a>,
}

impl<'a> Image<'a> {
    /// Reads the headers; none for what is no program. Of one for several machines the first is taken.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let own = match FileKind::parse(bytes).ok()? {
            FileKind::MachOFat32 => {
                let fat = MachOFatFile32::parse(bytes).ok()?;
                fat.arches().first()?.data(bytes).ok()?
            }
            FileKind::MachOFat64 => {
                let fat = MachOFatFile64::parse(bytes).ok()?;
                fat.arches().first()?.data(bytes).ok()?
            }
            _ => bytes,
        };
        let file = object::File::parse(own).ok()?;
        Some(Image { file })
    }

    /// The bytes of a section.
    pub(super) fn section(&self, names: &[&str]) -> Option<&'a [u8]> {
        let mut sections = self.file.sections();
        let section =
            sections.find(|section| section.name().is_ok_and(|name| names.contains(&name)))?;
        section.data().ok()
    }

    /// The bytes of all that is loaded to be written to.
    pub(super) fn writable(&self) -> impl Iterator<Item = &'a [u8]> {
        self.file
            .segments()
            .filter(|segment| segment.permissions().writable())
            .filter_map(|segment| segment.data().ok())
    }

    /// So many bytes at an address.
    pub(super) fn at(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let mut segments = self.file.segments();
        let segment = segments.find_map(|segment| segment.data_range(address, length).ok()?);
        segment.or_else(|| {
            let mut sections = self.file.sections();
            sections.find_map(|section| section.data_range(address, length).ok()?)
        })
    }
}
