//! The functions, by what they work on.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all functions of a table have the same type"
)]

mod case;
mod certificates;
mod convert;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod durations;
mod encode;
mod hash;
mod lists;
mod math;
mod merge;
mod passwords;
mod paths;
mod print;
mod random;
mod reflect;
mod regexes;
mod semver;
mod strings;
mod urls;
mod words;

use gotemplate::{IntType, Shape, Signature, Type};

use crate::entry::Entry;

/// All functions.
pub(crate) static TABLES: &[&[Entry]] = &[
    case::TABLE,
    certificates::TABLE,
    convert::TABLE,
    dates::TABLE,
    durations::TABLE,
    decimal::TABLE,
    defaults::TABLE,
    dicts::TABLE,
    encode::TABLE,
    hash::TABLE,
    lists::TABLE,
    math::TABLE,
    merge::TABLE,
    passwords::TABLE,
    paths::TABLE,
    print::TABLE,
    random::TABLE,
    reflect::TABLE,
    regexes::TABLE,
    semver::TABLE,
    strings::TABLE,
    urls::TABLE,
    words::TABLE,
];

const INT: Type = Type::Int(IntType::Int);
const MAP_TYPE: Type = Type::Map(&Shape::MAP);

const NOTHING: Signature = Signature::new(&[]);
const ANY: Signature = Signature::new(&[Type::Any]);
const ANY_ANY: Signature = Signature::new(&[Type::Any, Type::Any]);
const ANYS: Signature = Signature::variadic(&[Type::Any]);
const ANY_ANYS: Signature = Signature::variadic(&[Type::Any, Type::Any]);
const TEXT: Signature = Signature::new(&[Type::String]);
const TEXT_TEXT: Signature = Signature::new(&[Type::String, Type::String]);
const TEXT_TEXT_TEXT: Signature = Signature::new(&[Type::String, Type::String, Type::String]);
const TEXT_ANY: Signature = Signature::new(&[Type::String, Type::Any]);
const NUMBER: Signature = Signature::new(&[INT]);
const NUMBER_TEXT: Signature = Signature::new(&[INT, Type::String]);
