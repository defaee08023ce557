//! Lists: their ends, pieces and elements.

use gotemplate::{Failure, IntType, List, Shape, Signature, Type, Value};

use super::{ANY, ANY_ANY, ANY_ANYS, ANYS};
use crate::call::{Answer, Call, NIL_POINTER, as_sequence};
use crate::cast::{to_int, truncated};
use crate::entry::Entry;
use crate::functions::print::{string_of, strings_of};
use crate::functions::reflect::is_deeply_equal;
use crate::kind::{LISTS, is_empty, kind_of};
use crate::number::signed;

const CHUNK: Signature = Signature::new(&[Type::Int(IntType::Int), Type::Any]);

pub(super) const TABLE: &[Entry] = &[
    Entry::new("list", ANYS, list),
    Entry::new("tuple", ANYS, list),
    Entry::new("append", ANY_ANY, append),
    Entry::new("push", ANY_ANY, append),
    Entry::new("mustAppend", ANY_ANY, append),
    Entry::new("mustPush", ANY_ANY, append),
    Entry::new("prepend", ANY_ANY, prepend),
    Entry::new("mustPrepend", ANY_ANY, prepend),
    Entry::new("concat", ANYS, concat),
    Entry::new("first", ANY, first),
    Entry::new("mustFirst", ANY, first),
    Entry::new("last", ANY, last),
    Entry::new("mustLast", ANY, last),
    Entry::new("rest", ANY, rest),
    Entry::new("mustRest", ANY, rest),
    Entry::new("initial", ANY, initial),
    Entry::new("mustInitial", ANY, initial),
    Entry::new("reverse", ANY, reverse),
    Entry::new("mustReverse", ANY, reverse),
    Entry::new("compact", ANY, compact),
    Entry::new("mustCompact", ANY, compact),
    Entry::new("uniq", ANY, uniq),
    Entry::new("mustUniq", ANY, uniq),
    Entry::new("without", ANY_ANYS, without),
    Entry::new("mustWithout", ANY_ANYS, without),
    Entry::new("has", ANY_ANY, has),
    Entry::new("mustHas", ANY_ANY, has),
    Entry::new("slice", ANY_ANYS, slice),
    Entry::new("mustSlice", ANY_ANYS, slice),
    Entry::new("chunk", CHUNK, chunk),
    Entry::new("mustChunk", CHUNK, chunk),
    Entry::new("sortAlpha", ANY, sort_alpha),
];

/// An argument that has to be a list; `complaint` begins what is said where it is none.
fn sequence(call: &mut Call<'_>, index: usize, complaint: &str) -> Result<List, Failure> {
    let value = &call.arguments[index];
    if value.is_nil() {
        return Err(Failure::new(NIL_POINTER));
    }
    let Some(list) = as_sequence(value) else {
        return Err(Failure::new(format!("{complaint} {}", kind_of(value))));
    };
    Ok(list)
}

/// The same, with its elements counted: they are about to be copied.
fn copied(call: &mut Call<'_>, index: usize, complaint: &str) -> Result<Vec<Value>, Failure> {
    let list = sequence(call, index, complaint)?;
    call.spend(list.len())?;
    // Elements without an origin of their own are decided by what decided the list.
    let origin = call.arguments[index].origin();
    let items = list.items().iter().map(|item| match item.origin() {
        own if own.is_none() => item.clone().with_origin(origin),
        _ => item.clone(),
    });
    Ok(items.collect())
}

fn nil_list() -> Value {
    List::nil(&Shape::LIST).into()
}

fn list(call: &mut Call<'_>) -> Answer {
    call.spend(call.arguments.len())?;
    let items = call.arguments.iter_mut().map(std::mem::take);
    Ok(Value::list(items.collect()))
}

fn append(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot push on type")?;
    items.push(call.take(1));
    Ok(Value::list(items))
}

fn prepend(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot prepend on type")?;
    items.insert(0, call.take(1));
    Ok(Value::list(items))
}

fn concat(call: &mut Call<'_>) -> Answer {
    let mut all = Vec::new();
    for index in 0..call.arguments.len() {
        let list = copied(call, index, "Cannot concat type");
        let items = list.map_err(|failure| match failure.to_string() {
            text if text.starts_with("Cannot concat type") => Failure::new(text + " as list"),
            _ => failure,
        })?;
        all.extend(items);
    }
    if all.is_empty() {
        return Ok(nil_list());
    }
    Ok(Value::list(all))
}

fn first(call: &mut Call<'_>) -> Answer {
    let list = sequence(call, 0, "Cannot find first on type")?;
    Ok(list.items().first().cloned().unwrap_or_else(Value::nil))
}

fn last(call: &mut Call<'_>) -> Answer {
    let list = sequence(call, 0, "Cannot find last on type")?;
    Ok(list.items().last().cloned().unwrap_or_else(Value::nil))
}

fn rest(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot find rest on type")?;
    if items.is_empty() {
        return Ok(nil_list());
    }
    items.remove(0);
    Ok(Value::list(items))
}

fn initial(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot find initial on type")?;
    if items.pop().is_none() {
        return Ok(nil_list());
    }
    Ok(Value::list(items))
}

fn reverse(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot find reverse on type")?;
    items.reverse();
    Ok(Value::list(items))
}

fn compact(call: &mut Call<'_>) -> Answer {
    let mut items = copied(call, 0, "Cannot compact on type")?;
    items.retain(|item| !is_empty(item));
    Ok(Value::list(items))
}

fn contains(call: &mut Call<'_>, list: &[Value], needle: &Value) -> Result<bool, Failure> {
    for item in list {
        if is_deeply_equal(call, needle, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(call: &mut Call<'_>) -> Answer {
    let mut kept = Vec::new();
    for item in copied(call, 0, "Cannot find uniq on type")? {
        if !contains(call, &kept, &item)? {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

fn without(call: &mut Call<'_>) -> Answer {
    let unwanted: Vec<Value> = call.arguments[1..].to_vec();
    let mut kept = Vec::new();
    for item in copied(call, 0, "Cannot find without on type")? {
        if !contains(call, &unwanted, &item)? {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}

fn has(call: &mut Call<'_>) -> Answer {
    if call.arguments[1].is_nil() {
        return Ok(Value::from(false));
    }
    let list = sequence(call, 1, "Cannot find has on type")?;
    let needle = call.arguments[0].clone();
    contains(call, list.items(), &needle).map(Value::from)
}

fn slice(call: &mut Call<'_>) -> Answer {
    let list = sequence(call, 0, "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::nil());
    }
    let length = list.len();
    let start = call.arguments.get(1).map_or(0, to_int);
    let end = call.arguments.get(2).map_or(signed(length), to_int);
    let range = usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .filter(|(start, end)| start <= end && *end <= length);
    let Some((start, end)) = range else {
        return Err(Failure::new(
            "reflect.Value.Slice: slice index out of bounds",
        ));
    };
    let origin = call.arguments[0].origin();
    call.spend(end - start)?;
    let items = list.items()[start..end].to_vec();
    Ok(Value::from(List::of(list.shape(), items)).with_origin(origin))
}

fn chunk(call: &mut Call<'_>) -> Answer {
    let size = call.int(0);
    let items = copied(call, 1, "Cannot chunk type")?;
    let too_long = || Failure::new("runtime error: makeslice: len out of range");
    if let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) {
        let chunks = items.chunks(size).map(|chunk| Value::list(chunk.to_vec()));
        return Ok(List::of(&LISTS, chunks.collect()).into());
    }
    // What Go's arithmetic makes of a size that is none.
    let chunks = ((items.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    match (items.len(), truncated(chunks)) {
        (1.., 0) => Ok(List::of(&LISTS, Vec::new()).into()),
        (1, 1) if size < -1 => Ok(List::of(&LISTS, vec![Value::list(items)]).into()),
        _ => Err(too_long()),
    }
}

fn sort_alpha(call: &mut Call<'_>) -> Answer {
    let value = call.take(0);
    if as_sequence(&value).is_none() {
        return Ok(Value::strings([string_of(call, &value)?]));
    }
    let mut items = strings_of(call, &value)?;
    // Texts that begin alike are compared byte by byte, about as often as the number of texts has digits.
    let bytes: usize = items.iter().filter_map(Value::as_str).map(str::len).sum();
    call.spend(bytes / 64 * items.len().max(1).ilog2() as usize)?;
    items.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    Ok(Value::strings(items))
}
