//! EPSS: lines `CVE,probability,percentile`.

use super::{Fact, FeedError, Likelihood};

pub(super) fn read(text: &str) -> Result<Vec<Fact>, FeedError> {
    let lines = text.lines().filter(|line| line.starts_with("CVE-"));
    let facts: Vec<Fact> = lines.filter_map(line).collect();
    if facts.is_empty() {
        Err(FeedError::Unknown)
    } else {
        Ok(facts)
    }
}

fn line(line: &str) -> Option<Fact> {
    let mut fields = line.split(',');
    let (id, probability, percentile) = (fields.next()?, fields.next()?, fields.next()?);
    let likelihood = Likelihood {
        millionths: millionths(probability)?,
        percentile_millionths: millionths(percentile)?,
    };
    Some(Fact::Likelihood(id.to_owned(), likelihood))
}

#[expect(clippy::cast_sign_loss, reason = "the range is tested")]
fn millionths(text: &str) -> Option<u32> {
    let value: f64 = text.trim().parse().ok()?;
    (0.0..=1.0)
        .contains(&value)
        .then(|| (value * 1e6).round() as u32)
}
