//! Types and fields as callers see them.

use std::fmt;

/// A type of a [`Schema`](crate::Schema): small, copied freely, only meaningful with the schema that gave it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TypeRef(pub(crate) u32);

impl TypeRef {
    /// Set on types that were built from custom resource definitions.
    pub(crate) const CUSTOM: u32 = 1 << 31;

    /// The type of a scalar.
    pub const fn scalar(scalar: Scalar) -> Self {
        TypeRef(scalar as u32)
    }

    /// The scalar that the type is, without a look into any table.
    pub(crate) fn as_scalar(self) -> Option<Scalar> {
        Scalar::ALL.get(self.0 as usize).copied()
    }
}

/// The types without parts.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scalar {
    /// Any JSON.
    Any,
    /// A mapping with any content.
    Object,
    /// A string.
    String,
    /// `true` or `false`.
    Boolean,
    /// An integer of 32 bits.
    Int32,
    /// An integer of 64 bits.
    Int64,
    /// A number, whole or not.
    Number,
    /// A string in base64.
    Byte,
    /// A string with a time in the form of RFC 3339.
    DateTime,
    /// A quantity: a string such as `500Mi`, or a number.
    Quantity,
    /// An integer of 32 bits or a string.
    IntOrString,
    /// Any integer or a string: `x-kubernetes-int-or-string` of custom resources.
    LongOrString,
}

impl Scalar {
    /// All of them; the position is the number of the type.
    pub(crate) const ALL: [Scalar; 12] = [
        Scalar::Any,
        Scalar::Object,
        Scalar::String,
        Scalar::Boolean,
        Scalar::Int32,
        Scalar::Int64,
        Scalar::Number,
        Scalar::Byte,
        Scalar::DateTime,
        Scalar::Quantity,
        Scalar::IntOrString,
        Scalar::LongOrString,
    ];

    /// The word for it in the text form of the table (`data/openapi.txt`).
    pub fn word(self) -> &'static str {
        match self {
            Scalar::Any => "any",
            Scalar::Object => "object",
            Scalar::String => "string",
            Scalar::Boolean => "boolean",
            Scalar::Int32 => "int32",
            Scalar::Int64 => "int64",
            Scalar::Number => "number",
            Scalar::Byte => "byte",
            Scalar::DateTime => "date-time",
            Scalar::Quantity => "quantity",
            Scalar::IntOrString => "int-or-string",
            Scalar::LongOrString => "long-or-string",
        }
    }

    /// The scalar behind a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.word() == word)
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scalar::Any => "anything",
            Scalar::Object => "a mapping",
            Scalar::String => "a string",
            Scalar::Boolean => "true or false",
            Scalar::Int32 => "an integer of 32 bits",
            Scalar::Int64 => "an integer",
            Scalar::Number => "a number",
            Scalar::Byte => "a string in base64",
            Scalar::DateTime => "a time",
            Scalar::Quantity => "a quantity",
            Scalar::IntOrString | Scalar::LongOrString => "an integer or a string",
        })
    }
}

/// What a type is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// No parts.
    Scalar(Scalar),
    /// A sequence of items.
    List(TypeRef),
    /// A mapping from any name to values.
    Map(TypeRef),
    /// A mapping with known fields.
    Struct(StructRef),
}

/// A mapping with known fields: where a table keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StructRef {
    pub(crate) name: u32,
    pub(crate) first: u32,
    pub(crate) count: u16,
    pub(crate) required: u16,
    pub(crate) displacement: u32,
    pub(crate) is_custom: bool,
    pub(crate) is_open: bool,
}

impl StructRef {
    /// Whether fields that the schema does not know are kept (`x-kubernetes-preserve-unknown-fields`).
    pub fn is_open(self) -> bool {
        self.is_open
    }
}

/// One field of a mapping in a range of Kubernetes versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field<'s> {
    /// Its name.
    pub name: &'s str,
    /// The type of its value.
    pub of: TypeRef,
    /// Whether the published schema demands it.
    pub is_required: bool,
    /// The first minor that has it; `None` when the oldest supported one does.
    pub since: Option<u32>,
    /// The last minor that has it; `None` when the newest supported one does.
    pub until: Option<u32>,
    pub(crate) facts: &'s str,
}

/// How lists merge in server-side apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListType {
    /// Replaced as a whole.
    Atomic,
    /// Merged as a set of scalars.
    Set,
    /// Merged by keys.
    Map,
}

impl<'s> Field<'s> {
    /// Whether a minor has the field.
    pub fn is_in(&self, minor: u32) -> bool {
        self.since.is_none_or(|since| since <= minor)
            && self.until.is_none_or(|until| minor <= until)
    }

    /// The field of an item by which a strategic merge patch finds it (`x-kubernetes-patch-merge-key`).
    pub fn merge_key(&self) -> Option<&'s str> {
        self.fact("merge=")
    }

    /// Whether a strategic merge patch merges the value instead of replacing it.
    pub fn is_merged(&self) -> bool {
        self.has_strategy("merge")
    }

    /// Whether a strategic merge patch drops the keys that it does not name.
    pub fn retains_keys(&self) -> bool {
        self.has_strategy("retainKeys")
    }

    /// How server-side apply merges the list.
    pub fn list_type(&self) -> Option<ListType> {
        let fact = self.fact("list=")?;
        Some(match fact.split('(').next()? {
            "map" => ListType::Map,
            "set" => ListType::Set,
            _ => ListType::Atomic,
        })
    }

    /// The fields by which server-side apply finds an item.
    pub fn list_keys(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let keys = self
            .fact("list=map(")
            .and_then(|keys| keys.strip_suffix(')'));
        keys.into_iter().flat_map(|keys| keys.split(','))
    }

    /// Whether server-side apply replaces the mapping as a whole.
    pub fn is_atomic_map(&self) -> bool {
        self.fact("map=") == Some("atomic")
    }

    /// The published default, as JSON.
    pub fn default(&self) -> Option<&'s str> {
        let at = self.facts.find("default=")?;
        Some(&self.facts[at + "default=".len()..])
    }

    fn has_strategy(&self, strategy: &str) -> bool {
        self.fact("patch=")
            .is_some_and(|all| all.split(',').any(|one| one == strategy))
    }

    fn fact(&self, prefix: &str) -> Option<&'s str> {
        self.facts
            .split(' ')
            .find_map(|fact| fact.strip_prefix(prefix))
    }
}
