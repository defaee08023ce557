//! Kubernetes' libraries for IP addresses and ranges.

use std::net::IpAddr;

use super::{Function, global, member, namespaced, text};
use crate::error::{ErrorKind, Fault};
use crate::extension::network::{
    is_global_unicast, is_link_local_multicast, is_link_local_unicast, parse_ip,
};
use crate::extension::{Cidr, Extension};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::Value;

const IP: Types = Types::IP;
const CIDR: Types = Types::CIDR;
const STRING: Types = Types::STRING;
const BOOL: Types = Types::BOOL;

pub(super) const FUNCTIONS: &[Function] = &[
    global("ip", &[STRING], IP, make_ip),
    global("isIP", &[STRING], BOOL, |_, arguments| {
        Ok(Value::Bool(parse_ip(text(arguments, 0)?).is_some()))
    }),
    namespaced("ip", "isCanonical", &[STRING], BOOL, is_canonical),
    member("family", &[IP], Types::INT, family),
    member("isUnspecified", &[IP], BOOL, |_, arguments| {
        test(arguments, |ip| ip.is_unspecified())
    }),
    member("isLoopback", &[IP], BOOL, |_, arguments| {
        test(arguments, |ip| ip.is_loopback())
    }),
    member("isLinkLocalMulticast", &[IP], BOOL, |_, arguments| {
        test(arguments, is_link_local_multicast)
    }),
    member("isLinkLocalUnicast", &[IP], BOOL, |_, arguments| {
        test(arguments, is_link_local_unicast)
    }),
    member("isGlobalUnicast", &[IP], BOOL, |_, arguments| {
        test(arguments, is_global_unicast)
    }),
    global("cidr", &[STRING], CIDR, make_cidr),
    global("isCIDR", &[STRING], BOOL, |_, arguments| {
        Ok(Value::Bool(Cidr::parse(text(arguments, 0)?).is_some()))
    }),
    member(
        "containsIP",
        &[CIDR, IP.or(STRING)],
        BOOL,
        |_, arguments| {
            Ok(Value::Bool(
                cidr(arguments, 0)?.contains(ip_or_text(arguments)?),
            ))
        },
    ),
    member(
        "containsCIDR",
        &[CIDR, CIDR.or(STRING)],
        BOOL,
        |_, arguments| {
            Ok(Value::Bool(
                cidr(arguments, 0)?.contains_range(cidr_or_text(arguments)?),
            ))
        },
    ),
    member("ip", &[CIDR], IP, |frame, arguments| {
        let address = cidr(arguments, 0)?.address;
        Ok(Value::Extension(frame.arena.alloc(Extension::Ip(address))))
    }),
    member("masked", &[CIDR], CIDR, |frame, arguments| {
        let range = cidr(arguments, 0)?.masked();
        Ok(Value::Extension(frame.arena.alloc(Extension::Cidr(range))))
    }),
    member("prefixLength", &[CIDR], Types::INT, |_, arguments| {
        Ok(Value::Int(i64::from(cidr(arguments, 0)?.prefix)))
    }),
];

fn invalid() -> Fault {
    Fault::Failed(ErrorKind::InvalidConversion)
}

fn ip(arguments: &[Value<'_>], position: usize) -> Result<IpAddr, Fault> {
    match arguments.get(position) {
        Some(Value::Extension(Extension::Ip(address))) => Ok(*address),
        _ => Err(Fault::Overload),
    }
}

fn cidr(arguments: &[Value<'_>], position: usize) -> Result<Cidr, Fault> {
    match arguments.get(position) {
        Some(Value::Extension(Extension::Cidr(range))) => Ok(*range),
        _ => Err(Fault::Overload),
    }
}

fn ip_or_text(arguments: &[Value<'_>]) -> Result<IpAddr, Fault> {
    match arguments[1].as_str() {
        Some(text) => parse_ip(text).ok_or_else(invalid),
        None => ip(arguments, 1),
    }
}

fn cidr_or_text(arguments: &[Value<'_>]) -> Result<Cidr, Fault> {
    match arguments[1].as_str() {
        Some(text) => Cidr::parse(text).ok_or_else(invalid),
        None => cidr(arguments, 1),
    }
}

fn make_ip<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let address = parse_ip(text(arguments, 0)?).ok_or_else(invalid)?;
    Ok(Value::Extension(frame.arena.alloc(Extension::Ip(address))))
}

fn make_cidr<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let range = Cidr::parse(text(arguments, 0)?).ok_or_else(invalid)?;
    Ok(Value::Extension(frame.arena.alloc(Extension::Cidr(range))))
}

fn is_canonical<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let text = text(arguments, 0)?;
    let address = parse_ip(text).ok_or_else(invalid)?;
    Ok(Value::Bool(address.to_string() == text))
}

fn family<'a>(_: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Int(if ip(arguments, 0)?.is_ipv4() { 4 } else { 6 }))
}

fn test<'a>(arguments: &[Value<'a>], holds: fn(IpAddr) -> bool) -> Outcome<'a> {
    Ok(Value::Bool(holds(ip(arguments, 0)?)))
}
