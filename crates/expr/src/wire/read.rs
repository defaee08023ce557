//! Reading, with everything checked.

use super::{VERSION, tag};
use crate::ast::{
    Checked, DEPTH, Expr, ExprKind, FunctionId, ListItem, Literal, Loop, LoopKind, MapEntry,
    Operator, Select,
};
use crate::error::DecodeError;
use crate::types::OF_VALUES;

type Decoded<T> = Result<T, DecodeError>;

/// What is left to read.
struct Reader<'b> {
    bytes: &'b [u8],
    locals: u16,
    depth: u32,
}

impl Checked {
    /// Reads an expression from the front of bytes, which then begin behind it.
    pub fn read(bytes: &mut &[u8]) -> Result<Checked, DecodeError> {
        let mut reader = Reader {
            bytes,
            locals: 0,
            depth: DEPTH,
        };
        match reader.byte()? {
            VERSION => {}
            other => return Err(DecodeError::Version(other)),
        }
        reader.locals = reader.slot_number()?;
        let root = reader.expr()?;
        let checked = Checked {
            root,
            locals: reader.locals,
        };
        *bytes = reader.bytes;
        Ok(checked)
    }
}

impl Reader<'_> {
    fn byte(&mut self) -> Decoded<u8> {
        let (&byte, rest) = self.bytes.split_first().ok_or(DecodeError::Truncated)?;
        self.bytes = rest;
        Ok(byte)
    }

    fn number(&mut self) -> Decoded<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return Err(DecodeError::Malformed);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::Malformed)
    }

    fn slot_number(&mut self) -> Decoded<u16> {
        u16::try_from(self.number()?).map_err(|_| DecodeError::Malformed)
    }

    /// The slot of a loop variable; `more` further ones must be there too.
    fn local(&mut self, more: u16) -> Decoded<u16> {
        let slot = self.slot_number()?;
        match slot.checked_add(more) {
            Some(last) if last < self.locals => Ok(slot),
            _ => Err(DecodeError::Malformed),
        }
    }

    fn slice(&mut self) -> Decoded<Box<[u8]>> {
        let length = usize::try_from(self.number()?).map_err(|_| DecodeError::Truncated)?;
        let (slice, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.bytes = rest;
        Ok(slice.into())
    }

    fn text(&mut self) -> Decoded<Box<str>> {
        match String::from_utf8(self.slice()?.into_vec()) {
            Ok(text) => Ok(text.into_boxed_str()),
            Err(_) => Err(DecodeError::Malformed),
        }
    }

    fn boxed(&mut self) -> Decoded<Box<Expr>> {
        self.expr().map(Box::new)
    }

    fn pair(&mut self) -> Decoded<Box<[Expr; 2]>> {
        Ok(Box::new([self.expr()?, self.expr()?]))
    }

    /// As many items as a number says; nothing is reserved before it is there.
    fn many<T>(&mut self, mut read: impl FnMut(&mut Self) -> Decoded<T>) -> Decoded<Vec<T>> {
        let count = self.number()?;
        if count > self.bytes.len() as u64 {
            return Err(DecodeError::Truncated);
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn flag(&mut self) -> Decoded<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::Malformed),
        }
    }

    fn expr(&mut self) -> Decoded<Expr> {
        self.depth = self.depth.checked_sub(1).ok_or(DecodeError::TooDeep)?;
        let tag = self.byte()?;
        let at = u32::try_from(self.number()?).map_err(|_| DecodeError::Malformed)?;
        let kind = self.kind(tag)?;
        self.depth += 1;
        Ok(Expr { at, kind })
    }

    fn kind(&mut self, tag: u8) -> Decoded<ExprKind> {
        Ok(match tag {
            tag::NULL..=tag::BYTES => ExprKind::Literal(self.literal(tag)?),
            tag::TYPE => ExprKind::Type(self.one_of(&OF_VALUES)?),
            tag::VARIABLE => ExprKind::Variable(self.slot_number()?),
            tag::LOCAL => ExprKind::Local(self.local(0)?),
            tag::SELECT => self.select(Select::Field)?,
            tag::SELECT_OPTIONAL => self.select(Select::Optional)?,
            tag::HAS => self.select(Select::Has)?,
            tag::INDEX | tag::INDEX_OPTIONAL => ExprKind::Index {
                operand: self.boxed()?,
                key: self.boxed()?,
                optional: tag == tag::INDEX_OPTIONAL,
            },
            tag::LIST => ExprKind::List(self.many(|this| {
                Ok(ListItem {
                    optional: this.flag()?,
                    value: this.expr()?,
                })
            })?),
            tag::MAP => ExprKind::Map(self.many(|this| {
                Ok(MapEntry {
                    optional: this.flag()?,
                    key: this.expr()?,
                    value: this.expr()?,
                })
            })?),
            tag::NOT => ExprKind::Not(self.boxed()?),
            tag::NEGATE => ExprKind::Negate(self.boxed()?),
            tag::AND => ExprKind::And(self.many(Self::expr)?),
            tag::OR => ExprKind::Or(self.many(Self::expr)?),
            tag::CONDITIONAL => {
                ExprKind::Conditional(Box::new([self.expr()?, self.expr()?, self.expr()?]))
            }
            tag::BINARY => ExprKind::Binary(self.one_of(&OPERATORS)?, self.pair()?),
            tag::CALL => self.call()?,
            tag::METHOD => ExprKind::Method(self.text()?, self.many(Self::expr)?),
            tag::LOOP => ExprKind::Loop(Box::new(self.looped()?)),
            tag::BIND => ExprKind::Bind {
                local: self.local(0)?,
                parts: self.pair()?,
            },
            tag::OPT_MAP | tag::OPT_FLAT_MAP => ExprKind::OptionalMap {
                local: self.local(0)?,
                flat: tag == tag::OPT_FLAT_MAP,
                parts: self.pair()?,
            },
            _ => return Err(DecodeError::Malformed),
        })
    }

    fn literal(&mut self, tag: u8) -> Decoded<Literal> {
        Ok(match tag {
            tag::FALSE => Literal::Bool(false),
            tag::TRUE => Literal::Bool(true),
            tag::INT => {
                let value = self.number()?;
                Literal::Int((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
            }
            tag::UINT => Literal::Uint(self.number()?),
            tag::DOUBLE => {
                let (bits, rest) = self
                    .bytes
                    .split_first_chunk()
                    .ok_or(DecodeError::Truncated)?;
                self.bytes = rest;
                Literal::Double(f64::from_bits(u64::from_le_bytes(*bits)))
            }
            tag::STRING => Literal::String(self.text()?),
            tag::BYTES => Literal::Bytes(self.slice()?),
            _ => Literal::Null,
        })
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Decoded<T> {
        let position = self.byte()?;
        all.get(position as usize)
            .copied()
            .ok_or(DecodeError::Malformed)
    }

    fn select(&mut self, mode: Select) -> Decoded<ExprKind> {
        Ok(ExprKind::Select {
            field: self.text()?,
            operand: self.boxed()?,
            mode,
        })
    }

    fn call(&mut self) -> Decoded<ExprKind> {
        let id = FunctionId {
            group: self.byte()?,
            place: self.byte()?,
        };
        let arguments = self.many(Self::expr)?;
        match id.function() {
            Some(function) if function.takes(arguments.len()) => Ok(ExprKind::Call(id, arguments)),
            _ => Err(DecodeError::Malformed),
        }
    }

    fn looped(&mut self) -> Decoded<Loop> {
        let kind = self.one_of(&LOOPS)?;
        let flags = self.byte()?;
        if flags > 3 {
            return Err(DecodeError::Malformed);
        }
        let (two, filtered) = (flags & 1 != 0, flags & 2 != 0);
        let first = self.local(u16::from(two))?;
        let range = self.expr()?;
        let filter = if filtered { Some(self.expr()?) } else { None };
        let body = self.expr()?;
        Ok(Loop {
            kind,
            range,
            first,
            second: two.then_some(first + 1),
            filter,
            body,
        })
    }
}

/// In the order of their numbers.
const OPERATORS: [Operator; 12] = [
    Operator::Equal,
    Operator::NotEqual,
    Operator::Less,
    Operator::LessEqual,
    Operator::Greater,
    Operator::GreaterEqual,
    Operator::In,
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
    Operator::Divide,
    Operator::Modulo,
];

/// In the order of their numbers.
const LOOPS: [LoopKind; 7] = [
    LoopKind::All,
    LoopKind::Exists,
    LoopKind::ExistsOne,
    LoopKind::Map,
    LoopKind::Filter,
    LoopKind::TransformMap,
    LoopKind::TransformMapEntry,
];
