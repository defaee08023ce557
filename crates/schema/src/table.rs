//! A table read in place: offsets into its bytes, nothing parsed ahead.

use crate::layout::{self, FLAG_OPEN, FLAG_REQUIRED, NONE};
use crate::types::{Field, Shape, StructRef, TypeRef};

/// Sections of a table. Reads beyond the bytes give zeroes, so a damaged table gives wrong answers, not a panic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'t> {
    bytes: &'t [u8],
    pub(crate) minors: (u8, u8),
    pub(crate) names: u32,
    pub(crate) kinds: u32,
    strings: u32,
    slots: u32,
    structs: u32,
    is_custom: bool,
    string_offsets: usize,
    types_at: usize,
    structs_at: usize,
    fields_at: usize,
    slots_at: usize,
    kinds_at: usize,
    text_at: usize,
}

/// One field as it is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Position among the fields of its struct.
    pub(crate) ordinal: u32,
    pub(crate) name: u32,
    pub(crate) of: TypeRef,
    pub(crate) facts: u32,
    pub(crate) since: u8,
    pub(crate) until: u8,
    pub(crate) is_required: bool,
}

impl Row {
    pub(crate) fn is_in(&self, minor: u8) -> bool {
        self.since <= minor && minor <= self.until
    }
}

/// One kind as it is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KindRow<'t> {
    pub(crate) kind: &'t str,
    pub(crate) group: &'t str,
    pub(crate) version: &'t str,
    pub(crate) of: TypeRef,
    pub(crate) since: u8,
    pub(crate) until: u8,
    pub(crate) is_namespaced: Option<bool>,
}

impl<'t> Table<'t> {
    /// Reads the header; `None` when the bytes are not a table of this layout or their length is wrong.
    pub(crate) fn new(bytes: &'t [u8], is_custom: bool) -> Option<Self> {
        let word = |index: usize| u32_at(bytes, index * 4);
        let [strings, text, types, structs, fields, slots, kinds] = [3, 4, 5, 6, 7, 8, 9].map(word);
        let string_offsets = layout::HEADER;
        let types_at = string_offsets + (strings as usize + 1) * 4;
        let structs_at = types_at + types as usize * layout::TYPE;
        let fields_at = structs_at + structs as usize * layout::STRUCT;
        let slots_at = fields_at + fields as usize * layout::FIELD;
        let kinds_at = slots_at + slots as usize * 4;
        let text_at = kinds_at + kinds as usize * layout::KIND;
        let is_whole = word(0) == layout::MAGIC && text_at + text as usize == bytes.len();
        let [first, last, ..] = word(1).to_le_bytes();
        is_whole.then_some(Table {
            bytes,
            minors: (first, last),
            names: word(2),
            kinds,
            strings,
            slots,
            structs,
            is_custom,
            string_offsets,
            types_at,
            structs_at,
            fields_at,
            slots_at,
            kinds_at,
            text_at,
        })
    }

    /// A text; empty where there is none.
    pub(crate) fn text(&self, id: u32) -> &'t str {
        std::str::from_utf8(self.text_bytes(id)).unwrap_or_default()
    }

    fn text_bytes(&self, id: u32) -> &'t [u8] {
        if id >= self.strings {
            return &[];
        }
        let at = self.string_offsets + id as usize * 4;
        let [start, end] = words_at(self.bytes, at);
        let range = self.text_at + start as usize..self.text_at + end as usize;
        self.bytes.get(range).unwrap_or_default()
    }

    /// The number of a property name.
    pub(crate) fn name(&self, name: &str) -> Option<u32> {
        let found = partition_point(self.names, |id| self.text_bytes(id) < name.as_bytes());
        (found < self.names && self.text(found) == name).then_some(found)
    }

    /// What a type of this table is made of.
    #[inline]
    pub(crate) fn shape(&self, of: TypeRef) -> Shape {
        if let Some(scalar) = of.as_scalar() {
            return Shape::Scalar(scalar);
        }
        let at = self.types_at + (of.0 & !TypeRef::CUSTOM) as usize * layout::TYPE;
        let [tag, argument] = words_at(self.bytes, at);
        match tag as u8 {
            layout::TAG_LIST => Shape::List(TypeRef(argument)),
            layout::TAG_MAP => Shape::Map(TypeRef(argument)),
            _ => Shape::Struct(self.structure(argument)),
        }
    }

    #[inline]
    fn structure(&self, index: u32) -> StructRef {
        let at =
            self.structs_at + index.min(self.structs.saturating_sub(1)) as usize * layout::STRUCT;
        let [name, first, counts, displacement, flags] = words_at(self.bytes, at);
        StructRef {
            name,
            first,
            count: counts as u16,
            required: (counts >> 16) as u16,
            displacement,
            is_custom: self.is_custom,
            is_open: flags & FLAG_OPEN != 0,
        }
    }

    /// The first row of a name in a struct.
    #[inline]
    pub(crate) fn find(&self, structure: StructRef, name: u32) -> Option<Row> {
        if self.is_custom {
            return self.search(structure, name);
        }
        let slot = structure.displacement.checked_add(name)?;
        if slot >= self.slots {
            return None;
        }
        let field = u32_at(self.bytes, self.slots_at + slot as usize * 4);
        let ordinal = field.wrapping_sub(structure.first);
        (ordinal < u32::from(structure.count)).then(|| self.row(structure, ordinal))
    }

    /// The same without displacements: required rows and the others are sorted by name.
    fn search(&self, structure: StructRef, name: u32) -> Option<Row> {
        let required = u32::from(structure.required);
        let optional = u32::from(structure.count) - required;
        [(0, required), (required, optional)]
            .into_iter()
            .find_map(|(start, len)| {
                let found =
                    partition_point(len, |index| self.row(structure, start + index).name < name);
                let row = (found < len).then(|| self.row(structure, start + found))?;
                (row.name == name).then_some(row)
            })
    }

    /// The row of a name that a minor has; else, as an error, the first row of that name, if there is one.
    #[inline]
    pub(crate) fn find_in(
        &self,
        structure: StructRef,
        name: u32,
        minor: u8,
    ) -> Result<Row, Option<Row>> {
        let first = self.find(structure, name).ok_or(None)?;
        if first.is_in(minor) {
            return Ok(first);
        }
        let rest = self.rows(structure).skip(first.ordinal as usize + 1);
        let mut same = rest.take_while(|row| row.name == first.name);
        same.find(|row| row.is_in(minor)).ok_or(Some(first))
    }

    /// The rows of a struct.
    pub(crate) fn rows(&self, structure: StructRef) -> impl Iterator<Item = Row> + use<'t> {
        let table = *self;
        (0..u32::from(structure.count)).map(move |ordinal| table.row(structure, ordinal))
    }

    #[inline]
    pub(crate) fn row(&self, structure: StructRef, ordinal: u32) -> Row {
        let at = self.fields_at + (structure.first + ordinal) as usize * layout::FIELD;
        let [name, of, facts, rest] = words_at(self.bytes, at);
        let [since, until, flags, _] = rest.to_le_bytes();
        Row {
            ordinal,
            name,
            of: TypeRef(of),
            facts,
            since,
            until,
            is_required: flags & FLAG_REQUIRED != 0,
        }
    }

    /// A row with its texts.
    pub(crate) fn field(&self, row: Row) -> Field<'t> {
        Field {
            name: self.text(row.name),
            of: row.of,
            is_required: row.is_required,
            since: (row.since > 0).then_some(u32::from(row.since)),
            until: (row.until < u8::MAX).then_some(u32::from(row.until)),
            facts: if row.facts == NONE {
                ""
            } else {
                self.text(row.facts)
            },
        }
    }

    /// A kind by its position; they are sorted by kind, group, version.
    pub(crate) fn kind(&self, index: u32) -> KindRow<'t> {
        let at = self.kinds_at + index as usize * layout::KIND;
        let [kind, group, version, of, rest] = words_at(self.bytes, at);
        let [since, until, scope, _] = rest.to_le_bytes();
        KindRow {
            kind: self.text(kind),
            group: self.text(group),
            version: self.text(version),
            of: TypeRef(of),
            since,
            until,
            is_namespaced: (scope != layout::SCOPE_UNKNOWN).then_some(scope == 1),
        }
    }

    /// The rows of one kind in all groups and versions.
    pub(crate) fn kinds_named<'k>(
        self,
        kind: &'k str,
    ) -> impl Iterator<Item = KindRow<'t>> + use<'t, 'k> {
        let name = move |index: u32| {
            let at = self.kinds_at + index as usize * layout::KIND;
            self.text_bytes(u32_at(self.bytes, at))
        };
        let first = partition_point(self.kinds, |index| name(index) < kind.as_bytes());
        let same = (first..self.kinds).take_while(move |&index| name(index) == kind.as_bytes());
        same.map(move |index| self.kind(index))
    }
}

/// The first index below `len` for which the predicate is false.
fn partition_point(len: u32, is_before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let [word] = words_at(bytes, at);
    word
}

/// Numbers that follow each other, with one look at the bounds.
#[inline]
fn words_at<const COUNT: usize>(bytes: &[u8], at: usize) -> [u32; COUNT] {
    match bytes.get(at..at + COUNT * 4) {
        Some(found) => {
            let (words, _) = found.as_chunks::<4>();
            std::array::from_fn(|index| u32::from_le_bytes(words[index]))
        }
        None => [0; COUNT],
    }
}
