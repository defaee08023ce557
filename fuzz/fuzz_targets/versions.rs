//! Any two texts as versions of any scheme, as a range and as a package URL.

#![no_main]

use versions::{Purl, Scheme, Vers, compare, key};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&number, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let (a, b) = text.split_once('\n').unwrap_or((text, ""));
    if let Some(scheme) = Scheme::from_number(number % 19) {
        let order = compare(scheme, a, b);
        assert_eq!(order, compare(scheme, b, a).reverse());
        if let (Some(x), Some(y)) = (key(scheme, a), key(scheme, b)) {
            assert_eq!(x.cmp(&y), order);
        }
    }
    for range in [Vers::parse(text), Vers::parse_lenient(text), Vers::from_native(a, b)].into_iter().flatten() {
        range.contains(b);
        assert!(Vers::parse_lenient(&range.to_string()).is_ok());
    }
    for kind in ["npm", "cargo", "composer", "conan", "gem", "pypi", "nginx", "nuget", "maven", "deb"] {
        let _ = Vers::from_native(kind, text);
    }
    if let Ok(purl) = Purl::parse(text) {
        assert_eq!(Purl::parse(&purl.to_string()), Ok(purl));
    }
});
