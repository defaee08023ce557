//! Folding: what depends on known variables and on literals only is computed before compilation.
//!
//! Only values that stand as literals replace an expression, so everything that the compiler does for
//! literals (patterns made once, sorted texts) serves them too. What fails stays as it was and fails
//! when it runs.

use bumpalo::Bump;

use crate::ast::{Expr, ExprKind, Literal, LoopKind, Operator};
use crate::compile::Compiler;
use crate::frame::Frame;
use crate::value::Value;

/// A variable whose value is known when programs are compiled.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// The variable's slot.
    pub slot: u16,
    /// Makes the value; it holds no host objects and no nodes.
    pub value: &'k dyn for<'a> Fn(&'a Bump) -> Value<'a>,
}

/// Folds expressions.
pub(crate) struct Folder<'k> {
    pub(crate) compiler: Compiler<'k>,
    pub(crate) known: &'k [Known<'k>],
}

impl Folder<'_> {
    /// Replaces what is known in an expression, the largest parts first.
    pub(crate) fn fold(&self, expr: &mut Expr) {
        if self.is_known(expr)
            && let Some(kind) = self.evaluate(expr, literal)
        {
            expr.kind = kind;
            return;
        }
        if let ExprKind::Binary(Operator::In, parts) = &mut expr.kind
            && self.is_known(&parts[1])
            && let Some(kind) = self.evaluate(&parts[1], texts)
        {
            parts[1].kind = kind;
        }
        expr.for_each_part_mut(&mut |part| self.fold(part));
        if let Some(kind) = simpler(&mut expr.kind) {
            expr.kind = kind;
        }
    }

    /// Whether it is worth a try: more than a leaf, and nothing in it is unknown yet.
    fn is_known(&self, expr: &Expr) -> bool {
        let mut parts = 0;
        let mut known = true;
        expr.visit(&mut |part| {
            parts += 1;
            known &= match &part.kind {
                ExprKind::Variable(slot) => self.known.iter().any(|known| known.slot == *slot),
                ExprKind::Local(_)
                | ExprKind::Method(..)
                | ExprKind::Loop(_)
                | ExprKind::Bind { .. }
                | ExprKind::OptionalMap { .. } => false,
                _ => true,
            };
        });
        known && parts > 1
    }

    /// The value in a form that can replace the expression.
    fn evaluate(&self, expr: &Expr, form: fn(Value<'_>) -> Option<ExprKind>) -> Option<ExprKind> {
        let code = self.compiler.compile(expr).ok()?;
        let arena = Bump::new();
        let last = self.known.iter().map(|known| known.slot as usize).max()?;
        let variables = arena.alloc_slice_fill_copy(last + 1, Value::Null);
        for known in self.known {
            variables[known.slot as usize] = (known.value)(&arena);
        }
        let mut frame = Frame::new(&arena, variables);
        form(code.run(&mut frame))
    }
}

/// A value as a literal. Lists with items are none: those would be made again at each evaluation,
/// while those of the variable are there.
fn literal(value: Value<'_>) -> Option<ExprKind> {
    Some(ExprKind::Literal(match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Bool(value),
        Value::Int(value) => Literal::Int(value),
        Value::Uint(value) => Literal::Uint(value),
        Value::Double(value) => Literal::Double(value),
        Value::String(text) => Literal::String(text.into()),
        Value::Bytes(bytes) => Literal::Bytes(bytes.into()),
        Value::List([]) => return Some(ExprKind::List(Vec::new())),
        _ => return None,
    }))
}

/// A list of strings as a list of literals.
fn texts(value: Value<'_>) -> Option<ExprKind> {
    let Value::List(items) = value else {
        return None;
    };
    let item = |item: &Value<'_>| match item {
        Value::String(text) => Some(crate::ast::ListItem {
            optional: false,
            value: Expr {
                at: 0,
                kind: ExprKind::Literal(Literal::String((*text).into())),
            },
        }),
        _ => None,
    };
    items
        .iter()
        .map(item)
        .collect::<Option<_>>()
        .map(ExprKind::List)
}

/// What an operator comes to once some of its parts are literals.
fn simpler(kind: &mut ExprKind) -> Option<ExprKind> {
    match kind {
        ExprKind::And(parts) => junction(parts, false),
        ExprKind::Or(parts) => junction(parts, true),
        ExprKind::Loop(looped) => {
            let empty = matches!(&looped.range.kind, ExprKind::List(items) if items.is_empty());
            let none = match looped.kind {
                LoopKind::All => ExprKind::Literal(Literal::Bool(true)),
                LoopKind::Exists | LoopKind::ExistsOne => ExprKind::Literal(Literal::Bool(false)),
                LoopKind::Map | LoopKind::Filter => ExprKind::List(Vec::new()),
                LoopKind::TransformMap | LoopKind::TransformMapEntry => return None,
            };
            empty.then_some(none)
        }
        _ => None,
    }
}

/// `&&` and `||`: the absorbing value decides alone, even beside errors; the other decides nothing.
fn junction(parts: &mut Vec<Expr>, absorbing: bool) -> Option<ExprKind> {
    let is = |part: &Expr, wanted| part.kind == ExprKind::Literal(Literal::Bool(wanted));
    if parts.iter().any(|part| is(part, absorbing)) {
        return Some(ExprKind::Literal(Literal::Bool(absorbing)));
    }
    parts.retain(|part| !is(part, !absorbing));
    parts
        .is_empty()
        .then_some(ExprKind::Literal(Literal::Bool(!absorbing)))
}
