//! Any text as a Dockerfile: every place lies in the text, and what is read has an end.

#![no_main]

use std::sync::Arc;

use document::{Keys, Limits, Source};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let source = Source::new("Dockerfile", text);
    let keys = Arc::new(Keys::new([]));
    let Ok(read) = dockerfile::read((&source, None), &keys, &Limits::default()) else {
        return;
    };
    for index in 0..read.document.size() {
        let span = read.document.nth(index).place().span;
        assert!(span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some());
    }
    let steps = [dockerfile::ImageStep {
        created_by: text.to_owned(),
        ..dockerfile::ImageStep::default()
    }];
    let image = dockerfile::Image {
        variables: &[text.to_owned()],
        user: text,
        steps: &steps,
        ..dockerfile::Image::default()
    };
    let _ = dockerfile::read_image(&image, &keys, &Limits::default());
    for mistake in read.mistakes {
        assert!(text.get(mistake.span.start as usize..mistake.span.end as usize).is_some());
    }
});
