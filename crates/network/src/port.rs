//! Ports, protocols, and sets of them.

use std::fmt;

use crate::symbol::Symbol;

/// A protocol that policies and services know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Protocol {
    /// TCP, the default.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

    /// Reads Kubernetes' word.
    pub fn parse(text: &str) -> Option<Self> {
        Protocol::ALL
            .into_iter()
            .find(|protocol| protocol.as_str() == text)
    }

    /// Kubernetes' word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

/// A port of a destination.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Port {
    /// Protocol.
    pub protocol: Protocol,
    /// Number.
    pub number: u16,
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol.as_str())
    }
}

impl Port {
    /// A TCP port.
    pub fn tcp(number: u16) -> Self {
        let protocol = Protocol::Tcp;
        Port { protocol, number }
    }

    fn code(self) -> u32 {
        (self.protocol as u32) << 16 | u32::from(self.number)
    }
}

/// Neighbouring ports of one protocol, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PortRange {
    /// Protocol.
    pub protocol: Protocol,
    /// First.
    pub first: u16,
    /// Last.
    pub last: u16,
}

impl PortRange {
    /// Every port of a protocol. Port 0 is none.
    pub fn every(protocol: Protocol) -> Self {
        PortRange {
            protocol,
            first: 1,
            last: u16::MAX,
        }
    }

    /// Whether a port is one of them.
    pub fn contains(self, port: Port) -> bool {
        self.protocol == port.protocol && (self.first..=self.last).contains(&port.number)
    }

    fn codes(self) -> (u32, u32) {
        let code = |number| {
            let protocol = self.protocol;
            Port { protocol, number }.code()
        };
        (code(self.first), code(self.last) + 1)
    }
}

/// What a policy says of ports.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum PortMatch {
    Range(PortRange),
    /// A container port of the destination by its name, of one protocol or of any.
    Named(Option<Protocol>, Symbol),
}

/// A port that a container declares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct NamedPort {
    pub(crate) name: Symbol,
    pub(crate) port: Port,
}

impl PortMatch {
    /// The ports of such a destination that are meant.
    fn ranges(&self, named: &[NamedPort], found: &mut Vec<(u32, u32)>) {
        match self {
            PortMatch::Range(range) => found.push(range.codes()),
            PortMatch::Named(protocol, name) => found.extend(
                named
                    .iter()
                    .filter(|named| named.name == *name)
                    .filter(|named| protocol.is_none_or(|protocol| protocol == named.port.protocol))
                    .map(|named| (named.port.code(), named.port.code() + 1)),
            ),
        }
    }
}

/// A set of ports: sorted, disjoint half-open ranges that do not touch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct PortSet(Vec<(u32, u32)>);

impl PortSet {
    /// Every port of every protocol.
    pub fn full() -> Self {
        PortSet(
            Protocol::ALL
                .map(|protocol| PortRange::every(protocol).codes())
                .to_vec(),
        )
    }

    pub(crate) fn of(matches: &[PortMatch], named: &[NamedPort]) -> Self {
        let mut ranges = Vec::new();
        for part in matches {
            part.ranges(named, &mut ranges);
        }
        PortSet::normal(ranges)
    }

    fn normal(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut normal: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match normal.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => normal.push((start, end)),
            }
        }
        PortSet(normal)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a port is in it.
    pub fn contains(&self, port: Port) -> bool {
        let code = port.code();
        let before = self.0.partition_point(|range| range.0 <= code);
        before > 0 && code < self.0[before - 1].1
    }

    /// The ranges, by protocol and number.
    pub fn ranges(&self) -> impl Iterator<Item = PortRange> + '_ {
        self.0.iter().map(|&(start, end)| PortRange {
            protocol: Protocol::ALL[(start >> 16) as usize % 3],
            first: start as u16,
            last: (end - 1) as u16,
        })
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &PortSet) -> PortSet {
        PortSet::normal(self.0.iter().chain(&other.0).copied().collect())
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(&self, other: &PortSet) -> PortSet {
        let mut common = Vec::new();
        let (mut left, mut right) = (0, 0);
        while let (Some(a), Some(b)) = (self.0.get(left), other.0.get(right)) {
            let (start, end) = (a.0.max(b.0), a.1.min(b.1));
            if start < end {
                common.push((start, end));
            }
            if a.1 < b.1 { left += 1 } else { right += 1 }
        }
        PortSet(common)
    }

    /// What is in this and not in the other.
    #[must_use]
    pub fn difference(&self, other: &PortSet) -> PortSet {
        let mut rest = Vec::new();
        for &(mut start, end) in &self.0 {
            for &(cut, resume) in other.0.iter().filter(|cut| cut.0 < end) {
                if resume <= start {
                    continue;
                }
                if cut > start {
                    rest.push((start, cut));
                }
                start = resume.max(start);
            }
            if start < end {
                rest.push((start, end));
            }
        }
        PortSet(rest)
    }
}

impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        if *self == PortSet::full() {
            return f.write_str("all");
        }
        for (position, range) in self.ranges().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            let protocol = range.protocol.as_str();
            match (range.first, range.last) {
                (1, u16::MAX) => write!(f, "{comma}*/{protocol}")?,
                (first, last) if first == last => write!(f, "{comma}{first}/{protocol}")?,
                (first, last) => write!(f, "{comma}{first}-{last}/{protocol}")?,
            }
        }
        Ok(())
    }
}
