//! Any bytes as a file that is searched for credentials, and any text as patterns.

#![no_main]

use secrets::Patterns;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let found = Patterns::builtin().find(data);
    for pair in found.windows(2) {
        assert!(pair[0].range.end <= pair[1].range.start);
    }
    for one in &found {
        let secret = String::from_utf8_lossy(&data[one.range.clone()]).into_owned();
        assert!(!one.shown.contains(&secret));
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = Patterns::with(text);
    }
});
