//! CVSS vectors in words.

/// A metric, its name, and its values.
type Metric = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const IMPACT: &[(&str, &str)] = &[("N", "none"), ("L", "low"), ("H", "high")];
const OLD_IMPACT: &[(&str, &str)] = &[("N", "none"), ("P", "partial"), ("C", "complete")];
const WHERE: &[(&str, &str)] = &[
    ("N", "over the network"),
    ("A", "from the neighbouring network"),
    ("L", "with access to the machine"),
    ("P", "with the machine in hand"),
];
const RIGHTS: &[(&str, &str)] = &[("N", "none"), ("L", "some"), ("H", "many")];

const V2: &[Metric] = &[
    ("AV", "attack", WHERE),
    (
        "AC",
        "complexity",
        &[("L", "low"), ("M", "medium"), ("H", "high")],
    ),
    (
        "Au",
        "logins",
        &[("N", "none"), ("S", "one"), ("M", "several")],
    ),
    ("C", "confidentiality", OLD_IMPACT),
    ("I", "integrity", OLD_IMPACT),
    ("A", "availability", OLD_IMPACT),
];

const V3: &[Metric] = &[
    ("AV", "attack", WHERE),
    ("AC", "complexity", &[("L", "low"), ("H", "high")]),
    ("PR", "rights needed", RIGHTS),
    ("UI", "a user has to help", &[("N", "no"), ("R", "yes")]),
    (
        "S",
        "reaches beyond the program",
        &[("U", "no"), ("C", "yes")],
    ),
    ("C", "confidentiality", IMPACT),
    ("I", "integrity", IMPACT),
    ("A", "availability", IMPACT),
];

const V4: &[Metric] = &[
    ("AV", "attack", WHERE),
    ("AC", "complexity", &[("L", "low"), ("H", "high")]),
    ("AT", "needs circumstances", &[("N", "no"), ("P", "yes")]),
    ("PR", "rights needed", RIGHTS),
    (
        "UI",
        "a user has to help",
        &[
            ("N", "no"),
            ("P", "by using it"),
            ("A", "by doing something for it"),
        ],
    ),
    ("VC", "confidentiality", IMPACT),
    ("VI", "integrity", IMPACT),
    ("VA", "availability", IMPACT),
    ("SC", "confidentiality elsewhere", IMPACT),
    ("SI", "integrity elsewhere", IMPACT),
    ("SA", "availability elsewhere", IMPACT),
];

/// What the base metrics of a vector say, in their order; what is none of them is left out.
pub(super) fn words(vector: &str) -> Vec<(&'static str, &'static str)> {
    let metrics = if vector.starts_with("CVSS:4") {
        V4
    } else if vector.starts_with("CVSS:3") {
        V3
    } else {
        V2
    };
    let given = |metric: &Metric| {
        let (short, name, values) = metric;
        let mut parts = vector.trim_matches(['(', ')']).split('/');
        let value = parts.find_map(|part| part.strip_prefix(short)?.strip_prefix(':'))?;
        let (_, word) = values.iter().find(|(known, _)| *known == value)?;
        Some((*name, *word))
    };
    metrics.iter().filter_map(given).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn vectors_of_every_version_are_told() {
        let check = |vector: &str, count: usize, first: &str| {
            let found = words(vector);
            assert_eq!(
                (found.len(), found.first().map(|it| it.1)),
                (count, Some(first)),
                "{vector}"
            );
        };
        check(
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            8,
            "over the network",
        );
        check(
            "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            11,
            "with access to the machine",
        );
        check("AV:N/AC:M/Au:S/C:P/I:P/A:C", 6, "over the network");
        assert!(words("CVSS:3.1/AV:?").is_empty());
        assert!(words("").is_empty());
    }
}
