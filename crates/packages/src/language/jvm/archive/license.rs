//! Addresses that bundles give in place of a licence.

/// Where licences are published, without protocol and ending, and their SPDX identifiers.
const ADDRESSES: [(&str, &str); 22] = [
    ("apache.org/licenses/license-2.0", "Apache-2.0"),
    ("opensource.org/licenses/apache-2.0", "Apache-2.0"),
    ("opensource.org/licenses/apache2.0", "Apache-2.0"),
    ("apache.org/licenses/license-1.1", "Apache-1.1"),
    ("opensource.org/licenses/mit", "MIT"),
    ("opensource.org/licenses/mit-license", "MIT"),
    ("opensource.org/license/mit", "MIT"),
    ("opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"),
    ("opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"),
    ("opensource.org/licenses/cddl-1.0", "CDDL-1.0"),
    ("eclipse.org/legal/epl-v10", "EPL-1.0"),
    ("eclipse.org/legal/epl-v20", "EPL-2.0"),
    ("eclipse.org/legal/epl-2.0", "EPL-2.0"),
    ("eclipse.org/org/documents/edl-v10", "BSD-3-Clause"),
    ("gnu.org/licenses/gpl-2.0", "GPL-2.0-only"),
    ("gnu.org/licenses/gpl-3.0", "GPL-3.0-only"),
    ("gnu.org/licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"),
    ("gnu.org/licenses/agpl-3.0", "AGPL-3.0-only"),
    ("mozilla.org/mpl/2.0", "MPL-2.0"),
    ("mozilla.org/mpl/mpl-1.1", "MPL-1.1"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
];

/// The licence that is published at an address.
pub(super) fn by_address(address: &str) -> Option<&'static str> {
    let address = address.to_ascii_lowercase();
    let (_, place) = address.split_once("://")?;
    let place = place.strip_prefix("www.").unwrap_or(place);
    let place = place.trim_end_matches('/');
    let endings = [".txt", ".html", ".php", ".htm"];
    let place = endings
        .iter()
        .find_map(|ending| place.strip_suffix(ending))
        .unwrap_or(place);
    let mut named = ADDRESSES.iter();
    let (_, license) = named.find(|(known, _)| *known == place)?;
    Some(license)
}

#[cfg(test)]
mod tests {
    use super::by_address;

    #[test]
    fn protocol_and_ending_do_not_matter() {
        for address in [
            "http://www.apache.org/licenses/LICENSE-2.0.txt",
            "https://apache.org/licenses/LICENSE-2.0",
            "https://www.apache.org/licenses/LICENSE-2.0.html",
        ] {
            assert_eq!(by_address(address), Some("Apache-2.0"));
        }
        assert_eq!(by_address("Apache-2.0"), None);
    }
}
