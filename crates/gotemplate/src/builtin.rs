//! Go's own functions (<https://pkg.go.dev/text/template#hdr-Functions>).

mod compare;
mod escape;
mod index;

use crate::error::Failure;
use crate::format;
use crate::value::{Context, Data, Signature, Type, Value, fits};

/// A function of Go's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    And,
    Call,
    Eq,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<Builtin> {
    ALL.binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .map(|index| ALL[index].1)
}

/// All of them, in the order of their names.
const ALL: &[(&str, Builtin)] = &[
    ("and", Builtin::And),
    ("call", Builtin::Call),
    ("eq", Builtin::Eq),
    ("ge", Builtin::Ge),
    ("gt", Builtin::Gt),
    ("html", Builtin::Html),
    ("index", Builtin::Index),
    ("js", Builtin::Js),
    ("le", Builtin::Le),
    ("len", Builtin::Len),
    ("lt", Builtin::Lt),
    ("ne", Builtin::Ne),
    ("not", Builtin::Not),
    ("or", Builtin::Or),
    ("print", Builtin::Print),
    ("printf", Builtin::Printf),
    ("println", Builtin::Println),
    ("slice", Builtin::Slice),
    ("urlquery", Builtin::UrlQuery),
];

static ONE: Signature = Signature::new(&[Type::Reflect]);
static TWO: Signature = Signature::new(&[Type::Reflect, Type::Reflect]);
static AT_LEAST_ONE: Signature = Signature::variadic(&[Type::Reflect, Type::Reflect]);
static ANYTHING: Signature = Signature::variadic(&[Type::Any]);
static FORMAT: Signature = Signature::variadic(&[Type::String, Type::Any]);

impl Builtin {
    pub(crate) fn signature(self) -> &'static Signature {
        match self {
            Self::And | Self::Or | Self::Call | Self::Eq | Self::Index | Self::Slice => {
                &AT_LEAST_ONE
            }
            Self::Len | Self::Not => &ONE,
            Self::Ge | Self::Gt | Self::Le | Self::Lt | Self::Ne => &TWO,
            Self::Html | Self::Js | Self::UrlQuery | Self::Print | Self::Println => &ANYTHING,
            Self::Printf => &FORMAT,
        }
    }
}

/// Runs a function with arguments that fit its signature. `and`, `or` and `call` are not run here.
pub(crate) fn run(
    builtin: Builtin,
    context: &mut dyn Context,
    arguments: &[Value],
) -> Result<Value, Failure> {
    let limit = context.remaining_bytes();
    let text = |text: Option<String>| {
        text.map(Value::from)
            .ok_or_else(|| context.limits().too_many_bytes())
    };
    match (builtin, arguments) {
        (Builtin::Print, all) => text(format::sprint(all, limit)),
        (Builtin::Println, all) => text(format::sprintln(all, limit)),
        (Builtin::Printf, [format, rest @ ..]) => {
            text(format::sprintf(format.as_str().unwrap_or(""), rest, limit))
        }
        (Builtin::Html, all) => text(escape::printed(all, limit).map(|text| escape::html(&text))),
        (Builtin::Js, all) => text(escape::printed(all, limit).map(|text| escape::js(&text))),
        (Builtin::UrlQuery, all) => {
            text(escape::printed(all, limit).map(|text| escape::url_query(&text)))
        }
        (Builtin::Index, [item, indexes @ ..]) => index::index(item, indexes),
        (Builtin::Slice, [item, indexes @ ..]) => index::slice(item, indexes),
        (Builtin::Len, [item]) => index::length(item),
        (Builtin::Not, [value]) => Ok(Value::from(!value.is_true())),
        (Builtin::Eq, [first, rest @ ..]) => compare::equal(first, rest).map(Value::from),
        (Builtin::Ne, [first, rest @ ..]) => {
            compare::equal(first, rest).map(|equal| Value::from(!equal))
        }
        (Builtin::Lt, [left, right]) => compare::less(left, right).map(Value::from),
        (Builtin::Le, [left, right]) => compare::less_or_equal(left, right).map(Value::from),
        (Builtin::Gt, [left, right]) => {
            compare::less_or_equal(left, right).map(|less| Value::from(!less))
        }
        (Builtin::Ge, [left, right]) => compare::less(left, right).map(|less| Value::from(!less)),
        _ => Err(Failure::new("wrong number of arguments")),
    }
}

/// Calls a value that is a function.
pub(crate) fn call(
    context: &mut dyn Context,
    name: &str,
    arguments: &mut [Value],
) -> Result<Value, Failure> {
    let Some((callee, rest)) = arguments.split_first_mut() else {
        return Err(Failure::new("call of nil"));
    };
    let function = match callee.data() {
        Data::Function(function) => std::rc::Rc::clone(function),
        Data::Missing | Data::Nil => return Err(Failure::new("call of nil")),
        _ => {
            return Err(Failure::new(format!(
                "non-function {name} of type {}",
                callee.type_name()
            )));
        }
    };
    let signature = &function.signature;
    let (given, fixed) = (rest.len(), signature.fixed());
    if signature.is_variadic && given < fixed {
        return Err(Failure::new(format!(
            "wrong number of args for {name}: got {given} want at least {fixed}"
        )));
    }
    if !signature.is_variadic && given != fixed {
        return Err(Failure::new(format!(
            "wrong number of args for {name}: got {given} want {fixed}"
        )));
    }
    for (index, argument) in rest.iter_mut().enumerate() {
        *argument = prepared(std::mem::take(argument), signature.parameter(index))
            .map_err(|message| Failure::new(format!("arg {index}: {message}")))?;
    }
    (function.code)(context, rest)
}

/// An argument of `call`, with integers made to fit.
fn prepared(value: Value, wanted: Type) -> Result<Value, String> {
    if value.is_nil() {
        if !wanted.takes_nil() {
            return Err(format!("value is nil; should be of type {}", wanted.name()));
        }
        return Ok(value.or_nil());
    }
    if fits(&value, wanted) {
        return Ok(value);
    }
    let number = match value.data() {
        Data::Int(number, _) => *number,
        Data::Uint(number, _) => number.cast_signed(),
        _ => {
            return Err(format!(
                "value has type {}; should be {}",
                value.type_name(),
                wanted.name()
            ));
        }
    };
    let origin = value.origin();
    let converted = match wanted {
        Type::Int(kind) => Value::int_of(number, kind),
        Type::Uint(kind) => Value::uint_of(number.cast_unsigned(), kind),
        _ => {
            return Err(format!(
                "value has type {}; should be {}",
                value.type_name(),
                wanted.name()
            ));
        }
    };
    Ok(converted.with_origin(origin))
}
