//! Any bytes as a bill of materials: `CycloneDX` and SPDX, JSON and XML.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(bill) = images::sbom::read(data) else {
        return;
    };
    let mut purls: Vec<&str> = bill.packages.iter().map(|package| package.purl.as_str()).collect();
    let count = purls.len();
    purls.sort_unstable();
    purls.dedup();
    assert_eq!(purls.len(), count, "a package is listed twice");
});
