//! Which feature gates an API server has on: its metrics say so, whoever runs it.

use std::collections::BTreeMap;

use crate::api::{Api, Failure};

/// Where the metrics are.
pub(crate) const PATH: &str = "/metrics";

/// The metric: 1 for a gate that is on, 0 for one that is off.
const METRIC: &str = "kubernetes_feature_enabled{";

/// Gates that are kept at most: Kubernetes has some hundreds.
const MOST: usize = 4096;

/// Asks for them.
pub(crate) async fn read(api: &Api) -> Result<BTreeMap<String, bool>, Failure> {
    let metrics = api.get(PATH, "text/plain").await?;
    Ok(gates(&String::from_utf8_lossy(&metrics)))
}

/// `kubernetes_feature_enabled{name="APIListChunking",stage=""} 1`
fn gates(metrics: &str) -> BTreeMap<String, bool> {
    let lines = metrics.lines().filter_map(|line| line.strip_prefix(METRIC));
    let gate = |line: &str| {
        let (labels, value) = line.split_once('}')?;
        let name = labels
            .split(',')
            .find_map(|label| label.trim().strip_prefix("name=\"")?.strip_suffix('"'))?;
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let value: f64 = value.split_whitespace().next()?.parse().ok()?;
        is_word.then(|| (name.to_owned(), value > 0.0))
    };
    lines.filter_map(gate).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::gates;

    #[test]
    fn gates_are_read_out_of_metrics() {
        let metrics = "# TYPE kubernetes_feature_enabled gauge\n\
            kubernetes_feature_enabled{name=\"A\",stage=\"ALPHA\"} 0\n\
            kubernetes_feature_enabled{stage=\"\",name=\"B\"} 1 1700000000\n\
            kubernetes_feature_enabled{name=\"<c>\",stage=\"\"} 1\n\
            kubernetes_feature_enabled{name=\"D\",stage=\"\"}\n\
            kubernetes_feature_enabled{\n\
            apiserver_request_total{name=\"E\"} 1\n";
        let found: Vec<(String, bool)> = gates(metrics).into_iter().collect();
        assert_eq!(found, [("A".to_owned(), false), ("B".to_owned(), true)]);
    }
}
