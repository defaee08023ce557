//! What must hold for any bytes read as another scanner's file: a configuration that is YAML again, and every place
//! inside of the text.

use std::sync::{Arc, OnceLock};

use ::migrate::{Input, Peer, migrate};
use catalog::{Builder, Catalog, ControlTexts};
use document::{Keys, Limits, Source};

/// A few controls, with the ids that the saved inputs name.
fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        let texts = [
            include_str!("../../controls/workload/host-network/control.yaml"),
            include_str!("../../controls/resources/cpu-out-of-range/control.yaml"),
            include_str!("../../controls/availability/too-few-replicas/control.yaml"),
            include_str!("../../controls/metadata/required-label-missing/control.yaml"),
        ];
        let mut builder = Builder::on(&Catalog::default());
        for text in texts {
            builder.control(&ControlTexts::new(Source::new("control.yaml", text)));
        }
        let (bytes, mistakes) = builder.finish();
        assert!(mistakes.is_empty(), "{mistakes:?}");
        Catalog::from_bytes(bytes).unwrap_or_default()
    })
}

/// Names under which a text is tried: what it is called is part of what it is.
const NAMES: [&str; 8] = [
    "exceptions.json",
    "a.yaml",
    ".trivyignore",
    ".trivyignore.yaml",
    "trivy.yaml",
    ".checkov.yaml",
    ".checkov.baseline",
    ".kube-linter.yaml",
];

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let name = NAMES[usize::from(first) % NAMES.len()];
    for peer in Peer::ALL {
        let input = Input {
            source: Source::new(name, text),
            path: Some(name.to_owned()),
            is_named: true,
        };
        let done = migrate(peer, &[input], catalog());
        let keys = Arc::new(Keys::new([]));
        let source = Source::new("seawall.yaml", done.config.as_str());
        let parsed = document::parse_yaml(source, &keys, &Limits::default());
        assert!(
            parsed.errors.is_empty(),
            "{}\n{:?}",
            done.config,
            parsed.errors
        );
        for item in &done.items {
            assert!(item.at.span.end as usize <= text.len());
            assert!(item.at.start().line >= 1);
        }
        for comment in &done.comments {
            assert!(!comment.text.contains(['\n', '\r']));
            assert!(text.is_char_boundary(comment.edit.span.start as usize));
        }
    }
}
