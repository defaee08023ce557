//! Answers as graphs.

use layout::summary::{Budget, fit};
use model::Graph;

use crate::args::PictureFormat;

/// What is still read with ease: two screens high, and few lines that cross.
pub(crate) const OVERVIEW: Budget = Budget {
    nodes: 90,
    edges: 130,
};

/// What one screen holds: for one thing and what belongs to it.
pub(crate) const DETAIL: Budget = Budget {
    nodes: 30,
    edges: 60,
};

/// A graph in a format. What people look at is made small enough to be read, and says so.
pub(crate) fn picture(
    graph: &Graph,
    budget: Budget,
    format: PictureFormat,
) -> anyhow::Result<String> {
    let small = || fit(graph, budget);
    Ok(match format {
        PictureFormat::Svg => layout::svg(&small()),
        PictureFormat::Dot => layout::dot(&small()),
        PictureFormat::Mermaid => layout::mermaid(&small()),
        PictureFormat::Json => {
            let mut bytes = Vec::new();
            report::render_graph(graph, &mut bytes)?;
            String::from_utf8(bytes)?
        }
    })
}
