//! The embedded table and what custom resource definitions add to it, behind one face.

use std::ops::RangeInclusive;

use document::KeyId;

use crate::custom::CustomKinds;
use crate::embedded::embedded;
use crate::lifecycle::removed_scope;
use crate::table::{KindRow, Row, Table};
use crate::types::{Field, Shape, StructRef, TypeRef};

/// What is known about kinds and types. A view: copied freely, nothing is loaded to make one.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'s> {
    embedded: Table<'static>,
    custom: Option<Table<'s>>,
}

/// One kind in one version of its group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindInfo<'s> {
    /// The group, empty for the core.
    pub group: &'s str,
    /// The version.
    pub version: &'s str,
    /// The kind.
    pub kind: &'s str,
    /// The type of its objects.
    pub of: TypeRef,
    /// The first minor that serves it; `None` when the oldest supported one does.
    pub since: Option<u32>,
    /// The last minor that serves it; `None` when the newest supported one does.
    pub until: Option<u32>,
    /// Whether its objects live in namespaces, where that is known.
    pub is_namespaced: Option<bool>,
}

impl<'s> KindInfo<'s> {
    fn new(row: KindRow<'s>) -> Self {
        KindInfo {
            group: row.group,
            version: row.version,
            kind: row.kind,
            of: row.of,
            since: (row.since > 0).then_some(u32::from(row.since)),
            until: (row.until < u8::MAX).then_some(u32::from(row.until)),
            is_namespaced: row.is_namespaced,
        }
    }

    /// Whether a minor serves it.
    pub fn is_in(&self, minor: u32) -> bool {
        self.since.is_none_or(|since| since <= minor)
            && self.until.is_none_or(|until| minor <= until)
    }
}

/// All property names of the embedded table, sorted.
///
/// The contract with [`document::Keys`]: they come first in the table of keys, in this order, right after the
/// merge key. Then the `KeyId` of the name at position `n` has the index `n + 1`, and a field is found by
/// arithmetic on it. A table of keys that does not keep the contract still gives right answers, slower.
pub fn names() -> impl ExactSizeIterator<Item = &'static str> + Clone {
    let table = embedded();
    (0..table.names as usize).map(move |id| table.text(id as u32))
}

impl Schema<'static> {
    /// What Kubernetes publishes.
    pub fn embedded() -> Self {
        Schema {
            embedded: embedded(),
            custom: None,
        }
    }
}

impl<'s> Schema<'s> {
    /// The same with the kinds of custom resource definitions, in place of any given before.
    pub fn with_custom_kinds<'c>(&self, kinds: &'c CustomKinds) -> Schema<'c> {
        Schema {
            embedded: self.embedded,
            custom: kinds.table(),
        }
    }

    /// The minors that the embedded table covers.
    pub fn minors(&self) -> RangeInclusive<u32> {
        let (first, last) = self.embedded.minors;
        first.into()..=last.into()
    }

    /// The nearest minor that the table covers.
    pub(crate) fn clamp(&self, minor: u32) -> u8 {
        let (first, last) = self.embedded.minors;
        minor.clamp(first.into(), last.into()) as u8
    }

    /// The type of a kind that a minor serves (the nearest supported one, for others).
    pub fn kind(&self, group: &str, version: &str, kind: &str, minor: u32) -> Option<TypeRef> {
        let minor = self.clamp(minor).into();
        let mut rows = self.kinds_of(group, version, kind);
        rows.find(|kind| kind.is_in(minor)).map(|kind| kind.of)
    }

    /// What is known about a kind in any minor, oldest first.
    pub fn kinds_of<'k>(
        &self,
        group: &'k str,
        version: &'k str,
        kind: &'k str,
    ) -> impl Iterator<Item = KindInfo<'s>> + use<'s, 'k> {
        self.kinds_named(kind)
            .filter(move |info| info.group == group && info.version == version)
    }

    /// What is known about a kind in any group, version and minor.
    pub(crate) fn kinds_named<'k>(
        &self,
        kind: &'k str,
    ) -> impl Iterator<Item = KindInfo<'s>> + use<'s, 'k> {
        self.tables()
            .flat_map(move |table| table.kinds_named(kind))
            .map(KindInfo::new)
    }

    /// The version of a group in which a minor serves a kind: a stable one, if there is, and the newest.
    pub fn best_version(&self, group: &str, kind: &str, minor: u32) -> Option<&'s str> {
        let minor = self.clamp(minor).into();
        let rows = self.kinds_named(kind);
        rows.filter(|info| info.group == group && info.is_in(minor))
            .map(|info| info.version)
            .max_by_key(|version| (Stability::of(version), *version))
    }

    /// All kinds, sorted by kind, group and version, the embedded ones first.
    pub fn kinds(&self) -> impl Iterator<Item = KindInfo<'s>> + use<'s> {
        self.tables()
            .flat_map(|table| (0..table.kinds).map(move |index| KindInfo::new(table.kind(index))))
    }

    /// Whether the objects of a kind live in namespaces, where that is known. Any version of the group counts;
    /// removed kinds are known too.
    pub fn is_namespaced(&self, group: &str, kind: &str) -> Option<bool> {
        self.tables()
            .flat_map(|table| table.kinds_named(kind))
            .filter(|row| row.group == group)
            .find_map(|row| row.is_namespaced)
            .or_else(|| removed_scope(group, kind))
    }

    /// What a type is made of.
    #[inline]
    pub fn shape(&self, of: TypeRef) -> Shape {
        self.table_of(of).shape(of)
    }

    /// The type of the items of a list.
    pub fn item(&self, of: TypeRef) -> Option<TypeRef> {
        match self.shape(of) {
            Shape::List(item) => Some(item),
            _ => None,
        }
    }

    /// The type of the values of a mapping from any name.
    pub fn value(&self, of: TypeRef) -> Option<TypeRef> {
        match self.shape(of) {
            Shape::Map(value) => Some(value),
            _ => None,
        }
    }

    /// The name of a struct, such as `core.v1.Container`.
    pub fn name_of(&self, structure: StructRef) -> &'s str {
        self.table_for(structure).text(structure.name)
    }

    /// The fields of a type in all minors; none when it is no struct.
    pub fn fields(&self, of: TypeRef) -> impl Iterator<Item = Field<'s>> {
        let structure = self.structure(of);
        structure.into_iter().flat_map(|structure| {
            let table = self.table_for(structure);
            table.rows(structure).map(move |row| table.field(row))
        })
    }

    /// The field of a name that a minor has.
    pub fn field(&self, of: TypeRef, name: &str, minor: u32) -> Option<Field<'s>> {
        let structure = self.structure(of)?;
        let table = self.table_for(structure);
        let row = table.find_in(structure, table.name(name)?, self.clamp(minor));
        row.ok().map(|row| table.field(row))
    }

    /// The same by key, for documents whose keys keep the contract of [`names`]. Only for embedded types.
    pub fn field_by_key(&self, of: TypeRef, key: KeyId, minor: u32) -> Option<Field<'s>> {
        let structure = self
            .structure(of)
            .filter(|structure| !structure.is_custom)?;
        let name = u32::try_from(key.index().checked_sub(1)?).ok()?;
        let row = self.embedded.find_in(structure, name, self.clamp(minor));
        row.ok().map(|row| self.embedded.field(row))
    }

    fn structure(&self, of: TypeRef) -> Option<StructRef> {
        match self.shape(of) {
            Shape::Struct(structure) => Some(structure),
            _ => None,
        }
    }

    fn tables(&self) -> impl Iterator<Item = Table<'s>> + use<'s> {
        let embedded: Table<'s> = self.embedded;
        std::iter::once(embedded).chain(self.custom)
    }

    #[inline]
    fn table_of(&self, of: TypeRef) -> &Table<'s> {
        match &self.custom {
            Some(custom) if of.0 & TypeRef::CUSTOM != 0 => custom,
            _ => &self.embedded,
        }
    }

    #[inline]
    pub(crate) fn table_for(&self, structure: StructRef) -> &Table<'s> {
        match &self.custom {
            Some(custom) if structure.is_custom => custom,
            _ => &self.embedded,
        }
    }

    pub(crate) fn row_field(&self, structure: StructRef, row: Row) -> Field<'s> {
        self.table_for(structure).field(row)
    }

    pub(crate) fn embedded_table(&self) -> &Table<'static> {
        &self.embedded
    }
}

/// How much a version of an API promises.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Stability {
    Alpha,
    Beta,
    Stable,
}

impl Stability {
    pub(crate) fn of(version: &str) -> Self {
        if version.contains("alpha") {
            Stability::Alpha
        } else if version.contains("beta") {
            Stability::Beta
        } else {
            Stability::Stable
        }
    }
}
