//! A checked expression: names resolved to slots and functions, macros to loops.

use crate::types::Type;

/// Deepest tree that is accepted, from text or from bytes: everything that walks it recurses.
pub(crate) const DEPTH: u32 = 300;

/// An expression that was parsed and checked: what is written to bytes and compiled.
#[derive(Clone, PartialEq, Debug)]
pub struct Checked {
    pub(crate) root: Expr,
    /// Number of slots that the loop variables need.
    pub(crate) locals: u16,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Expr {
    /// Byte offset in the text.
    pub(crate) at: u32,
    pub(crate) kind: ExprKind,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ExprKind {
    Literal(Literal),
    Type(Type),
    Variable(u16),
    Local(u16),
    Select {
        operand: Box<Expr>,
        field: Box<str>,
        mode: Select,
    },
    Index {
        operand: Box<Expr>,
        key: Box<Expr>,
        optional: bool,
    },
    List(Vec<ListItem>),
    Map(Vec<MapEntry>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Conditional(Box<[Expr; 3]>),
    Binary(Operator, Box<[Expr; 2]>),
    Call(FunctionId, Vec<Expr>),
    /// A method of a host object; the object is the first argument.
    Method(Box<str>, Vec<Expr>),
    Loop(Box<Loop>),
    /// `cel.bind`: a local with a value, and the expression that sees it.
    Bind {
        local: u16,
        parts: Box<[Expr; 2]>,
    },
    /// `optMap` and `optFlatMap`: the optional, and the expression over its value.
    OptionalMap {
        local: u16,
        flat: bool,
        parts: Box<[Expr; 2]>,
    },
    /// What other expressions ask as well, and the cell where it is remembered. Never written to bytes.
    Shared(u16, Box<Expr>),
}

/// Position in the table of functions: group, and place in the group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FunctionId {
    pub(crate) group: u8,
    pub(crate) place: u8,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(Box<str>),
    Bytes(Box<[u8]>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Select {
    /// `a.b`
    Field,
    /// `a.?b`
    Optional,
    /// `has(a.b)`
    Has,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ListItem {
    pub(crate) optional: bool,
    pub(crate) value: Expr,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct MapEntry {
    pub(crate) optional: bool,
    pub(crate) key: Expr,
    pub(crate) value: Expr,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Loop {
    pub(crate) kind: LoopKind,
    pub(crate) range: Expr,
    /// The element of a list or the key of a map; with `second`, the index or key.
    pub(crate) first: u16,
    /// The value, in the forms with two variables.
    pub(crate) second: Option<u16>,
    /// The filter of the forms that have one.
    pub(crate) filter: Option<Expr>,
    pub(crate) body: Expr,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LoopKind {
    All,
    Exists,
    ExistsOne,
    /// The list of the bodies' values (`map`, `transformList`).
    Map,
    /// The elements for which the body holds.
    Filter,
    /// `transformMap`: keys kept, values from the body.
    TransformMap,
    /// `transformMapEntry`: entries from the body's maps.
    TransformMapEntry,
}

impl Operator {
    /// The symbol.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::In => "in",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Modulo => "%",
        }
    }
}

impl Checked {
    /// All the field names that the expression selects or looks up as constants, in order, with
    /// repeats: what to put into the table of keys before documents are parsed.
    pub fn key_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.visit(&mut |expr| match &expr.kind {
            ExprKind::Select { field, .. } => names.push(&**field),
            ExprKind::Index { key, .. } => names.extend(key.string()),
            ExprKind::Binary(Operator::In, parts) => names.extend(parts[0].string()),
            _ => {}
        });
        names
    }

    /// Whether an evaluation may call methods of host objects.
    pub fn calls_methods(&self) -> bool {
        self.root.calls_methods()
    }

    /// Whether an evaluation may call one of these methods.
    pub fn calls(&self, methods: &[&str]) -> bool {
        let mut found = false;
        self.root.visit(&mut |expr| {
            found |= matches!(&expr.kind, ExprKind::Method(name, _) if methods.contains(&&**name));
        });
        found
    }
}

/// The direct parts of each kind of expression, for those who look and for those who change.
macro_rules! each_part {
    ($kind:expr, $see:ident, $iter:ident $(, $mutable:tt)?) => {
        match $kind {
            ExprKind::Literal(_)
            | ExprKind::Type(_)
            | ExprKind::Variable(_)
            | ExprKind::Local(_) => {}
            ExprKind::Index { operand, key, .. } => {
                $see(operand);
                $see(key);
            }
            ExprKind::List(items) => {
                for item in items.$iter() {
                    $see(&$($mutable)? item.value);
                }
            }
            ExprKind::Map(entries) => {
                for entry in entries.$iter() {
                    $see(&$($mutable)? entry.key);
                    $see(&$($mutable)? entry.value);
                }
            }
            ExprKind::Select { operand, .. }
            | ExprKind::Not(operand)
            | ExprKind::Negate(operand)
            | ExprKind::Shared(_, operand) => $see(operand),
            ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Call(_, parts)
            | ExprKind::Method(_, parts) => parts.$iter().for_each($see),
            ExprKind::Conditional(parts) => parts.$iter().for_each($see),
            ExprKind::Binary(_, parts)
            | ExprKind::Bind { parts, .. }
            | ExprKind::OptionalMap { parts, .. } => parts.$iter().for_each($see),
            ExprKind::Loop(looped) => {
                $see(&$($mutable)? looped.range);
                looped.filter.$iter().for_each(&mut *$see);
                $see(&$($mutable)? looped.body);
            }
        }
    };
}

impl Expr {
    /// The text of a string literal.
    pub(crate) fn string(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether a method of a host object is called.
    pub(crate) fn calls_methods(&self) -> bool {
        let mut found = false;
        self.visit(&mut |expr| found |= matches!(expr.kind, ExprKind::Method(..)));
        found
    }

    /// Calls a function for the expression and for all below it, outer first.
    pub(crate) fn visit<'e>(&'e self, see: &mut impl FnMut(&'e Expr)) {
        see(self);
        self.for_each_part(&mut |part| part.visit(see));
    }

    /// Number of expressions from here down to the deepest part.
    #[cfg(feature = "parse")]
    pub(crate) fn depth(&self) -> u32 {
        let mut below = 0;
        self.for_each_part(&mut |part| below = below.max(part.depth()));
        below + 1
    }

    /// Calls a function for each direct part, in order.
    pub(crate) fn for_each_part<'e>(&'e self, see: &mut dyn FnMut(&'e Expr)) {
        each_part!(&self.kind, see, iter);
    }

    /// The same for parts that may change.
    pub(crate) fn for_each_part_mut(&mut self, see: &mut dyn FnMut(&mut Expr)) {
        each_part!(&mut self.kind, see, iter_mut, mut);
    }
}
