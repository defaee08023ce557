//! Types, and sets of them: what an expression may evaluate to, as far as its text says.

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    /// `null_type`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `uint`
    Uint,
    /// `double`
    Double,
    /// `string`
    String,
    /// `bytes`
    Bytes,
    /// `list`
    List,
    /// `map`
    Map,
    /// `optional_type`
    Optional,
    /// `type`
    Type,
    /// `google.protobuf.Timestamp`
    Timestamp,
    /// `google.protobuf.Duration`
    Duration,
    /// `kubernetes.Quantity`
    Quantity,
    /// `kubernetes.Semver`
    Semver,
    /// `net.IP`
    Ip,
    /// `net.CIDR`
    Cidr,
    /// `kubernetes.URL`
    Url,
    /// `kubernetes.NamedFormat`
    Format,
    /// An object of the embedding program.
    Host,
    /// Unknown or error: not a type of the language.
    None,
}

impl Type {
    /// The name as CEL writes it.
    pub fn name(self) -> &'static str {
        match self {
            Type::Null => "null_type",
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Uint => "uint",
            Type::Double => "double",
            Type::String => "string",
            Type::Bytes => "bytes",
            Type::List => "list",
            Type::Map => "map",
            Type::Optional => "optional_type",
            Type::Type => "type",
            Type::Timestamp => "google.protobuf.Timestamp",
            Type::Duration => "google.protobuf.Duration",
            Type::Quantity => "kubernetes.Quantity",
            Type::Semver => "kubernetes.Semver",
            Type::Ip => "net.IP",
            Type::Cidr => "net.CIDR",
            Type::Url => "kubernetes.URL",
            Type::Format => "kubernetes.NamedFormat",
            Type::Host => "object",
            Type::None => "error",
        }
    }

    /// The types that have a name of their own in expressions.
    #[cfg_attr(
        not(feature = "parse"),
        expect(dead_code, reason = "only the checker asks")
    )]
    pub(crate) const NAMED: [Type; 12] = [
        Type::Null,
        Type::Bool,
        Type::Int,
        Type::Uint,
        Type::Double,
        Type::String,
        Type::Bytes,
        Type::List,
        Type::Map,
        Type::Optional,
        Type::Type,
        Type::Host,
    ];
}

/// A set of types; what is not known statically is in all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Types(u32);

impl Types {
    pub(crate) const ANY: Types = Types(u32::MAX);
    #[cfg(feature = "parse")]
    pub(crate) const NONE: Types = Types(0);
    #[cfg(feature = "parse")]
    pub(crate) const NULL: Types = Types::of(Type::Null);
    pub(crate) const BOOL: Types = Types::of(Type::Bool);
    pub(crate) const INT: Types = Types::of(Type::Int);
    pub(crate) const UINT: Types = Types::of(Type::Uint);
    pub(crate) const DOUBLE: Types = Types::of(Type::Double);
    pub(crate) const STRING: Types = Types::of(Type::String);
    pub(crate) const BYTES: Types = Types::of(Type::Bytes);
    pub(crate) const LIST: Types = Types::of(Type::List);
    pub(crate) const MAP: Types = Types::of(Type::Map);
    pub(crate) const OPTIONAL: Types = Types::of(Type::Optional);
    pub(crate) const TYPE: Types = Types::of(Type::Type);
    pub(crate) const TIMESTAMP: Types = Types::of(Type::Timestamp);
    pub(crate) const DURATION: Types = Types::of(Type::Duration);
    pub(crate) const QUANTITY: Types = Types::of(Type::Quantity);
    pub(crate) const SEMVER: Types = Types::of(Type::Semver);
    pub(crate) const IP: Types = Types::of(Type::Ip);
    pub(crate) const CIDR: Types = Types::of(Type::Cidr);
    pub(crate) const URL: Types = Types::of(Type::Url);
    pub(crate) const FORMAT: Types = Types::of(Type::Format);
    pub(crate) const HOST: Types = Types::of(Type::Host);
    pub(crate) const NUMBER: Types = Types::INT.or(Types::UINT).or(Types::DOUBLE);

    /// One type.
    pub(crate) const fn of(one: Type) -> Types {
        Types(1 << one as u32)
    }

    /// Either of two sets.
    pub(crate) const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// What is in both.
    #[cfg(feature = "parse")]
    pub(crate) const fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    /// Whether nothing is in both.
    pub(crate) const fn excludes(self, other: Types) -> bool {
        self.0 & other.0 == 0
    }

    /// The types' names, for a message.
    #[cfg(feature = "parse")]
    pub(crate) fn names(self) -> String {
        let all = (0..=Type::None as u32).filter(|bit| self.0 & 1 << bit != 0);
        all.map(|bit| OF_VALUES.get(bit as usize).unwrap_or(&Type::None).name())
            .collect::<Vec<_>>()
            .join(" or ")
    }
}

/// What a value can be, each at the position of its number.
pub(crate) const OF_VALUES: [Type; 20] = [
    Type::Null,
    Type::Bool,
    Type::Int,
    Type::Uint,
    Type::Double,
    Type::String,
    Type::Bytes,
    Type::List,
    Type::Map,
    Type::Optional,
    Type::Type,
    Type::Timestamp,
    Type::Duration,
    Type::Quantity,
    Type::Semver,
    Type::Ip,
    Type::Cidr,
    Type::Url,
    Type::Format,
    Type::Host,
];
