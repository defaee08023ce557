//! The small languages in which a manifest's author accepts findings: the comment
//! `# seawall: ignore[control-id, other-id] reason` and the annotation
//! `seawall.dev/ignore: "control-id: reason; other-id, third-id: reason"`, also with a line for each.
//!
//! Words `owner=NAME` and `expires=YYYY-MM-DD` are taken out of a reason, wherever they stand in it: one
//! that was overlooked would accept a finding for ever.

/// What one directive says for its controls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Directive<'t> {
    /// The ids as written.
    pub(crate) controls: Vec<&'t str>,
    /// Empty when none was given, which makes the directive void.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub(crate) expires: Option<String>,
}

/// Reads a comment, from its `#` on. `None`: an ordinary comment.
pub(crate) fn comment(text: &str) -> Option<Directive<'_>> {
    let rest = text.trim_start_matches('#').trim_start();
    let rest = rest.strip_prefix("seawall:")?.trim_start();
    let rest = rest.strip_prefix("ignore")?.trim_start();
    let (controls, reason) = match rest.strip_prefix('[') {
        Some(list) => list.split_once(']').unwrap_or((list, "")),
        None => ("", rest),
    };
    Some(directive(ids(controls), reason))
}

/// Reads the value of an annotation: one directive for each part between `;`, and for each line that
/// begins like one.
pub(crate) fn annotation(text: &str) -> impl Iterator<Item = Directive<'_>> {
    text.split(';')
        .flat_map(lines)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (controls, reason) = part.split_once(':').unwrap_or((part, ""));
            directive(ids(controls), reason)
        })
}

/// The lines of a text, where one that does not begin with `id:` goes on with the one before.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let next = text
            .match_indices('\n')
            .find(|&(at, _)| begins_directive(&text[at + 1..]));
        let (line, after) =
            next.map_or((text, None), |(at, _)| (&text[..at], Some(&text[at + 1..])));
        rest = after;
        Some(line)
    })
}

fn begins_directive(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(':').is_some_and(|(controls, _)| {
        let mut ids = controls.split(',').map(str::trim);
        ids.all(|id| !id.is_empty() && !id.contains(char::is_whitespace))
    })
}

fn ids(text: &str) -> Vec<&str> {
    let ids = text.split(',').map(str::trim);
    ids.filter(|id| !id.is_empty()).collect()
}

fn directive<'t>(controls: Vec<&'t str>, reason: &str) -> Directive<'t> {
    let (mut owner, mut expires) = (None, None);
    let mut words = Vec::new();
    for word in reason
        .trim()
        .trim_start_matches([':', '-'])
        .split_whitespace()
    {
        if let Some(name) = word.strip_prefix("owner=") {
            owner = Some(name.to_owned());
        } else if let Some(date) = word.strip_prefix("expires=") {
            expires = Some(date.trim_end_matches([',', '.', ')']).to_owned());
        } else {
            words.push(word);
        }
    }
    Directive {
        controls,
        reason: words.join(" "),
        owner,
        expires,
    }
}

#[cfg(test)]
mod tests {
    use super::{Directive, annotation, comment};

    fn directive<'t>(
        controls: &[&'t str],
        reason: &str,
        owner: Option<&str>,
        expires: Option<&str>,
    ) -> Directive<'t> {
        Directive {
            controls: controls.to_vec(),
            reason: reason.to_owned(),
            owner: owner.map(str::to_owned),
            expires: expires.map(str::to_owned),
        }
    }

    #[test]
    fn comments_name_controls_and_a_reason() {
        let cases = [
            (
                "# seawall: ignore[a-b] needs it",
                directive(&["a-b"], "needs it", None, None),
            ),
            (
                "#seawall:ignore[a, b,] both",
                directive(&["a", "b"], "both", None, None),
            ),
            (
                "# seawall: ignore[a]: colon",
                directive(&["a"], "colon", None, None),
            ),
            ("# seawall: ignore[a]", directive(&["a"], "", None, None)),
            ("# seawall: ignore[a", directive(&["a"], "", None, None)),
            (
                "# seawall: ignore because",
                directive(&[], "because", None, None),
            ),
            (
                "# seawall: ignore[a] why not owner=me expires=2027-01-01",
                directive(&["a"], "why not", Some("me"), Some("2027-01-01")),
            ),
            (
                "# seawall: ignore[a] expires=2027-01-01 why owner=me  not",
                directive(&["a"], "why not", Some("me"), Some("2027-01-01")),
            ),
            (
                "# seawall: ignore[a] expires=2027-01-01",
                directive(&["a"], "", None, Some("2027-01-01")),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(comment(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_comments_are_none_of_ours() {
        for text in [
            "# ignore[a] x",
            "# seawall is good",
            "# seawall: include[a]",
            "#",
        ] {
            assert_eq!(comment(text), None, "{text}");
        }
    }

    #[test]
    fn annotations_hold_several() {
        let read: Vec<_> = annotation("a: first: with colon; b:second owner=x ;; c").collect();
        let expected = [
            directive(&["a"], "first: with colon", None, None),
            directive(&["b"], "second", Some("x"), None),
            directive(&["c"], "", None, None),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn annotations_may_have_lines() {
        let text = "a: first\n  and: so on\nb, c: second\n  expires=2027-01-01 at a: colon\n";
        let read: Vec<_> = annotation(text).collect();
        let expected = [
            directive(&["a"], "first", None, None),
            directive(&["and"], "so on", None, None),
            directive(&["b", "c"], "second at a: colon", None, Some("2027-01-01")),
        ];
        assert_eq!(read, expected);
    }
}
