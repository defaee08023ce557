//! Texts: trimming, cutting, splitting, replacing, repeating, and looking for parts.

use std::rc::Rc;

use gotemplate::{Failure, List, Map, Origin, Shape, Signature, Type, Value};

use super::{INT, NUMBER, NUMBER_TEXT, TEXT, TEXT_ANY, TEXT_TEXT, TEXT_TEXT_TEXT};
use crate::call::{Answer, Call, piece};
use crate::entry::Entry;
use crate::functions::print::{strings_of, text_of};
use crate::kind::INTS;
use crate::number::signed;
use crate::text::Part;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("trim", TEXT, trim),
    Entry::new("trimall", TEXT_TEXT, trim_all),
    Entry::new("trimAll", TEXT_TEXT, trim_all),
    Entry::new("trimSuffix", TEXT_TEXT, trim_suffix),
    Entry::new("trimPrefix", TEXT_TEXT, trim_prefix),
    Entry::new("contains", TEXT_TEXT, contains),
    Entry::new("hasPrefix", TEXT_TEXT, has_prefix),
    Entry::new("hasSuffix", TEXT_TEXT, has_suffix),
    Entry::new("trunc", NUMBER_TEXT, trunc),
    Entry::new("substr", Signature::new(&[INT, INT, Type::String]), substr),
    Entry::new("abbrev", NUMBER_TEXT, abbrev),
    Entry::new(
        "abbrevboth",
        Signature::new(&[INT, INT, Type::String]),
        abbrev_both,
    ),
    Entry::new("repeat", NUMBER_TEXT, repeat),
    Entry::new("replace", TEXT_TEXT_TEXT, replace),
    Entry::new("split", TEXT_TEXT, split),
    Entry::new(
        "splitn",
        Signature::new(&[Type::String, INT, Type::String]),
        splitn,
    ),
    Entry::new("splitList", TEXT_TEXT, split_list),
    Entry::new("join", TEXT_ANY, join),
    Entry::new("until", NUMBER, until),
    Entry::new("untilStep", Signature::new(&[INT, INT, INT]), until_step),
    Entry::new("seq", Signature::variadic(&[INT]), seq),
];

/// What Go says where `strings.Repeat` is asked for less than nothing.
pub(super) const NEGATIVE_REPEAT: &str = "strings: negative Repeat count";

fn trim(call: &mut Call<'_>) -> Answer {
    let text = call.text(0);
    let start = text.len() - text.trim_start().len();
    Ok(call.cut(0, start..start + text.trim().len()))
}

fn trim_all(call: &mut Call<'_>) -> Answer {
    let (set, text) = (call.text(0), call.text(1));
    let is_in_set = |found: char| set.contains(found);
    let start = text.len() - text.trim_start_matches(is_in_set).len();
    let end = start + text[start..].trim_end_matches(is_in_set).len();
    Ok(call.cut(1, start..end))
}

fn trim_suffix(call: &mut Call<'_>) -> Answer {
    let (suffix, text) = (call.text(0), call.text(1));
    let end = text.strip_suffix(&*suffix).map_or(text.len(), str::len);
    Ok(call.cut(1, 0..end))
}

fn trim_prefix(call: &mut Call<'_>) -> Answer {
    let (prefix, text) = (call.text(0), call.text(1));
    let start = text
        .strip_prefix(&*prefix)
        .map_or(0, |rest| text.len() - rest.len());
    Ok(call.cut(1, start..text.len()))
}

fn contains(call: &mut Call<'_>) -> Answer {
    let (part, text) = (call.text(0), call.text(1));
    let found = memchr::memmem::find(text.as_bytes(), part.as_bytes());
    Ok(Value::from(found.is_some()))
}

fn has_prefix(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(call.text(1).starts_with(&*call.text(0))))
}

fn has_suffix(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(call.text(1).ends_with(&*call.text(0))))
}

fn trunc(call: &mut Call<'_>) -> Answer {
    let (count, text) = (call.int(0), call.text(1));
    let length = text.len();
    let range = match usize::try_from(count) {
        Ok(count) => 0..count.min(length),
        Err(_) => {
            usize::try_from(count.unsigned_abs()).map_or(0, |count| length.saturating_sub(count))
                ..length
        }
    };
    Ok(call.cut_bytes(1, range))
}

fn substr(call: &mut Call<'_>) -> Answer {
    let (start, end, text) = (call.int(0), call.int(1), call.text(2));
    let length = signed(text.len());
    let out_of_range = |bounds: String| {
        Err(Failure::new(format!(
            "runtime error: slice bounds out of range {bounds}"
        )))
    };
    let (start, end) = if start < 0 {
        if end < 0 {
            return out_of_range(format!("[:{end}]"));
        }
        if end > length {
            return out_of_range(format!("[:{end}] with length {length}"));
        }
        (0, end)
    } else if end < 0 || end > length {
        if start > length {
            return out_of_range(format!("[{start}:{length}]"));
        }
        (start, length)
    } else {
        if start > end {
            return out_of_range(format!("[{start}:{end}]"));
        }
        (start, end)
    };
    let index = |bound: i64| usize::try_from(bound).unwrap_or(0);
    Ok(call.cut_bytes(2, index(start)..index(end)))
}

fn abbrev(call: &mut Call<'_>) -> Answer {
    let width = call.int(0);
    Ok(abbreviated(call, 1, 0, width))
}

fn abbrev_both(call: &mut Call<'_>) -> Answer {
    let (left, right) = (call.int(0), call.int(1));
    if right < 4 || left > 0 && right < 7 {
        return Ok(call.take(2));
    }
    Ok(abbreviated(call, 2, left, right))
}

/// A window on a text of at most `width` bytes, with dots where something was cut off.
fn abbreviated(call: &mut Call<'_>, index: usize, offset: i64, width: i64) -> Value {
    let length = call.text(index).len();
    let Ok(width) = usize::try_from(width) else {
        return call.take(index);
    };
    if width < 4 || length <= width {
        return call.take(index);
    }
    let room = width - 3;
    // What is left of a negative offset only matters in being small.
    let offset = usize::try_from(offset).unwrap_or(0).min(length);
    let offset = if length - offset < room {
        length - room
    } else {
        offset
    };
    let dots = || Part::Put("...", Origin::NONE);
    if offset <= 4 {
        return call.assemble(index, &[Part::Keep(0..room), dots()]);
    }
    if width < 7 {
        return Value::from("");
    }
    if offset + room < length {
        return call.assemble(
            index,
            &[dots(), Part::Keep(offset..offset + room - 3), dots()],
        );
    }
    call.assemble(index, &[dots(), Part::Keep(length - room..length)])
}

fn repeat(call: &mut Call<'_>) -> Answer {
    let (count, text) = (call.int(0), call.text(1));
    let count = usize::try_from(count).map_err(|_| Failure::new(NEGATIVE_REPEAT))?;
    call.hold_to_bytes(text.len().saturating_mul(count))?;
    Ok(Value::from(text.repeat(count)))
}

fn replace(call: &mut Call<'_>) -> Answer {
    let (old, new, text) = (call.text(0), call.text(1), call.text(2));
    let origin = call.arguments[1].origin();
    let starts: Vec<usize> = if old.is_empty() {
        // Before every letter, and at the end.
        let starts = text.char_indices().map(|(start, _)| start);
        starts.chain([text.len()]).collect()
    } else {
        memchr::memmem::find_iter(text.as_bytes(), old.as_bytes()).collect()
    };
    if starts.is_empty() {
        return Ok(call.take(2));
    }
    let longer = new.len().saturating_mul(starts.len());
    call.hold_to_bytes(longer.saturating_add(text.len()))?;
    let mut parts = Vec::with_capacity(starts.len() * 2 + 1);
    let mut kept = 0;
    for start in starts {
        parts.push(Part::Keep(kept..start));
        parts.push(Part::Put(&new, origin));
        kept = start + old.len();
    }
    parts.push(Part::Keep(kept..text.len()));
    Ok(call.assemble(2, &parts))
}

/// The pieces of the text between separators; as many as `limit` where that is not negative.
fn split_value(call: &mut Call<'_>, index: usize, limit: i64) -> Result<Vec<Value>, Failure> {
    let separator = call.text(0);
    let value = call.take(index);
    let text: Rc<str> = match value.data() {
        gotemplate::Data::String(text) => Rc::clone(text),
        _ => return Ok(Vec::new()),
    };
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    if most == 0 {
        return Ok(Vec::new());
    }
    let mut ranges = Vec::new();
    let mut start = 0;
    if separator.is_empty() {
        for (at, found) in text.char_indices() {
            let is_last = ranges.len() + 1 == most;
            let end = if is_last {
                text.len()
            } else {
                at + found.len_utf8()
            };
            ranges.push(at..end);
            if is_last {
                break;
            }
        }
    } else {
        for at in memchr::memmem::find_iter(text.as_bytes(), separator.as_bytes()) {
            if ranges.len() + 1 >= most {
                break;
            }
            ranges.push(start..at);
            start = at + separator.len();
        }
        ranges.push(start..text.len());
    }
    call.spend(ranges.len())?;
    Ok(ranges
        .into_iter()
        .map(|range| piece(call.context, &value, range))
        .collect())
}

fn numbered(pieces: Vec<Value>) -> Value {
    let map = Map::of(&Shape::STRING_MAP);
    for (number, piece) in pieces.into_iter().enumerate() {
        map.insert(format!("_{number}"), piece);
    }
    map.into()
}

fn split(call: &mut Call<'_>) -> Answer {
    split_value(call, 1, -1).map(numbered)
}

fn splitn(call: &mut Call<'_>) -> Answer {
    let limit = call.int(1);
    split_value(call, 2, limit).map(numbered)
}

fn split_list(call: &mut Call<'_>) -> Answer {
    split_value(call, 1, -1).map(Value::strings)
}

fn join(call: &mut Call<'_>) -> Answer {
    let separator = call.text(0);
    let origin = call.arguments[0].origin();
    let list = call.take(1);
    let items = strings_of(call, &list)?;
    let length: usize = items
        .iter()
        .map(|item| text_of(item).len() + separator.len())
        .sum();
    call.hold_to_bytes(length)?;
    let mut edit = call.context.edit();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            edit.insert_from(&separator, origin);
        }
        let origin = if item.origin().is_none() {
            list.origin()
        } else {
            item.origin()
        };
        edit.insert_from(text_of(item), origin);
    }
    Ok(call.context.edited(&list, edit))
}

/// The integers that Go's loop of these bounds runs through.
fn steps(call: &mut Call<'_>, start: i64, limit: i64, step: i64) -> Result<Vec<i64>, Failure> {
    let is_upward = limit >= start;
    if (is_upward && step <= 0) || (!is_upward && step >= 0) {
        return Ok(Vec::new());
    }
    let (distance, step_size) = (limit.abs_diff(start), step.unsigned_abs());
    let count = usize::try_from(distance.div_ceil(step_size)).unwrap_or(usize::MAX);
    call.spend(count)?;
    Ok((0..signed(count))
        .map(|index| start + index * step)
        .collect())
}

fn ints(numbers: Vec<i64>) -> Value {
    List::of(&INTS, numbers.into_iter().map(Value::int).collect()).into()
}

fn until(call: &mut Call<'_>) -> Answer {
    let count = call.int(0);
    let step = if count < 0 { -1 } else { 1 };
    steps(call, 0, count, step).map(ints)
}

fn until_step(call: &mut Call<'_>) -> Answer {
    let (start, limit, step) = (call.int(0), call.int(1), call.int(2));
    steps(call, start, limit, step).map(ints)
}

fn seq(call: &mut Call<'_>) -> Answer {
    let (start, last, step) = match call.arguments.len() {
        1 => (1, call.int(0), None),
        2 => (call.int(0), call.int(1), None),
        3 => (call.int(0), call.int(2), Some(call.int(1))),
        _ => return Ok(Value::from("")),
    };
    let direction = if last < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::from(""));
    }
    let limit = last.wrapping_add(direction);
    let numbers = steps(call, start, limit, step.unwrap_or(direction))?;
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(Value::from(texts.join(" ")))
}
