//! The small languages in which a manifest's author accepts findings: the comment
//! `# seawall: ignore[control-id, other-id] reason` and the annotation
//! `seawall.dev/ignore: "control-id: reason; other-id: reason"`.
//!
//! Words `owner=NAME` and `expires=YYYY-MM-DD` at the end of a reason are taken out of it.

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
    let controls = controls
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .collect();
    Some(directive(controls, reason))
}

/// Reads the value of an annotation: one directive for each part between `;`.
pub(crate) fn annotation(text: &str) -> impl Iterator<Item = Directive<'_>> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (control, reason) = part.split_once(':').unwrap_or((part, ""));
            directive(vec![control.trim()], reason)
        })
}

fn directive<'t>(controls: Vec<&'t str>, reason: &str) -> Directive<'t> {
    let (mut owner, mut expires) = (None, None);
    let mut rest = reason.trim().trim_start_matches([':', '-']).trim();
    loop {
        let (before, word) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        if let Some(name) = word.strip_prefix("owner=") {
            owner = Some(name.to_owned());
        } else if let Some(date) = word.strip_prefix("expires=") {
            expires = Some(date.to_owned());
        } else {
            break;
        }
        rest = before.trim_end();
    }
    Directive {
        controls,
        reason: rest.to_owned(),
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
}
