//! Writing.

use super::{VERSION, tag};
use crate::ast::{Checked, Expr, ExprKind, Literal, Loop, Select};

impl Checked {
    /// Appends the expression's bytes.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        number(u64::from(self.locals), out);
        expr(&self.root, out);
    }
}

fn number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(value: &[u8], out: &mut Vec<u8>) {
    number(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// The tag and the place, which every expression begins with.
fn head(tag: u8, at: u32, out: &mut Vec<u8>) {
    out.push(tag);
    number(u64::from(at), out);
}

fn exprs(parts: &[Expr], out: &mut Vec<u8>) {
    number(parts.len() as u64, out);
    for part in parts {
        expr(part, out);
    }
}

fn expr(value: &Expr, out: &mut Vec<u8>) {
    let at = value.at;
    match &value.kind {
        ExprKind::Literal(value) => literal(value, at, out),
        ExprKind::Type(value) => {
            head(tag::TYPE, at, out);
            out.push(*value as u8);
        }
        ExprKind::Shared(_, part) => expr(part, out),
        ExprKind::Variable(slot) => slotted(tag::VARIABLE, *slot, at, out),
        ExprKind::Local(slot) => slotted(tag::LOCAL, *slot, at, out),
        ExprKind::Select {
            operand,
            field,
            mode,
        } => {
            head(select_tag(*mode), at, out);
            text(field.as_bytes(), out);
            expr(operand, out);
        }
        ExprKind::Index {
            operand,
            key,
            optional,
        } => {
            head(
                if *optional {
                    tag::INDEX_OPTIONAL
                } else {
                    tag::INDEX
                },
                at,
                out,
            );
            expr(operand, out);
            expr(key, out);
        }
        ExprKind::Not(operand) => with_parts(tag::NOT, std::slice::from_ref(operand), at, out),
        ExprKind::Negate(operand) => {
            with_parts(tag::NEGATE, std::slice::from_ref(operand), at, out);
        }
        ExprKind::And(parts) => {
            head(tag::AND, at, out);
            exprs(parts, out);
        }
        ExprKind::Or(parts) => {
            head(tag::OR, at, out);
            exprs(parts, out);
        }
        ExprKind::Conditional(parts) => with_parts(tag::CONDITIONAL, &**parts, at, out),
        ExprKind::Binary(operator, parts) => {
            head(tag::BINARY, at, out);
            out.push(*operator as u8);
            parts.iter().for_each(|part| expr(part, out));
        }
        _ => rare(value, out),
    }
}

/// Lists, maps, calls and macros.
fn rare(value: &Expr, out: &mut Vec<u8>) {
    let at = value.at;
    match &value.kind {
        ExprKind::List(items) => {
            head(tag::LIST, at, out);
            number(items.len() as u64, out);
            for item in items {
                out.push(u8::from(item.optional));
                expr(&item.value, out);
            }
        }
        ExprKind::Map(entries) => {
            head(tag::MAP, at, out);
            number(entries.len() as u64, out);
            for entry in entries {
                out.push(u8::from(entry.optional));
                expr(&entry.key, out);
                expr(&entry.value, out);
            }
        }
        ExprKind::Call(function, arguments) => {
            head(tag::CALL, at, out);
            out.extend([function.group, function.place]);
            exprs(arguments, out);
        }
        ExprKind::Method(name, arguments) => {
            head(tag::METHOD, at, out);
            text(name.as_bytes(), out);
            exprs(arguments, out);
        }
        ExprKind::Loop(value) => looped(value, at, out),
        ExprKind::Bind { local, parts } => {
            slotted(tag::BIND, *local, at, out);
            parts.iter().for_each(|part| expr(part, out));
        }
        ExprKind::OptionalMap { local, flat, parts } => {
            let tag = if *flat {
                tag::OPT_FLAT_MAP
            } else {
                tag::OPT_MAP
            };
            slotted(tag, *local, at, out);
            parts.iter().for_each(|part| expr(part, out));
        }
        // The others were written by the caller.
        _ => {}
    }
}

fn select_tag(mode: Select) -> u8 {
    match mode {
        Select::Field => tag::SELECT,
        Select::Optional => tag::SELECT_OPTIONAL,
        Select::Has => tag::HAS,
    }
}

fn slotted(tag: u8, slot: u16, at: u32, out: &mut Vec<u8>) {
    head(tag, at, out);
    number(u64::from(slot), out);
}

fn with_parts(tag: u8, parts: &[impl AsRef<Expr>], at: u32, out: &mut Vec<u8>) {
    head(tag, at, out);
    for part in parts {
        expr(part.as_ref(), out);
    }
}

fn looped(value: &Loop, at: u32, out: &mut Vec<u8>) {
    head(tag::LOOP, at, out);
    out.push(value.kind as u8);
    out.push(u8::from(value.second.is_some()) | u8::from(value.filter.is_some()) << 1);
    number(u64::from(value.first), out);
    expr(&value.range, out);
    value.filter.iter().for_each(|filter| expr(filter, out));
    expr(&value.body, out);
}

fn literal(value: &Literal, at: u32, out: &mut Vec<u8>) {
    match value {
        Literal::Null => head(tag::NULL, at, out),
        Literal::Bool(value) => head(if *value { tag::TRUE } else { tag::FALSE }, at, out),
        Literal::Int(value) => {
            head(tag::INT, at, out);
            // Small numbers of either sign become short.
            number(((value << 1) ^ (value >> 63)).cast_unsigned(), out);
        }
        Literal::Uint(value) => {
            head(tag::UINT, at, out);
            number(*value, out);
        }
        Literal::Double(value) => {
            head(tag::DOUBLE, at, out);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Literal::String(value) => {
            head(tag::STRING, at, out);
            text(value.as_bytes(), out);
        }
        Literal::Bytes(value) => {
            head(tag::BYTES, at, out);
            text(value, out);
        }
    }
}

impl AsRef<Expr> for Expr {
    fn as_ref(&self) -> &Expr {
        self
    }
}
