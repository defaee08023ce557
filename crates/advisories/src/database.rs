//! Reading of a database from its bytes. Nothing is parsed when it is opened but the header, and nothing is trusted: a
//! damaged file gives wrong answers or none, never a crash.

mod rows;
mod views;

pub use views::{AdvisoryRef, Cycle, Group, PackageRef, Source};

use crate::format::{
    self, ADVISORY, AFFECTED, CYCLE, DIGEST, ECOSYSTEM, FRAME, GROUP, HEADER, ID, INTERVAL, MAGIC,
    PACKAGE, SECTION_TABLE, SECTIONS, SOURCE, Section, TEXT, VERSION, VERSION_ROW, bucket, hash,
};
use crate::sign::{PublicKey, SignatureState};
pub(crate) use rows::Row;
use rows::RowRange;

/// A detail's frame may hold this much text; a builder makes frames of a few hundred KiB at most.
const MAX_FRAME: usize = 64 << 20;

/// Why bytes are no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// It is another kind of file, or its beginning is damaged.
    #[error("this is no advisory database")]
    NotADatabase,
    /// A newer program wrote it.
    #[error("the database has format {found}, this program reads format {known}")]
    Version {
        /// What the file says.
        found: u32,
        /// What is known.
        known: u32,
    },
    /// A part of it is missing.
    #[error("the database is {found} bytes long where {expected} were written")]
    Length {
        /// Bytes in the file.
        found: u64,
        /// Bytes that the header tells of.
        expected: u64,
    },
    /// A section lies outside of the file.
    #[error("the table of sections is damaged")]
    Sections,
}

/// A database in memory: bytes, or a map of a file.
#[derive(Debug)]
pub struct Database<B> {
    bytes: B,
    /// Offset and length of each section, inside of the bytes.
    sections: [(usize, usize); SECTIONS],
}

impl<B: AsRef<[u8]>> Database<B> {
    /// Looks at the header.
    pub fn open(bytes: B) -> Result<Self, DatabaseError> {
        let file = bytes.as_ref();
        if file.len() < HEADER || file[..8] != MAGIC {
            return Err(DatabaseError::NotADatabase);
        }
        let number = |at: usize| Row(&file[at..]).number(0);
        if number(8) != VERSION {
            return Err(DatabaseError::Version {
                found: number(8),
                known: VERSION,
            });
        }
        let long = |at: usize| u64::from(number(at)) | u64::from(number(at + 4)) << 32;
        if long(16) != file.len() as u64 {
            return Err(DatabaseError::Length {
                found: file.len() as u64,
                expected: long(16),
            });
        }
        let mut sections = [(0, 0); SECTIONS];
        for (index, section) in sections.iter_mut().enumerate() {
            let entry = SECTION_TABLE + index * 16;
            let place = usize::try_from(long(entry))
                .ok()
                .zip(usize::try_from(long(entry + 8)).ok());
            *section = place
                .filter(|(offset, length)| {
                    offset
                        .checked_add(*length)
                        .is_some_and(|end| end <= file.len())
                })
                .ok_or(DatabaseError::Sections)?;
        }
        Ok(Self { bytes, sections })
    }

    /// The bytes of the whole file.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    fn section(&self, section: Section) -> &[u8] {
        let (offset, length) = self.sections[section as usize];
        self.bytes()
            .get(offset..offset + length)
            .unwrap_or_default()
    }

    fn row(&self, section: Section, width: usize, index: u32) -> Option<Row<'_>> {
        let start = (index as usize).checked_mul(width)?;
        self.section(section)
            .get(start..start.checked_add(width)?)
            .map(Row)
    }

    fn rows(&self, section: Section, width: usize, first: u32, count: u32) -> RowRange<'_> {
        let all = self.section(section);
        let start = (first as usize).saturating_mul(width).min(all.len());
        let end = start
            .saturating_add((count as usize).saturating_mul(width))
            .min(all.len());
        RowRange::new(&all[start..end], width)
    }

    fn all(&self, section: Section, width: usize) -> RowRange<'_> {
        RowRange::new(self.section(section), width)
    }

    /// A text that a row points to from one of its numbers on.
    fn text(&self, row: Row<'_>, number: usize) -> &str {
        std::str::from_utf8(self.slice(Section::Texts, row, number)).unwrap_or_default()
    }

    fn slice(&self, pool: Section, row: Row<'_>, number: usize) -> &[u8] {
        let start = row.number(number) as usize;
        let end = start.saturating_add(row.number(number + 1) as usize);
        self.section(pool).get(start..end).unwrap_or_default()
    }

    /// SHA-256 over the content: the name of the database, whoever signed it.
    pub fn digest(&self) -> [u8; 32] {
        self.bytes()
            .get(DIGEST)
            .and_then(|digest| digest.try_into().ok())
            .unwrap_or_default()
    }

    /// Whether the content is what its digest says. Reads the whole file.
    pub fn is_intact(&self) -> bool {
        format::digest(self.bytes()) == self.digest()
    }

    /// Who signed it, and whether the signature is theirs. Does not read the content: see [`Database::is_intact`].
    pub fn signature(&self, trusted: &[PublicKey]) -> SignatureState {
        SignatureState::of(self.bytes(), &self.digest(), trusted)
    }

    /// The day of the data, `YYYY-MM-DD`.
    pub fn date(&self) -> String {
        format::date(Row(self.bytes()).number(3))
    }

    /// How many days the data is old on a day; zero if it is not.
    pub fn age(&self, today: &str) -> u32 {
        format::day(today).saturating_sub(Row(self.bytes()).number(3))
    }

    /// Packages that some advisory affects.
    pub fn package_count(&self) -> usize {
        self.all(Section::Packages, PACKAGE).len()
    }

    /// Advisories, withdrawn ones too.
    pub fn advisory_count(&self) -> usize {
        self.all(Section::Advisories, ADVISORY).len()
    }

    /// What the database was made of, in the order of the names.
    pub fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        self.all(Section::Sources, SOURCE).map(|row| Source {
            name: self.text(row, 0),
            records: row.number(2),
            newest: format::date(row.number(3)),
        })
    }

    /// The ecosystems, in order.
    pub fn ecosystems(&self) -> impl Iterator<Item = &str> {
        self.all(Section::Ecosystems, ECOSYSTEM)
            .map(|row| self.text(row, 0))
    }

    /// The support cycles of a product (`debian`), and when they end.
    pub fn cycles<'a>(&'a self, product: &'a str) -> impl Iterator<Item = Cycle<'a>> {
        let rows = self
            .all(Section::Cycles, CYCLE)
            .filter(move |row| self.text(*row, 0) == product);
        rows.map(|row| Cycle {
            product: self.text(row, 0),
            cycle: self.text(row, 2),
            end: format::date(row.number(4)),
            has_ended: row.number(5) == 1,
        })
    }

    /// A package by the names under which it is [looked up](crate::normal_name).
    pub fn package(&self, ecosystem: &str, name: &str) -> Option<PackageRef<'_, B>> {
        self.package_in(self.ecosystem(ecosystem)?, name)
    }

    /// The number of an ecosystem, for many look-ups in it.
    pub fn ecosystem(&self, ecosystem: &str) -> Option<u32> {
        let rows = self.all(Section::Ecosystems, ECOSYSTEM);
        (0..)
            .zip(rows)
            .find(|(_, row)| self.text(*row, 0) == ecosystem)
            .map(|(number, _)| number)
    }

    /// A package of the ecosystem with a number.
    pub fn package_in(&self, ecosystem: u32, name: &str) -> Option<PackageRef<'_, B>> {
        let buckets = (self.section(Section::Buckets).len() / 4)
            .checked_sub(1)
            .filter(|count| count.is_power_of_two())?;
        let hash = hash(ecosystem, name);
        let bucket = u32::try_from(bucket(hash, buckets)).ok()?;
        let first = self.row(Section::Buckets, 4, bucket)?.number(0);
        let end = self.row(Section::Buckets, 4, bucket + 1)?.number(0);
        self.rows(Section::Packages, PACKAGE, first, end.saturating_sub(first))
            .find(|row| {
                row.long(0) == hash && row.number(4) == ecosystem && self.text(*row, 2) == name
            })
            .map(|row| PackageRef {
                database: self,
                row,
            })
    }

    /// All packages, in no order that means anything.
    pub fn packages(&self) -> impl Iterator<Item = PackageRef<'_, B>> {
        self.all(Section::Packages, PACKAGE).map(|row| PackageRef {
            database: self,
            row,
        })
    }

    /// The packages of a name in all ecosystems, in the order of these.
    pub fn packages_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = PackageRef<'a, B>> {
        let ecosystems = (0..).zip(self.ecosystems());
        ecosystems.filter_map(move |(number, ecosystem)| {
            self.package_in(number, &crate::ecosystem::normal_name(ecosystem, name))
        })
    }

    /// An advisory by its place.
    pub(crate) fn advisory(&self, index: u32) -> Option<AdvisoryRef<'_, B>> {
        self.row(Section::Advisories, ADVISORY, index)
            .map(|row| AdvisoryRef {
                database: self,
                index,
                row,
            })
    }

    /// The group of ids that an id is in, in whatever case it is written.
    pub fn group_of(&self, id: &str) -> Option<Group<'_, B>> {
        let row = self
            .id_row(id)
            .or_else(|| self.id_row(&id.to_uppercase()))?;
        self.group(row.number(2))
    }

    fn id_row(&self, id: &str) -> Option<Row<'_>> {
        let rows = self.all(Section::Ids, ID);
        let (mut low, mut high) = (0, rows.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let row = self.row(Section::Ids, ID, u32::try_from(middle).ok()?)?;
            match self.text(row, 0).cmp(id) {
                std::cmp::Ordering::Equal => return Some(row),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn group(&self, index: u32) -> Option<Group<'_, B>> {
        self.row(Section::Groups, GROUP, index).map(|row| Group {
            database: self,
            index,
            row,
        })
    }

    fn group_ids(&self, row: Row<'_>) -> impl Iterator<Item = &str> {
        self.rows(Section::GroupIds, TEXT, row.number(0), row.number(1))
            .map(|row| self.text(row, 0))
    }

    fn affected(&self, first: u32, count: u32) -> RowRange<'_> {
        self.rows(Section::Affected, AFFECTED, first, count)
    }

    pub(crate) fn intervals(&self, row: Row<'_>) -> RowRange<'_> {
        self.rows(Section::Intervals, INTERVAL, row.number(1), row.number(2))
    }

    pub(crate) fn versions(&self, row: Row<'_>) -> RowRange<'_> {
        self.rows(Section::Versions, VERSION_ROW, row.number(3), row.number(4))
    }

    pub(crate) fn key_of(&self, row: Row<'_>, number: usize) -> &[u8] {
        self.slice(Section::Keys, row, number)
    }

    pub(crate) fn text_of(&self, row: Row<'_>, number: usize) -> &str {
        self.text(row, number)
    }

    /// The text of a frame, decompressed.
    fn frame(&self, frame: u32) -> Option<Vec<u8>> {
        let row = self.row(Section::Frames, FRAME, frame)?;
        let start = row.number(0) as usize;
        let compressed = self
            .section(Section::Details)
            .get(start..start.checked_add(row.number(1) as usize)?)?;
        let size = row.number(2) as usize;
        if size > MAX_FRAME {
            return None;
        }
        zstd::bulk::decompress(compressed, size).ok()
    }
}
