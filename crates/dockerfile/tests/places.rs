//! Whatever a Dockerfile holds, every place lies in its text.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use proptest::prelude::*;

/// Pieces of Dockerfiles, and any characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "(FROM a AS b|RUN|COPY --from=b|ENV A=|ARG X=|LABEL|CMD|ONBUILD|HEALTHCHECK CMD|EXPOSE|USER|SHELL) ?",
        "(\\\\\n|\n|\r\n|#[a-z =]{0,6}\n|<<-?EOF\n|EOF\n|\\[\"a\", \"b\"\\])",
        "(sudo|sh -c|curl x|\\| sh|&& |; |'|\"|\\\\|\\$\\{X:-|\\}|\\$\\(|\\)|>|é漢| ){1,3}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn places_lie_in_the_text(text in text()) {
        let source = Source::new("Dockerfile", text.as_str());
        let keys = Arc::new(Keys::new([]));
        let read = dockerfile::read((&source, None), &keys, &Limits::default()).unwrap();
        for index in 0..read.document.size() {
            let span = read.document.nth(index).place().span;
            let is_inside = text.get(span.start as usize..span.end as usize).is_some();
            prop_assert!(span.start <= span.end && is_inside, "{span:?} of {text:?}");
        }
        for mistake in read.mistakes {
            let span = mistake.span;
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {text:?}");
        }
    }
}

#[test]
fn the_first_word_of_a_command_stands_where_its_place_says() {
    let text = "FROM a\nRUN b \\\n  # c\n  && d e\n";
    let source = Source::new("Dockerfile", text);
    let keys = Arc::new(Keys::new([]));
    let document = dockerfile::read((&source, None), &keys, &Limits::default())
        .unwrap()
        .document;
    let places: Vec<&str> = (0..document.size())
        .map(|index| document.nth(index))
        .filter(|node| node.as_str() == Some("d"))
        .map(|node| source.slice(&node.place().span))
        .collect();
    assert_eq!(places, ["d e"]);
}
