//! Definitions → the bytes that [`Table`](crate::table::Table) reads in place.
//!
//! All numbers are little-endian. A header of `u32`s (see [`layout`](crate::layout)) is followed by the sections
//! in its order. Strings: the property names sorted, then all other texts in order of first use. Fields of
//! one struct are contiguous, required ones first, rows of one name next to each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::definitions::{
    Definitions, FieldDefinition, KindDefinition, StructDefinition, TypeDefinition,
};
use crate::layout::{self, FLAG_OPEN, FLAG_REQUIRED, NONE};
use crate::types::{Scalar, TypeRef};

/// What cannot be written as a table.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EncodeError {
    /// A type that nothing defines.
    #[error("nothing defines type {0:?}")]
    UnknownStruct(String),
    /// A name that two structs have.
    #[error("two structs are named {0:?}")]
    RepeatedStruct(String),
    /// More fields than a struct can have.
    #[error("struct {0:?} has too many fields")]
    TooManyFields(String),
}

impl Definitions {
    /// The bytes of the embedded table.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        Encoder::new(self, 0)?.encode()
    }

    /// The bytes of a table beside the embedded one.
    pub(crate) fn encode_custom(&self) -> Result<Vec<u8>, EncodeError> {
        Encoder::new(self, TypeRef::CUSTOM)?.encode()
    }
}

struct Encoder<'d> {
    definitions: &'d Definitions,
    base: u32,
    structs: BTreeMap<&'d str, u32>,
    strings: Strings<'d>,
    types: Types,
}

#[derive(Default)]
struct Strings<'d> {
    ids: BTreeMap<&'d str, u32>,
    all: Vec<&'d str>,
    names: u32,
}

impl<'d> Strings<'d> {
    fn id(&mut self, text: &'d str) -> u32 {
        *self.ids.entry(text).or_insert_with(|| {
            self.all.push(text);
            self.all.len() as u32 - 1
        })
    }
}

/// Types by what they are: tag and argument.
#[derive(Default)]
struct Types {
    ids: BTreeMap<(u8, u32), u32>,
    all: Vec<(u8, u32)>,
}

impl Types {
    fn id(&mut self, tag: u8, argument: u32) -> u32 {
        *self.ids.entry((tag, argument)).or_insert_with(|| {
            self.all.push((tag, argument));
            self.all.len() as u32 - 1
        })
    }
}

impl<'d> Encoder<'d> {
    fn new(definitions: &'d Definitions, base: u32) -> Result<Self, EncodeError> {
        let mut structs = BTreeMap::new();
        for (index, definition) in definitions.structs.iter().enumerate() {
            if structs.insert(&*definition.name, index as u32).is_some() {
                return Err(EncodeError::RepeatedStruct(definition.name.clone()));
            }
        }
        let names: BTreeSet<&str> = definitions
            .structs
            .iter()
            .flat_map(|definition| &definition.fields)
            .map(|field| &*field.name)
            .collect();
        let mut strings = Strings::default();
        for name in names {
            strings.id(name);
        }
        strings.names = strings.all.len() as u32;
        let mut types = Types::default();
        for scalar in Scalar::ALL {
            types.id(layout::TAG_SCALAR, scalar as u32);
        }
        Ok(Encoder {
            definitions,
            base,
            structs,
            strings,
            types,
        })
    }

    fn encode(mut self) -> Result<Vec<u8>, EncodeError> {
        let mut fields = Vec::new();
        let mut structs = Vec::new();
        let mut rows = Vec::new();
        for definition in &self.definitions.structs {
            let first = fields.len() / layout::FIELD;
            let (sorted, required) = in_order(definition);
            let count = u16::try_from(sorted.len())
                .map_err(|_| EncodeError::TooManyFields(definition.name.clone()))?;
            let mut names = Vec::new();
            for (position, field) in sorted.iter().enumerate() {
                let name = self.field(field, &mut fields)?;
                if position == 0 || sorted[position - 1].name != field.name {
                    names.push((name, (first + position) as u32));
                }
            }
            let name = self.strings.id(&definition.name);
            structs.push((name, first as u32, count, required, definition.is_open));
            rows.push(names);
        }
        let kinds = self.kinds()?;
        // Foreign definitions could make placing slow, and their names have to be searched for anyway.
        let comb = if self.base == 0 {
            Comb::place(&rows)
        } else {
            Comb::empty(rows.len())
        };
        Ok(self.assemble(&fields, &structs, &comb, &kinds))
    }

    /// Writes one row; gives the id of its name.
    fn field(&mut self, field: &'d FieldDefinition, out: &mut Vec<u8>) -> Result<u32, EncodeError> {
        let name = self.strings.id(&field.name);
        let of = self.type_id(&field.of)?;
        let facts = match &*field.facts {
            "" => NONE,
            facts => self.strings.id(facts),
        };
        put(out, &[name, of, facts]);
        let flags = if field.is_required { FLAG_REQUIRED } else { 0 };
        out.extend([
            field.span.since.unwrap_or(0),
            field.span.until.unwrap_or(u8::MAX),
            flags,
            0,
        ]);
        Ok(name)
    }

    fn type_id(&mut self, of: &TypeDefinition) -> Result<u32, EncodeError> {
        let (tag, argument) = match of {
            TypeDefinition::Scalar(scalar) => return Ok(*scalar as u32),
            TypeDefinition::Embedded(of) => return Ok(of.0),
            TypeDefinition::List(item) => (layout::TAG_LIST, self.type_id(item)?),
            TypeDefinition::Map(value) => (layout::TAG_MAP, self.type_id(value)?),
            TypeDefinition::Struct(name) => (layout::TAG_STRUCT, self.struct_index(name)?),
        };
        Ok(self.types.id(tag, argument) | self.base)
    }

    fn struct_index(&self, name: &str) -> Result<u32, EncodeError> {
        let index = self.structs.get(name).copied();
        index.ok_or_else(|| EncodeError::UnknownStruct(name.to_owned()))
    }

    fn kinds(&mut self) -> Result<Vec<u8>, EncodeError> {
        let mut sorted: Vec<&KindDefinition> = self.definitions.kinds.iter().collect();
        sorted.sort_by(|a, b| {
            (&a.kind, &a.group, &a.version, a.span.since).cmp(&(
                &b.kind,
                &b.group,
                &b.version,
                b.span.since,
            ))
        });
        let mut out = Vec::new();
        for kind in sorted {
            let index = self.struct_index(&kind.of)?;
            let of = self.types.id(layout::TAG_STRUCT, index) | self.base;
            let texts = [&kind.kind, &kind.group, &kind.version].map(|text| self.strings.id(text));
            put(&mut out, &texts);
            put(&mut out, &[of]);
            let scope = kind.is_namespaced.map_or(layout::SCOPE_UNKNOWN, u8::from);
            out.extend([
                kind.span.since.unwrap_or(0),
                kind.span.until.unwrap_or(u8::MAX),
                scope,
                0,
            ]);
        }
        Ok(out)
    }

    fn assemble(
        &self,
        fields: &[u8],
        structs: &[(u32, u32, u16, u16, bool)],
        comb: &Comb,
        kinds: &[u8],
    ) -> Vec<u8> {
        let mut out = Vec::new();
        let (first, last) = self.definitions.minors;
        put(
            &mut out,
            &[
                layout::MAGIC,
                u32::from(first) | u32::from(last) << 8,
                self.strings.names,
                self.strings.all.len() as u32,
                self.strings.all.iter().map(|text| text.len() as u32).sum(),
                self.types.all.len() as u32,
                structs.len() as u32,
                (fields.len() / layout::FIELD) as u32,
                comb.slots.len() as u32,
                (kinds.len() / layout::KIND) as u32,
            ],
        );
        let mut offset = 0;
        for text in &self.strings.all {
            put(&mut out, &[offset]);
            offset += text.len() as u32;
        }
        put(&mut out, &[offset]);
        for &(tag, argument) in &self.types.all {
            put(&mut out, &[u32::from(tag), argument]);
        }
        for (&(name, first, count, required, is_open), &displacement) in
            structs.iter().zip(&comb.displacements)
        {
            let open = if is_open { FLAG_OPEN } else { 0 };
            let counts = u32::from(count) | u32::from(required) << 16;
            put(&mut out, &[name, first, counts, displacement, open]);
        }
        out.extend(fields);
        put(&mut out, &comb.slots);
        out.extend(kinds);
        for text in &self.strings.all {
            out.extend(text.as_bytes());
        }
        out
    }
}

/// The fields as they are laid out, and how many rows from the start are required.
fn in_order(definition: &StructDefinition) -> (Vec<&FieldDefinition>, u16) {
    let required: BTreeSet<&str> = definition
        .fields
        .iter()
        .filter(|field| field.is_required)
        .map(|field| &*field.name)
        .collect();
    let mut sorted: Vec<&FieldDefinition> = definition.fields.iter().collect();
    sorted.sort_by_key(|field| {
        let is_optional = !required.contains(&*field.name);
        (is_optional, &*field.name, field.span.since)
    });
    let count = sorted
        .iter()
        .filter(|field| required.contains(&*field.name))
        .count();
    (sorted, count as u16)
}

fn put(out: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        out.extend(number.to_le_bytes());
    }
}

/// Row displacement: the rows of a sparse matrix (struct × name) laid over each other in one array, so that
/// a field is found with one addition. Whose slot it is shows in the field that it names.
struct Comb {
    displacements: Vec<u32>,
    slots: Vec<u32>,
}

impl Comb {
    fn empty(rows: usize) -> Self {
        Comb {
            displacements: vec![0; rows],
            slots: Vec::new(),
        }
    }

    /// Rows: for each struct, its names and the fields that they stand for.
    fn place(rows: &[Vec<(u32, u32)>]) -> Self {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        // The longest first: short ones fill the gaps.
        order.sort_by_key(|&row| (std::cmp::Reverse(rows[row].len()), row));
        let mut comb = Comb::empty(rows.len());
        let mut lowest = 0;
        for row in order {
            while comb.slots.get(lowest).is_some_and(|&slot| slot != NONE) {
                lowest += 1;
            }
            comb.add(row, &rows[row], lowest as u32);
        }
        comb
    }

    fn add(&mut self, row: usize, names: &[(u32, u32)], lowest: u32) {
        let Some(first) = names.iter().map(|&(name, _)| name).min() else {
            return;
        };
        // No slot below `lowest` is free, so the first name cannot go there.
        let mut displacement = lowest.saturating_sub(first);
        while names
            .iter()
            .any(|&(name, _)| self.is_taken(displacement + name))
        {
            displacement += 1;
        }
        for &(name, field) in names {
            let slot = (displacement + name) as usize;
            if self.slots.len() <= slot {
                self.slots.resize(slot + 1, NONE);
            }
            self.slots[slot] = field;
        }
        self.displacements[row] = displacement;
    }

    fn is_taken(&self, slot: u32) -> bool {
        self.slots
            .get(slot as usize)
            .is_some_and(|&taken| taken != NONE)
    }
}
