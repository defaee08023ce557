//! Types before they are a table: what the generator and custom resource definitions fill in.

use crate::types::{Scalar, TypeRef};

/// All that goes into one table.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Definitions {
    /// The oldest and the newest minor that the facts cover.
    pub minors: (u8, u8),
    /// The kinds, in any order.
    pub kinds: Vec<KindDefinition>,
    /// The mappings with known fields, in any order.
    pub structs: Vec<StructDefinition>,
}

/// One kind in one version of its group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindDefinition {
    /// The group, empty for the core.
    pub group: String,
    /// The version.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The name of its struct.
    pub of: String,
    /// Whether its objects live in namespaces, where that is known.
    pub is_namespaced: Option<bool>,
    /// The minors that serve it.
    pub span: Span,
}

/// The first and the last minor of something; `None` where it goes beyond what is covered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// The first minor.
    pub since: Option<u8>,
    /// The last minor.
    pub until: Option<u8>,
}

/// A mapping with known fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StructDefinition {
    /// Its name, unique in the table.
    pub name: String,
    /// Whether unknown fields are kept.
    pub is_open: bool,
    /// Its fields; a name may repeat with other spans.
    pub fields: Vec<FieldDefinition>,
}

/// A field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldDefinition {
    /// Its name.
    pub name: String,
    /// The type of its value.
    pub of: TypeDefinition,
    /// Whether it is required.
    pub is_required: bool,
    /// The minors that have it.
    pub span: Span,
    /// Merge keys, list types and the default, as in the text form (see [`crate::Field`]).
    pub facts: String,
}

/// The type of a field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TypeDefinition {
    /// No parts.
    Scalar(Scalar),
    /// A sequence.
    List(Box<TypeDefinition>),
    /// A mapping from any name.
    Map(Box<TypeDefinition>),
    /// A struct of the same table.
    Struct(String),
    /// A type of the embedded table.
    Embedded(TypeRef),
}
