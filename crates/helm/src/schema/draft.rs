//! Drafts of JSON Schema, and how a schema names its own.

/// A draft, in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Draft {
    D4,
    D6,
    D7,
    D2019,
    D2020,
}

impl Draft {
    /// What a schema without `$schema` follows.
    pub(super) const LATEST: Draft = Draft::D2020;

    /// The draft that a value of `$schema` means.
    pub(super) fn of(url: &str) -> Option<Self> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let name = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))
            .unwrap_or(url);
        Some(match name {
            "json-schema.org/schema" => Draft::LATEST,
            "json-schema.org/draft/2020-12/schema" => Draft::D2020,
            "json-schema.org/draft/2019-09/schema" => Draft::D2019,
            "json-schema.org/draft-07/schema" => Draft::D7,
            "json-schema.org/draft-06/schema" => Draft::D6,
            "json-schema.org/draft-04/schema" => Draft::D4,
            _ => return None,
        })
    }

    /// The key that names a schema.
    pub(super) fn id_key(self) -> &'static str {
        if self == Draft::D4 { "id" } else { "$id" }
    }
}

/// What lies below a keyword.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Below {
    /// A schema.
    One,
    /// A list of schemas.
    List,
    /// A mapping to schemas.
    Map,
    /// A schema or a list of them.
    OneOrList,
    /// A mapping to schemas or to something else.
    MapOrOther,
}

/// Keywords with schemas below them, by the drafts that look for schemas there.
pub(super) const APPLICATORS: &[(&str, Below, Draft)] = &[
    ("definitions", Below::Map, Draft::D4),
    ("not", Below::One, Draft::D4),
    ("allOf", Below::List, Draft::D4),
    ("anyOf", Below::List, Draft::D4),
    ("oneOf", Below::List, Draft::D4),
    ("properties", Below::Map, Draft::D4),
    ("additionalProperties", Below::One, Draft::D4),
    ("patternProperties", Below::Map, Draft::D4),
    ("items", Below::OneOrList, Draft::D4),
    ("additionalItems", Below::One, Draft::D4),
    ("dependencies", Below::MapOrOther, Draft::D4),
    ("propertyNames", Below::One, Draft::D6),
    ("contains", Below::One, Draft::D6),
    ("if", Below::One, Draft::D7),
    ("then", Below::One, Draft::D7),
    ("else", Below::One, Draft::D7),
    ("$defs", Below::Map, Draft::D2019),
    ("dependentSchemas", Below::Map, Draft::D2019),
    ("unevaluatedProperties", Below::One, Draft::D2019),
    ("unevaluatedItems", Below::One, Draft::D2019),
    ("contentSchema", Below::One, Draft::D2019),
    ("prefixItems", Below::List, Draft::D2020),
];
