//! An object held against its schema: what the API server would refuse, or drop in silence.

use document::{EntryRef, KeyId, Keys, Kind, NodeRef};

use crate::format::{is_base64, is_quantity};
use crate::lifecycle::lifecycle;
use crate::mismatch::{Expected, Mismatch, MismatchKind, Place, PlaceStep};
use crate::nearest::hint;
use crate::schema::{KindInfo, Schema};
use crate::table::Row;
use crate::types::{Scalar, Shape, StructRef, TypeRef};

/// Holds objects against a schema. Made once for all documents that share a table of keys.
#[derive(Clone, Copy, Debug)]
pub struct Validator<'s> {
    schema: Schema<'s>,
    /// What the caller asked for; decides about APIs.
    minor: u32,
    /// Whether keys are indexes into the embedded table (see [`crate::names`]).
    is_direct: bool,
    api_version: Option<KeyId>,
    kind: Option<KeyId>,
    status: Option<KeyId>,
}

/// What became of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was held against a type.
    Validated(TypeRef),
    /// Nothing is known about its kind, so nothing about its fields.
    UnknownKind,
    /// It is no Kubernetes object.
    NoObject,
}

type Sink<'w, 'd, 's> = &'w mut dyn FnMut(Mismatch<'_, 'd, 's>);

impl<'s> Validator<'s> {
    /// For documents with these keys, as a minor would see them.
    pub fn new(schema: Schema<'s>, keys: &Keys, minor: u32) -> Self {
        let table = schema.embedded_table();
        let is_in_place = |id: u32| {
            let key = keys.get(table.text(id));
            key.is_some_and(|key| key.index() == id as usize + 1)
        };
        Validator {
            schema,
            minor,
            // Ids ascend in order of first appearance, so the ends and the middle tell enough.
            is_direct: [0, table.names / 2, table.names.saturating_sub(1)]
                .into_iter()
                .all(is_in_place),
            api_version: keys.get("apiVersion"),
            kind: keys.get("kind"),
            status: keys.get("status"),
        }
    }

    /// Reads `apiVersion` and `kind`, and gives all that does not fit to the sink, in the order of the text
    /// within each mapping (what a mapping lacks comes after what it has).
    pub fn validate<'d>(
        &self,
        object: NodeRef<'d>,
        sink: &mut dyn FnMut(Mismatch<'_, 'd, 's>),
    ) -> Outcome {
        let Some((api_version, kind)) = self.header(object) else {
            return Outcome::NoObject;
        };
        let text = api_version.value.as_str().unwrap_or_default();
        let (group, version) = text.split_once('/').unwrap_or(("", text));
        let known = self.choose(group, version, kind);
        if let Some(found) = self.served(group, version, kind, known) {
            let place = Place {
                above: Some(&ROOT),
                step: PlaceStep::Key(api_version.key),
                key: Some(api_version.key_origin),
                structure: None,
            };
            sink(Mismatch {
                node: api_version.value,
                key: place.key,
                kind: found,
                place: &place,
            });
        }
        let Some(known) = known else {
            return Outcome::UnknownKind;
        };
        self.validate_as(object, known, sink);
        Outcome::Validated(known.of)
    }

    /// Holds an object against a kind, whatever it says it is.
    pub fn validate_as<'d>(
        &self,
        object: NodeRef<'d>,
        kind: KindInfo<'_>,
        sink: &mut dyn FnMut(Mismatch<'_, 'd, 's>),
    ) {
        // An object of an API that is gone is read as its last version would.
        let minor = u32::from(self.schema.clamp(self.minor))
            .max(kind.since.unwrap_or(0))
            .min(kind.until.unwrap_or(u32::MAX));
        let mut walk = Walk {
            schema: self.schema,
            minor: self.schema.clamp(minor),
            is_direct: self.is_direct,
            status: self.status,
            is_demanding: true,
            sink,
        };
        let found = object.kind();
        if found != Kind::Null {
            walk.value(kind.of, object, found, &ROOT);
        }
    }

    fn header<'d>(&self, object: NodeRef<'d>) -> Option<(EntryRef<'d>, &'d str)> {
        let keys = object.document();
        let api_version = self.api_version.or_else(|| keys.key_id("apiVersion"))?;
        let kind = self.kind.or_else(|| keys.key_id("kind"))?;
        let api_version = object.entry(api_version)?;
        api_version.value.as_str()?;
        Some((api_version, object.get(kind)?.as_str()?))
    }

    /// The kind as the minor has it, else the nearest one that is known.
    fn choose(&self, group: &str, version: &str, kind: &str) -> Option<KindInfo<'s>> {
        let minor = self.schema.clamp(self.minor).into();
        let mut last = None;
        for info in self.schema.kinds_of(group, version, kind) {
            last = Some(info);
            if info.is_in(minor) {
                break;
            }
        }
        last
    }

    /// What is to be said about the API itself.
    fn served(
        &self,
        group: &str,
        version: &str,
        kind: &str,
        known: Option<KindInfo<'_>>,
    ) -> Option<MismatchKind<'static, 's>> {
        let is_past = |minor: Option<u32>| minor.is_some_and(|minor| minor <= self.minor);
        match (lifecycle(group, version, kind), known) {
            (Some(found), _) if is_past(found.removed) => Some(MismatchKind::RemovedApi(*found)),
            (Some(found), _) if is_past(found.deprecated) => {
                Some(MismatchKind::DeprecatedApi(*found))
            }
            (_, Some(known)) if !known.is_in(self.minor) => Some(MismatchKind::UnservedApi {
                since: known.since.filter(|&since| since > self.minor),
                until: known.until.filter(|&until| until < self.minor),
                instead: self.schema.best_version(group, kind, self.minor),
            }),
            _ => None,
        }
    }
}

const ROOT: Place<'static> = Place {
    above: None,
    step: PlaceStep::Root,
    key: None,
    structure: None,
};

struct Walk<'w, 'd, 's> {
    schema: Schema<'s>,
    minor: u8,
    is_direct: bool,
    status: Option<KeyId>,
    /// Whether what is missing is reported: not below `status`, which the API server fills in.
    is_demanding: bool,
    sink: Sink<'w, 'd, 's>,
}

impl<'d> Walk<'_, 'd, '_> {
    /// Holds a value that is not null against its type.
    fn value(&mut self, of: TypeRef, node: NodeRef<'d>, found: Kind, place: &Place<'_>) {
        match self.schema.shape(of) {
            Shape::Scalar(scalar) => self.scalar(scalar, node, found, place),
            Shape::List(item) if found == Kind::Sequence => self.list(item, node, place),
            Shape::Map(value) if found == Kind::Mapping => self.map(value, node, place),
            Shape::Struct(structure) if found == Kind::Mapping => {
                self.structure(structure, node, place);
            }
            Shape::List(_) => self.wrong(Expected::List, node, found, place),
            Shape::Map(_) | Shape::Struct(_) => self.wrong(Expected::Mapping, node, found, place),
        }
    }

    #[inline]
    fn scalar(&mut self, scalar: Scalar, node: NodeRef<'d>, found: Kind, place: &Place<'_>) {
        let expected = Expected::Scalar(scalar);
        match fits(scalar, node, found) {
            Fit::Yes => {}
            Fit::WrongType => self.wrong(expected, node, found, place),
            Fit::WrongFormat => self.report(node, MismatchKind::WrongFormat { expected }, place),
        }
    }

    fn list(&mut self, item: TypeRef, node: NodeRef<'d>, place: &Place<'_>) {
        for (index, node) in node.items().enumerate() {
            let place = Place {
                above: Some(place),
                step: PlaceStep::Index(index),
                key: None,
                structure: None,
            };
            let found = node.kind();
            if found != Kind::Null {
                self.value(item, node, found, &place);
            }
        }
    }

    fn map(&mut self, value: TypeRef, node: NodeRef<'d>, place: &Place<'_>) {
        if node.is_irregular() {
            self.repeated(node, place);
            for entry in node.entries() {
                self.map_entry(value, &entry, place);
            }
        } else {
            for entry in node.written_entries() {
                self.map_entry(value, &entry, place);
            }
        }
    }

    #[inline]
    fn map_entry(&mut self, value: TypeRef, entry: &EntryRef<'d>, place: &Place<'_>) {
        let found = entry.value.kind();
        let is_fine = found == Kind::String && value == TypeRef::scalar(Scalar::String);
        if found != Kind::Null && !is_fine {
            self.value(value, entry.value, found, &below(place, entry));
        }
    }

    fn structure(&mut self, structure: StructRef, node: NodeRef<'d>, place: &Place<'_>) {
        let place = &Place {
            structure: Some(structure),
            ..*place
        };
        let mut seen = 0;
        if node.is_irregular() {
            self.repeated(node, place);
            for entry in node.entries() {
                seen |= self.entry(structure, &entry, place);
            }
        } else {
            for entry in node.written_entries() {
                seen |= self.entry(structure, &entry, place);
            }
        }
        if structure.required > 0 && self.is_demanding {
            self.missing(structure, node, seen, place);
        }
    }

    /// Looks at one entry; gives the bit of its field, if it has a value.
    #[inline]
    fn entry(&mut self, structure: StructRef, entry: &EntryRef<'d>, place: &Place<'_>) -> u64 {
        let row = match self.name(structure, entry) {
            Some(name) => self
                .schema
                .table_for(structure)
                .find_in(structure, name, self.minor),
            None => Err(None),
        };
        match row {
            Ok(row) => {
                let found = entry.value.kind();
                if found == Kind::Null {
                    return 0;
                }
                if found != Kind::String || row.of != TypeRef::scalar(Scalar::String) {
                    self.field(row, entry, found, place);
                }
                1_u64.checked_shl(row.ordinal).unwrap_or(0)
            }
            Err(other) => {
                if !structure.is_open {
                    self.unknown(structure, entry, other, place);
                }
                0
            }
        }
    }

    #[inline]
    fn field(&mut self, row: Row, entry: &EntryRef<'d>, found: Kind, place: &Place<'_>) {
        let is_status = place.above.is_none() && Some(entry.key) == self.status;
        let was_demanding = self.is_demanding;
        self.is_demanding &= !is_status;
        self.value(row.of, entry.value, found, &below(place, entry));
        self.is_demanding = was_demanding;
    }

    /// The number of an entry's name in the table of the struct.
    #[inline]
    fn name(&self, structure: StructRef, entry: &EntryRef<'d>) -> Option<u32> {
        if self.is_direct && !structure.is_custom {
            let name = (entry.key.index() as u32).checked_sub(1)?;
            return (name < self.schema.embedded_table().names).then_some(name);
        }
        self.schema.table_for(structure).name(entry.name())
    }

    #[cold]
    fn unknown(
        &mut self,
        structure: StructRef,
        entry: &EntryRef<'d>,
        other: Option<Row>,
        place: &Place<'_>,
    ) {
        let name = entry.name();
        let other = other.map(|row| self.schema.row_field(structure, row));
        let minor = u32::from(self.minor);
        let kind = MismatchKind::UnknownField {
            name,
            hint: match other {
                Some(_) => None,
                None => hint(&self.schema, name, place, self.minor),
            },
            since: other
                .and_then(|field| field.since)
                .filter(|&since| since > minor),
            until: other
                .and_then(|field| field.until)
                .filter(|&until| until < minor),
        };
        self.report(entry.value, kind, &below(place, entry));
    }

    fn missing(&mut self, structure: StructRef, node: NodeRef<'d>, seen: u64, place: &Place<'_>) {
        let required = structure.required.min(64);
        if seen.trailing_ones() >= u32::from(required) {
            return;
        }
        for ordinal in (0..u32::from(required)).filter(|ordinal| seen >> ordinal & 1 == 0) {
            let row = self.schema.table_for(structure).row(structure, ordinal);
            if row.is_required && row.is_in(self.minor) {
                let name = self.schema.row_field(structure, row).name;
                self.report(node, MismatchKind::MissingRequired { name }, place);
            }
        }
    }

    #[cold]
    fn repeated(&mut self, node: NodeRef<'d>, place: &Place<'_>) {
        let mut seen: Vec<usize> = node
            .written_entries()
            .map(|entry| entry.key.index())
            .collect();
        seen.sort_unstable();
        for (position, entry) in node.written_entries().enumerate() {
            let key = entry.key;
            let is_single = seen.partition_point(|&one| one <= key.index())
                - seen.partition_point(|&one| one < key.index())
                == 1;
            if is_single || key == Keys::MERGE {
                continue;
            }
            if node
                .written_entries()
                .take(position)
                .any(|before| before.key == key)
            {
                let kind = MismatchKind::RepeatedKey { name: entry.name() };
                self.report(entry.value, kind, &below(place, &entry));
            }
        }
    }

    #[cold]
    fn wrong(&mut self, expected: Expected, node: NodeRef<'d>, found: Kind, place: &Place<'_>) {
        self.report(node, MismatchKind::WrongType { expected, found }, place);
    }
}

impl<'d, 's> Walk<'_, 'd, 's> {
    #[cold]
    fn report(&mut self, node: NodeRef<'d>, kind: MismatchKind<'d, 's>, place: &Place<'_>) {
        (self.sink)(Mismatch {
            node,
            key: place.key,
            kind,
            place,
        });
    }
}

#[inline]
fn below<'p>(place: &'p Place<'p>, entry: &EntryRef<'_>) -> Place<'p> {
    Place {
        above: Some(place),
        step: PlaceStep::Key(entry.key),
        key: Some(entry.key_origin),
        structure: None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    WrongType,
    WrongFormat,
}

/// Whether the API server can decode a value that is not null.
fn fits(scalar: Scalar, node: NodeRef<'_>, found: Kind) -> Fit {
    let text = || node.as_str().unwrap_or_default();
    let is_type = |is: bool| if is { Fit::Yes } else { Fit::WrongType };
    let is_format = |is: bool| if is { Fit::Yes } else { Fit::WrongFormat };
    match (scalar, found) {
        (Scalar::Object, _) => is_type(found == Kind::Mapping),
        (Scalar::String | Scalar::DateTime, _) => is_type(found == Kind::String),
        (Scalar::Boolean, _) => is_type(found == Kind::Bool),
        (Scalar::Byte, Kind::String) => is_format(is_base64(text())),
        (Scalar::Quantity, Kind::String) => is_format(is_quantity(text())),
        (Scalar::Any, _)
        | (Scalar::IntOrString | Scalar::LongOrString, Kind::String)
        | (Scalar::Number | Scalar::Quantity, Kind::Int | Kind::Uint | Kind::Float) => Fit::Yes,
        (Scalar::Int32 | Scalar::IntOrString, Kind::Int | Kind::Uint) => is_format(
            node.as_i64()
                .is_some_and(|value| i32::try_from(value).is_ok()),
        ),
        (Scalar::Int64 | Scalar::LongOrString, Kind::Int | Kind::Uint) => {
            is_format(node.as_i64().is_some())
        }
        (Scalar::Int32 | Scalar::IntOrString, Kind::Float) => whole(node, f64::from(i32::MAX)),
        // 2^53: beyond it the text that the number came from cannot be told.
        (Scalar::Int64 | Scalar::LongOrString, Kind::Float) => whole(node, 9_007_199_254_740_992.0),
        _ => Fit::WrongType,
    }
}

/// A whole number written with a fraction (`1.0`) reaches the API server as an integer.
fn whole(node: NodeRef<'_>, limit: f64) -> Fit {
    match node.as_f64() {
        Some(value) if value.fract() != 0.0 || !value.is_finite() => Fit::WrongType,
        Some(value) if value.abs() > limit => Fit::WrongFormat,
        _ => Fit::Yes,
    }
}
