//! Sharing: what several expressions ask of the same variables is computed once and remembered.
//!
//! Parts are told apart by a hash of their shape, offsets left out. A part is remembered where it reads
//! variables that stay the same, and no loop variable from outside. Faults are not remembered: they name a
//! place in one expression.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::mem::discriminant;

use foldhash::quality::{FixedState, FoldHasher};

use crate::ast::{Checked, Expr, ExprKind, Literal, Select};
use crate::function::Form;
use crate::program::bit;

/// The parts that expressions have in common. First every expression is counted, then each is marked.
#[derive(Debug)]
pub struct Sharing {
    /// The variables that stay the same while a [`Memory`](crate::Memory) is used.
    variables: u64,
    /// How often a part occurs.
    counts: HashMap<Digest, u32, FixedState>,
    /// Where it is remembered.
    cells: HashMap<Digest, u16, FixedState>,
}

/// The shape of a part, as a hash: a few thousand of them are different with near certainty.
type Digest = u64;

/// What is known of a part.
#[derive(Clone, Copy)]
struct Seen {
    digest: Digest,
    /// Bits of the variables that it reads.
    variables: u64,
    /// Bits of the loop variables that it reads and that are made outside.
    locals: u64,
    /// Whether it can be remembered, and that would be worth the while.
    is_candidate: bool,
}

impl Sharing {
    /// For expressions that are evaluated one after the other while these variables stay the same.
    pub fn new(variables: &[u16]) -> Self {
        Sharing {
            variables: variables.iter().fold(0, |bits, &slot| bits | bit(slot)),
            counts: HashMap::default(),
            cells: HashMap::default(),
        }
    }

    /// Takes note of an expression.
    pub fn count(&mut self, checked: &Checked) {
        self.count_parts(&checked.root, false);
    }

    /// Marks what an expression that was counted has in common with others: its program remembers it in the
    /// [`Memory`](crate::Memory) of an activation, and finds there what others remembered.
    pub fn mark(&mut self, checked: &mut Checked) {
        let root = self.mark_parts(&mut checked.root, false);
        self.wrap(&mut checked.root, root, 1);
    }

    /// Number of cells that a memory needs.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    fn count_parts(&mut self, expr: &Expr, in_chain: bool) -> Seen {
        let goes_on = continues(expr);
        let mut looking = Looking::new(expr);
        expr.for_each_part(&mut |part| {
            let seen = self.count_parts(part, goes_on && looking.parts == 0);
            looking.add(seen);
        });
        let seen = looking.done(in_chain, self.variables);
        if seen.is_candidate {
            *self.counts.entry(seen.digest).or_default() += 1;
        }
        seen
    }

    fn mark_parts(&mut self, expr: &mut Expr, in_chain: bool) -> Seen {
        let goes_on = continues(expr);
        let mut looking = Looking::new(expr);
        let mut below = Vec::new();
        expr.for_each_part_mut(&mut |part| {
            let seen = self.mark_parts(part, goes_on && looking.parts == 0);
            looking.add(seen);
            below.push(seen);
        });
        let seen = looking.done(in_chain, self.variables);
        let uses = self.uses(seen);
        let mut below = below.into_iter();
        expr.for_each_part_mut(&mut |part| {
            if let Some(seen) = below.next() {
                self.wrap(part, seen, uses);
            }
        });
        seen
    }

    fn uses(&self, seen: Seen) -> u32 {
        match self.counts.get(&seen.digest) {
            Some(&count) if seen.is_candidate => count,
            _ => 1,
        }
    }

    /// Marks a part that occurs oftener than what is around it.
    fn wrap(&mut self, expr: &mut Expr, seen: Seen, around: u32) {
        let next = self.cells.len();
        if self.uses(seen) <= around || next > usize::from(u16::MAX) {
            return;
        }
        let cell = *self.cells.entry(seen.digest).or_insert(next as u16);
        let hole = Expr {
            at: expr.at,
            kind: ExprKind::Literal(Literal::Null),
        };
        let part = std::mem::replace(expr, hole);
        expr.kind = ExprKind::Shared(cell, Box::new(part));
    }
}

/// An expression while its parts are looked at, in order.
struct Looking {
    hasher: FoldHasher<'static>,
    variables: u64,
    locals: u64,
    /// Bits of the loop variables that it makes for all its parts but the first.
    bound: u64,
    /// Number of parts so far.
    parts: usize,
}

impl Looking {
    fn new(expr: &Expr) -> Self {
        let mut hasher = FixedState::default().build_hasher();
        hash_own(expr, &mut hasher);
        let (mut variables, mut locals, mut bound) = (0, 0, 0);
        match &expr.kind {
            ExprKind::Variable(slot) => variables = bit(*slot),
            ExprKind::Local(slot) => locals = bit(*slot),
            ExprKind::Loop(looped) => {
                bound = bit(looped.first) | looped.second.map_or(0, bit);
            }
            ExprKind::Bind { local, .. } | ExprKind::OptionalMap { local, .. } => {
                bound = bit(*local);
            }
            _ => {}
        }
        // The last bit stands for many.
        bound &= !bit(u16::MAX);
        Looking {
            hasher,
            variables,
            locals,
            bound,
            parts: 0,
        }
    }

    fn add(&mut self, part: Seen) {
        let bound = if self.parts == 0 { 0 } else { self.bound };
        self.hasher.write_u64(part.digest);
        self.variables |= part.variables;
        self.locals |= part.locals & !bound;
        self.parts += 1;
    }

    fn done(self, in_chain: bool, steady: u64) -> Seen {
        let is_steady = self.variables != 0 && self.variables & !steady == 0 && self.locals == 0;
        Seen {
            digest: self.hasher.finish(),
            variables: self.variables,
            locals: self.locals,
            is_candidate: is_steady && self.parts > 0 && !in_chain,
        }
    }
}

/// Whether the code of an expression follows its first part's fields in one go.
fn continues(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Select { .. } => true,
        ExprKind::Index { key, .. } => key.string().is_some(),
        ExprKind::Call(id, _) => id.function().is_some_and(|function| {
            function.form == Form::Member && matches!(function.name, "orValue" | "hasValue")
        }),
        _ => false,
    }
}

/// What an expression is, its parts left out.
fn hash_own(expr: &Expr, hasher: &mut impl Hasher) {
    discriminant(&expr.kind).hash(hasher);
    match &expr.kind {
        ExprKind::Literal(literal) => hash_literal(literal, hasher),
        ExprKind::Type(value) => value.hash(hasher),
        ExprKind::Variable(slot) | ExprKind::Local(slot) => slot.hash(hasher),
        ExprKind::Select { field, mode, .. } => {
            field.hash(hasher);
            (*mode == Select::Has, *mode == Select::Optional).hash(hasher);
        }
        ExprKind::Index { optional, .. } => optional.hash(hasher),
        ExprKind::List(items) => items.iter().for_each(|item| item.optional.hash(hasher)),
        ExprKind::Map(entries) => entries.iter().for_each(|entry| entry.optional.hash(hasher)),
        ExprKind::Binary(operator, _) => discriminant(operator).hash(hasher),
        ExprKind::Call(id, _) => (id.group, id.place).hash(hasher),
        ExprKind::Method(name, _) => name.hash(hasher),
        ExprKind::Loop(looped) => {
            discriminant(&looped.kind).hash(hasher);
            (looped.first, looped.second, looped.filter.is_some()).hash(hasher);
        }
        ExprKind::Bind { local, .. } => local.hash(hasher),
        ExprKind::OptionalMap { local, flat, .. } => (local, flat).hash(hasher),
        ExprKind::Shared(cell, _) => cell.hash(hasher),
        ExprKind::Not(_)
        | ExprKind::Negate(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Conditional(_) => {}
    }
}

fn hash_literal(literal: &Literal, hasher: &mut impl Hasher) {
    discriminant(literal).hash(hasher);
    match literal {
        Literal::Null => {}
        Literal::Bool(value) => value.hash(hasher),
        Literal::Int(value) => value.hash(hasher),
        Literal::Uint(value) => value.hash(hasher),
        Literal::Double(value) => value.to_bits().hash(hasher),
        Literal::String(text) => text.hash(hasher),
        Literal::Bytes(bytes) => bytes.hash(hasher),
    }
}
