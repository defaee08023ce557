//! Values as text, as Go's `fmt` prints them (<https://pkg.go.dev/fmt>).
//!
//! What is longer than the limit that a caller gives is not printed at all.

mod float;
mod quote;
mod text;
mod verbs;

pub use quote::quoted;
pub(crate) use quote::quoted_start;

use crate::limits::MAX_PRINT_DEPTH;
use crate::value::{Data, Host, List, Map, Value};

/// As `fmt.Sprint`: a space between two operands of which neither is text. `None` if that is too long.
pub fn sprint(values: &[Value], limit: usize) -> Option<String> {
    let mut printer = Printer::new(limit);
    let mut before_is_text = true;
    for (index, value) in values.iter().enumerate() {
        let is_text = matches!(value.data(), Data::String(_));
        if index > 0 && !is_text && !before_is_text {
            printer.out.push(' ');
        }
        printer.argument(value, 'v');
        before_is_text = is_text;
    }
    printer.finish()
}

/// As `fmt.Sprintln`. `None` if that is too long.
pub fn sprintln(values: &[Value], limit: usize) -> Option<String> {
    let mut printer = Printer::new(limit);
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            printer.out.push(' ');
        }
        printer.argument(value, 'v');
    }
    printer.out.push('\n');
    printer.finish()
}

/// As `fmt.Sprintf`. `None` if that is too long.
pub fn sprintf(format: &str, values: &[Value], limit: usize) -> Option<String> {
    let mut printer = Printer::new(limit);
    verbs::print(&mut printer, format, values);
    printer.finish()
}

/// Appends what `fmt.Print` would write of one value. False if that is too long.
pub(crate) fn append(out: &mut String, value: &Value, limit: usize) -> bool {
    match value.data() {
        Data::String(text) if text.len() <= limit => out.push_str(text),
        Data::Missing => out.push_str("<no value>"),
        Data::Bool(true) => out.push_str("true"),
        Data::Bool(false) => out.push_str("false"),
        Data::Host(host) if let Some(text) = host.text_of_pointer() => out.push_str(&text),
        _ => match sprint(std::slice::from_ref(value), limit) {
            Some(text) if is_pointer(value) => out.push_str(text.trim_start_matches('&')),
            Some(text) => out.push_str(&text),
            None => return false,
        },
    }
    true
}

/// A value with one verb, for the few errors that print one.
pub(crate) fn with_verb(value: &Value, verb: char) -> String {
    let mut printer = Printer::new(1 << 16);
    printer.value(value, verb, 0);
    printer.finish().unwrap_or_else(|| "…".to_owned())
}

/// What a value prints as, or what it points to.
pub(crate) fn pointed(value: &Value) -> String {
    let text = with_verb(value, 'v');
    if is_pointer(value) {
        text.trim_start_matches('&').to_owned()
    } else {
        text
    }
}

/// Whether it is a struct behind a pointer without a text of its own.
pub(crate) fn is_pointer(value: &Value) -> bool {
    matches!(value.data(), Data::Host(host) if host.type_name().starts_with('*') && host.text().is_none())
}

impl std::fmt::Debug for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = sprintf("%#v", std::slice::from_ref(self), 1 << 16);
        formatter.write_str(text.as_deref().unwrap_or("…"))
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the flags of a verb"
)]
#[derive(Clone, Copy, Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%+v`.
    plus_v: bool,
    /// `%#v`.
    sharp_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Bytes that a value counts for at least: even empty ones take time.
const VALUE_COST: usize = 16;

struct Printer {
    out: String,
    flags: Flags,
    limit: usize,
    /// Values that were printed.
    values: usize,
    is_too_long: bool,
    /// Inside of the complaint about a verb objects print without their own text.
    is_complaining: bool,
}

impl Printer {
    fn new(limit: usize) -> Self {
        Self {
            out: String::new(),
            flags: Flags::default(),
            limit,
            values: 0,
            is_too_long: false,
            is_complaining: false,
        }
    }

    fn finish(self) -> Option<String> {
        (!self.is_too_long && self.out.len() <= self.limit).then_some(self.out)
    }

    /// An operand.
    fn argument(&mut self, value: &Value, verb: char) {
        if value.is_nil() {
            return match verb {
                'T' | 'v' => self.pad("<nil>"),
                _ => self.bad_verb(value, verb),
            };
        }
        match verb {
            'T' => self.text(&value.type_name()),
            'p' => self.pointer(value),
            _ => self.value(value, verb, 0),
        }
    }

    /// A value that is no nil operand; inside of lists and maps it may be nil.
    fn value(&mut self, value: &Value, verb: char, depth: u32) {
        self.values += 1;
        let length = self.out.len().max(self.values.saturating_mul(VALUE_COST));
        if self.is_too_long || length > self.limit || depth > MAX_PRINT_DEPTH {
            self.is_too_long = true;
            return;
        }
        match value.data() {
            Data::Missing if depth == 0 => self.out.push_str("<invalid reflect.Value>"),
            Data::Missing | Data::Nil => {
                self.out.push_str(if self.flags.sharp_v {
                    "interface {}(nil)"
                } else {
                    "<nil>"
                });
            }
            Data::Bool(found) if matches!(verb, 't' | 'v') => {
                self.pad(if *found { "true" } else { "false" });
            }
            Data::Int(found, _) => {
                self.integer(value, found.unsigned_abs(), Some(*found < 0), verb);
            }
            Data::Uint(found, _) => self.integer(value, *found, None, verb),
            Data::Float(found) if is_float_verb(verb) => self.float(*found, verb),
            Data::Complex(real, imaginary) if is_float_verb(verb) => {
                self.complex(*real, *imaginary, verb);
            }
            Data::String(text) => self.string(value, text, verb),
            Data::Bytes(bytes) => self.bytes(bytes, verb, depth),
            Data::List(list) if verb != 'w' => self.list(list, verb, depth),
            Data::Map(map) if verb != 'w' => self.map(map, verb, depth),
            Data::Function(_) => self.pointer(value),
            Data::Host(host) if verb != 'w' => self.host(&**host, value, verb, depth),
            _ => self.bad_verb(value, verb),
        }
    }

    fn host(&mut self, host: &dyn Host, value: &Value, verb: char, depth: u32) {
        if let Some(text) = host
            .text()
            .filter(|_| !self.flags.sharp_v && !self.is_complaining)
            && matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
        {
            return self.string(value, &text, verb);
        }
        if let Some(inner) = host.underlying() {
            return self.value(&inner, verb, depth + 1);
        }
        let mut type_name = host.type_name();
        if let Some(pointed) = type_name.strip_prefix('*') {
            if depth > 0 {
                return self.out.push_str("0xc000000000");
            }
            self.out.push('&');
            type_name = pointed;
        }
        self.open(type_name, '{', "{");
        for (index, (name, field)) in host.fields().iter().enumerate() {
            self.between(index);
            if self.flags.plus_v || self.flags.sharp_v {
                self.out.push_str(name);
                self.out.push(':');
            }
            self.value(field, verb, depth + 1);
        }
        self.out.push('}');
    }

    fn list(&mut self, list: &List, verb: char, depth: u32) {
        if list.is_nil() && self.nil_container(list.shape().name) {
            return;
        }
        self.open(list.shape().name, '{', "[");
        for (index, item) in list.items().iter().enumerate() {
            self.between(index);
            self.value(item, verb, depth + 1);
        }
        self.out.push(if self.flags.sharp_v { '}' } else { ']' });
    }

    fn map(&mut self, map: &Map, verb: char, depth: u32) {
        if map.is_nil() && self.nil_container(map.shape().name) {
            return;
        }
        self.open(map.shape().name, '{', "map[");
        for (index, (key, item)) in map.entries().iter().enumerate() {
            self.between(index);
            self.value(&Value::from(std::rc::Rc::clone(key)), verb, depth + 1);
            self.out.push(':');
            self.value(item, verb, depth + 1);
        }
        self.out.push(if self.flags.sharp_v { '}' } else { ']' });
    }

    /// `%#v` tells nil from empty.
    fn nil_container(&mut self, type_name: &str) -> bool {
        if self.flags.sharp_v {
            self.out.push_str(type_name);
            self.out.push_str("(nil)");
        }
        self.flags.sharp_v
    }

    fn open(&mut self, type_name: &str, brace: char, plain: &str) {
        if self.flags.sharp_v {
            self.out.push_str(type_name);
            self.out.push(brace);
        } else {
            self.out.push_str(plain);
        }
    }

    fn between(&mut self, index: usize) {
        if index > 0 {
            self.out
                .push_str(if self.flags.sharp_v { ", " } else { " " });
        }
    }

    fn bad_verb(&mut self, value: &Value, verb: char) {
        self.out.push_str("%!");
        self.out.push(verb);
        self.out.push('(');
        if value.is_nil() {
            self.out.push_str("<nil>");
        } else {
            self.out.push_str(&value.type_name());
            self.out.push('=');
            let before = std::mem::replace(&mut self.is_complaining, true);
            self.value(value, 'v', 0);
            self.is_complaining = before;
        }
        self.out.push(')');
    }

    /// Addresses mean nothing here; Go prints another one in every run.
    fn pointer(&mut self, value: &Value) {
        match value.data() {
            Data::Function(_) | Data::List(_) | Data::Map(_) | Data::Bytes(_) => {
                self.out.push_str("0xc000000000");
            }
            _ => self.bad_verb(value, 'p'),
        }
    }
}

fn is_float_verb(verb: char) -> bool {
    matches!(
        verb,
        'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E'
    )
}
