//! IP blocks.

use std::net::{IpAddr, Ipv6Addr};

/// A range of addresses with a common prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Reads `10.0.0.0/8` or `fd00::/8`. Bits behind the prefix are ignored, as Kubernetes does.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        if prefix.is_empty()
            || prefix.len() > 3
            || !prefix.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let prefix: u8 = prefix.parse().ok()?;
        (prefix <= width(address)).then_some(Cidr { address, prefix })
    }

    /// Whether an address lies in it. Addresses of the other family do not.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shift = u32::from(width(self.address) - self.prefix);
        is_v4(self.address) == is_v4(address)
            && bits(self.address).checked_shr(shift).unwrap_or(0)
                == bits(address).checked_shr(shift).unwrap_or(0)
    }

    /// Whether all of another block lies in it.
    pub fn covers(&self, other: &Cidr) -> bool {
        self.prefix <= other.prefix && self.contains(other.address)
    }

    /// Its first and last address, and their neighbours outside.
    pub(crate) fn edges(&self) -> impl Iterator<Item = IpAddr> + use<> {
        let width = width(self.address);
        let hosts = u128::MAX.checked_shl(u32::from(width - self.prefix));
        let hosts = !hosts.unwrap_or(0);
        let first = bits(self.address) & !hosts;
        let last = first | hosts;
        let is_v4 = is_v4(self.address);
        let all = [
            first.checked_sub(1),
            Some(first),
            Some(last),
            last.checked_add(1),
        ];
        all.into_iter().flatten().filter_map(move |bits| {
            if is_v4 {
                u32::try_from(bits).ok().map(|bits| IpAddr::V4(bits.into()))
            } else {
                Some(IpAddr::V6(bits.into()))
            }
        })
    }

    /// The block of one address.
    pub(crate) fn single(address: IpAddr) -> Self {
        let prefix = width(address);
        Cidr { address, prefix }
    }

    /// Whether every address of it is private, local to a link, or a loopback.
    pub fn is_private(&self) -> bool {
        const PRIVATE: [&str; 8] = [
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ];
        let mut private = PRIVATE.iter().filter_map(|text| Cidr::parse(text));
        private.any(|block| block.covers(self))
    }
}

fn is_v4(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(_))
}

fn width(address: IpAddr) -> u8 {
    if is_v4(address) { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// An address of a pod or host, `::ffff:` forms as what they stand for.
pub(crate) fn parse_address(text: &str) -> Option<IpAddr> {
    match text.parse().ok()? {
        IpAddr::V6(address) => Some(unmapped(address)),
        address @ IpAddr::V4(_) => Some(address),
    }
}

fn unmapped(address: Ipv6Addr) -> IpAddr {
    address
        .to_ipv4_mapped()
        .map_or(IpAddr::V6(address), IpAddr::V4)
}

/// A block without some of its parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct IpBlock {
    pub(crate) block: Cidr,
    pub(crate) except: Vec<Cidr>,
}

impl IpBlock {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.block.contains(address) && !self.except.iter().any(|except| except.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn edges_are_on_both_sides() {
        let edges = |text: &str| {
            let edges = Cidr::parse(text).unwrap().edges();
            edges.map(|it| it.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            edges("10.1.0.7/16"),
            "10.0.255.255 10.1.0.0 10.1.255.255 10.2.0.0"
        );
        assert_eq!(edges("0.0.0.0/0"), "0.0.0.0 255.255.255.255");
        assert_eq!(edges("10.0.0.1/32"), "10.0.0.0 10.0.0.1 10.0.0.1 10.0.0.2");
        assert_eq!(edges("::/0"), ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        assert_eq!(
            edges("fd00::/8"),
            "fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fd00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::"
        );
    }

    fn check(block: &str, address: &str, expected: bool) {
        let cidr = Cidr::parse(block).unwrap();
        assert_eq!(
            cidr.contains(address.parse().unwrap()),
            expected,
            "{block} {address}"
        );
    }

    #[test]
    fn blocks_hold_their_addresses() {
        check("10.0.0.0/8", "10.255.255.255", true);
        check("10.0.0.0/8", "11.0.0.0", false);
        check("10.1.2.3/8", "10.9.9.9", true);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("0.0.0.0/0", "2001:db8::1", false);
        check("192.0.2.1/32", "192.0.2.1", true);
        check("192.0.2.1/32", "192.0.2.2", false);
        check("::/0", "2001:db8::1", true);
        check("::/0", "192.0.2.1", false);
        check("2001:db8::/32", "2001:db8:ffff::1", true);
        check("2001:db8::1/128", "2001:db8::2", false);
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/+8",
            "a/8",
            "10.0.0.0/",
        ] {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    #[test]
    fn private_blocks_are_told_from_public_ones() {
        for (text, expected) in [
            ("10.2.0.0/16", true),
            ("0.0.0.0/0", false),
            ("10.0.0.0/7", false),
            ("fd00::/8", true),
            ("203.0.113.0/24", false),
        ] {
            assert_eq!(Cidr::parse(text).unwrap().is_private(), expected, "{text}");
        }
    }
}
