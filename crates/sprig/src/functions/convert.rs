//! Values to YAML and JSON and back.

use std::ops::Range;

use gotemplate::{Data, Failure, List, Map, Origin, Shape, Value};

use super::{ANY, TEXT};
use crate::call::{Answer, Call, piece};
use crate::entry::Entry;
use crate::json::{self, Format};
use crate::plain::{Budget, EncodeError, Mark};
use crate::toml;
use crate::yaml::{self, Style, Written};

pub(super) const TABLE: &[Entry] = &[
    Entry::new("toYaml", ANY, |call| {
        to_yaml(call, Style::Kubernetes, OnError::Empty)
    }),
    Entry::new("mustToYaml", ANY, |call| {
        to_yaml(call, Style::Kubernetes, OnError::Fail)
    }),
    Entry::new("toYamlPretty", ANY, |call| {
        to_yaml(call, Style::Pretty, OnError::Empty)
    }),
    Entry::new("fromYaml", TEXT, from_yaml),
    Entry::new("fromYamlArray", TEXT, from_yaml_array),
    Entry::new("toJson", ANY, |call| {
        to_json(call, Format::default(), OnError::Empty)
    }),
    Entry::new("mustToJson", ANY, |call| {
        to_json(call, Format::default(), OnError::Fail)
    }),
    Entry::new("toPrettyJson", ANY, |call| {
        to_json(call, PRETTY, OnError::Empty)
    }),
    Entry::new("mustToPrettyJson", ANY, |call| {
        to_json(call, PRETTY, OnError::Fail)
    }),
    Entry::new("toRawJson", ANY, |call| to_json(call, RAW, OnError::Fail)),
    Entry::new("mustToRawJson", ANY, |call| {
        to_json(call, RAW, OnError::Fail)
    }),
    Entry::new("toToml", ANY, to_toml),
    Entry::new("mustToToml", ANY, must_to_toml),
    Entry::new("fromToml", TEXT, from_toml),
    Entry::new("fromJson", TEXT, from_json),
    Entry::new("fromJsonArray", TEXT, from_json_array),
    Entry::new("mustFromJson", TEXT, must_from_json),
];

/// Steps for each value that is read: most are in maps, which take memory.
const READ_COST: u64 = 8;

const PRETTY: Format = Format {
    is_pretty: true,
    is_raw: false,
};
const RAW: Format = Format {
    is_pretty: false,
    is_raw: true,
};

/// What becomes of a value that cannot be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnError {
    /// An empty text.
    Empty,
    Fail,
}

impl Call<'_> {
    /// What an encoder may spend of what this execution has left.
    pub(super) fn budget(&self) -> Budget {
        Budget {
            bytes: self.context.remaining_bytes(),
            values: self.context.limits().steps,
        }
    }

    /// The text that an encoder wrote of a value, with the origins of its parts.
    pub(super) fn encoded(
        &mut self,
        value: &Value,
        written: Result<(String, Vec<Mark>), EncodeError>,
        on_error: OnError,
    ) -> Answer {
        let (text, marks) = match written {
            Ok(written) => written,
            Err(EncodeError::Limit) => {
                return Err(Failure::limit(
                    "the value is too large or too deeply nested",
                ));
            }
            Err(EncodeError::Unsupported(message)) if on_error == OnError::Fail => {
                return Err(Failure::new(message));
            }
            Err(EncodeError::Unsupported(_)) => return Ok(Value::from("")),
        };
        self.context.spend(text.len() as u64 / 64)?;
        if marks.is_empty() {
            return Ok(Value::from(text));
        }
        let mut edit = self.context.edit();
        let mut start = 0;
        for mark in marks {
            if mark.end > start {
                edit.insert_from(&text[start..mark.end], mark.origin);
                start = mark.end;
            }
        }
        edit.insert_from(&text[start..], Origin::NONE);
        // Where nothing has an origin there is no use in parts.
        let whole = Value::nil().with_origin(self.context.mixed(value.origin()));
        Ok(self.context.edited(&whole, edit))
    }
}

fn to_yaml(call: &mut Call<'_>, style: Style, on_error: OnError) -> Answer {
    let value = call.take(0);
    let traces = call.context.is_tracing();
    let written = yaml::encode_marked(&value, style, call.budget(), traces);
    let written = written.map_err(|error| match error {
        EncodeError::Unsupported(message) if message.starts_with("json:") => {
            EncodeError::Unsupported(format!("error marshaling into JSON: {message}"))
        }
        _ => error,
    });
    call.encoded(&value, written, on_error)
}

fn to_json(call: &mut Call<'_>, format: Format, on_error: OnError) -> Answer {
    let value = call.take(0);
    let traces = call.context.is_tracing();
    let written = json::encode_marked(&value, format, call.budget(), traces);
    call.encoded(&value, written, on_error)
}

/// Counts the values that a text may have: one more than there are bytes that come between values.
fn spend_on_reading(call: &mut Call<'_>, text: &str) -> Result<(), Failure> {
    let between = memchr::memchr3_iter(b':', b',', b'[', text.as_bytes()).count();
    let items = memchr::memmem::find_iter(text.as_bytes(), "- ").count();
    let values = (between + items) as u64;
    (call.context).spend(text.len() as u64 / 16 + values * READ_COST)
}

/// Reads a text with a decoder that asks for the origin of each value.
fn read_yaml(call: &mut Call<'_>) -> Result<Result<Value, String>, Failure> {
    let text = call.text(0);
    spend_on_reading(call, &text)?;
    let input = call.take(0);
    let context = &mut *call.context;
    if !context.is_tracing() {
        return Ok(yaml::decode(&text));
    }
    let is_rendered = context.is_rendered(&input);
    let mut origin = |written: Written| {
        let (range, is_verbatim) = match written {
            Written::Verbatim(range) => (range, true),
            Written::Otherwise(range) => (range, false),
        };
        if !is_rendered {
            return input.origin();
        }
        let origin = piece(context, &input, range).origin();
        if is_verbatim {
            origin
        } else {
            context.mixed(origin)
        }
    };
    Ok(yaml::decode_with(&text, &mut origin))
}

const MAP_TYPE: &str = "map[string]interface {}";
const LIST_TYPE: &str = "[]interface {}";

/// A map that says what went wrong.
fn error_map(message: String) -> Value {
    Map::from_iter([("Error", Value::from(message))]).into()
}

fn error_list(message: String) -> Value {
    Value::list(vec![Value::from(message)])
}

/// Null is what is given for it, other things than maps are an error.
fn as_map_or_error(value: Value, nil: Map, describe: impl Fn(&str) -> String) -> Value {
    match value.data() {
        Data::Map(_) => value,
        Data::Nil => Value::from(nil).with_origin(value.origin()),
        _ => error_map(describe(&json::mismatch(&value, MAP_TYPE))),
    }
}

fn as_list_or_error(value: Value, nil: List, describe: impl Fn(&str) -> String) -> Value {
    match value.data() {
        Data::List(_) => value,
        Data::Nil => Value::from(nil).with_origin(value.origin()),
        _ => error_list(describe(&json::mismatch(&value, LIST_TYPE))),
    }
}

fn while_unmarshaling(message: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: {message}")
}

fn from_yaml(call: &mut Call<'_>) -> Answer {
    Ok(match read_yaml(call)? {
        Ok(value) => as_map_or_error(value, Map::new(), while_unmarshaling),
        Err(message) => error_map(message),
    })
}

fn from_yaml_array(call: &mut Call<'_>) -> Answer {
    Ok(match read_yaml(call)? {
        Ok(value) => as_list_or_error(value, List::new(Vec::new()), while_unmarshaling),
        Err(message) => error_list(message),
    })
}

fn to_toml(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    let traces = call.context.is_tracing();
    match toml::encode_marked(&value, call.budget(), traces) {
        // The text of an error is what Helm puts in the place of a value that is none.
        Err(EncodeError::Unsupported(message)) if !message.starts_with("reflect:") => {
            Ok(Value::from(message))
        }
        written => call.encoded(&value, written, OnError::Fail),
    }
}

fn must_to_toml(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    let traces = call.context.is_tracing();
    let written = toml::encode_marked(&value, call.budget(), traces);
    call.encoded(&value, written, OnError::Fail)
}

fn from_toml(call: &mut Call<'_>) -> Answer {
    let read = reading(call, |text, origin| toml::decode_with(text, origin))?;
    Ok(read.unwrap_or_else(error_map))
}

/// Reads the argument with a decoder that asks for the origin of each value by its place.
fn reading<T>(
    call: &mut Call<'_>,
    read: impl Fn(&str, &mut dyn FnMut(Range<usize>) -> Origin) -> T,
) -> Result<T, Failure> {
    let text = call.text(0);
    spend_on_reading(call, &text)?;
    let input = call.take(0);
    let context = &mut *call.context;
    let is_rendered = context.is_rendered(&input);
    let mut origin = |range: Range<usize>| {
        if !is_rendered {
            return input.origin();
        }
        let origin = piece(context, &input, range).origin();
        context.mixed(origin)
    };
    Ok(read(&text, &mut origin))
}

type ReadJson = Result<(Value, Option<String>), String>;

fn read_json(call: &mut Call<'_>) -> Result<ReadJson, Failure> {
    reading(call, |text, origin| json::decode_with(text, origin))
}

fn from_json(call: &mut Call<'_>) -> Answer {
    // A number that is too large is none, but still no map.
    let number = Value::float(0.0);
    Ok(match read_json(call)? {
        Ok((value, Some(_))) if value.is_nil() => error_map(json::mismatch(&number, MAP_TYPE)),
        Ok((value, error)) => {
            let found = as_map_or_error(value, Map::nil(&Shape::MAP), str::to_owned);
            if let (Some(error), Some(map)) = (error, found.as_map()) {
                map.insert("Error", Value::from(error));
            }
            found
        }
        Err(message) => error_map(message),
    })
}

fn from_json_array(call: &mut Call<'_>) -> Answer {
    let number = Value::float(0.0);
    Ok(match read_json(call)? {
        Ok((value, Some(_))) if value.is_nil() => error_list(json::mismatch(&number, LIST_TYPE)),
        Ok((_, Some(message))) | Err(message) => error_list(message),
        Ok((value, None)) => as_list_or_error(value, List::nil(&Shape::LIST), str::to_owned),
    })
}

fn must_from_json(call: &mut Call<'_>) -> Answer {
    match read_json(call)? {
        Ok((value, None)) => Ok(value),
        Ok((_, Some(message))) | Err(message) => Err(Failure::new(message)),
    }
}
