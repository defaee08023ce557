//! CVSS vectors and their scores.

use std::str::FromStr as _;

/// The base score of a vector of CVSS 2.0, 3.0, 3.1 or 4.0, from 0 to 10; `None` for what is no vector.
pub fn score(vector: &str) -> Option<f64> {
    let vector = vector.trim();
    if vector.starts_with("CVSS:4") {
        return cvss::v4::Vector::from_str(vector)
            .ok()
            .map(|vector| vector.score().value());
    }
    if vector.starts_with("CVSS:3") {
        return cvss::v3::Vector::from_str(vector)
            .ok()
            .map(|vector| vector.score().value());
    }
    let vector = vector.trim_start_matches('(').trim_end_matches(')');
    cvss::v2::Vector::from_str(vector)
        .ok()
        .map(|vector| vector.score().value())
}

/// The best score that vectors give: of the newest version of CVSS, the highest.
pub(crate) fn best(vectors: &[String]) -> Option<f64> {
    let version = |vector: &str| match vector.as_bytes() {
        [b'C', b'V', b'S', b'S', b':', version, ..] => *version,
        _ => b'2',
    };
    vectors
        .iter()
        .filter_map(|vector| Some((version(vector), score(vector)?)))
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, score)| score)
}

#[cfg(test)]
mod tests {
    use super::{best, score};

    #[test]
    fn published_vectors_have_their_published_scores() {
        for (vector, expected) in [
            ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
            ("AV:N/AC:M/Au:N/C:N/I:P/A:N", 4.3),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 5.5),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                9.3,
            ),
        ] {
            assert_eq!(score(vector), Some(expected), "{vector}");
        }
        assert_eq!(score("CVSS:9.9/AV:N"), None);
        assert_eq!(score(""), None);
    }

    #[test]
    fn the_newest_version_decides() {
        let vectors = [
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "AV:N/AC:L/Au:N/C:C/I:C/A:C",
        ]
        .map(str::to_owned);
        assert_eq!(best(&vectors), Some(9.8));
    }
}
