//! What people expect of a network, read from a file.

use anyhow::Context as _;
use catalog::{Diagnostic, nearest};
use document::{NodeRef, Source};
use model::{Location, PodView};
use network::{Endpoint, PodId, Port};

use super::Traffic;
use super::ends::{find, name};
use crate::answers::wire::At;
use crate::config;
use crate::config::shape::{Field, Shape, optional, required};
use crate::config::validate::{mistake, port, validate};
use crate::mistakes::Mistakes;

/// Whom an end means.
const END: &[Field] = &[
    optional("namespace", Shape::Text, "The namespace of the pods."),
    optional(
        "kind",
        Shape::Text,
        "The kind of what makes the pods, such as `Deployment`.",
    ),
    optional("name", Shape::Text, "The name of what makes the pods."),
    optional(
        "labels",
        Shape::Named(&Shape::Text),
        "Labels of the pods: all of them.",
    ),
];

const EXPECTATION: &[Field] = &[
    required(
        "from",
        Shape::TextOr(END),
        "Who sends: a workload, `service/NAME`, `namespace/NAME` or address as `seawall network reach` takes it, `internet`, or pods by `namespace`, `kind`, `name` and `labels`.",
    ),
    required(
        "to",
        Shape::TextOr(END),
        "Who receives, written like `from`.",
    ),
    optional(
        "port",
        Shape::OneOrMore(&Shape::Port),
        "Ports of the receiver: a number, `53/UDP`, or a list. Without it `allow` asks for some port, and `deny` for none.",
    ),
    required(
        "expect",
        Shape::Word(&["allow", "deny"]),
        "Whether traffic gets through: from every one that is meant to every one, or from none to none.",
    ),
    optional(
        "reason",
        Shape::Sentence,
        "Why, for whoever reads that it is not so.",
    ),
];

/// The whole file.
pub(crate) const FILE: &[Field] = &[required(
    "expectations",
    Shape::List(&Shape::Record(EXPECTATION)),
    "What is expected, in any order.",
)];

/// The word for everything outside of the cluster.
const INTERNET: &str = "internet";

/// Whom an expectation means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct End {
    /// For people.
    pub(super) text: String,
    pub(super) is_internet: bool,
    pub(super) ends: Vec<Endpoint>,
}

/// One expectation.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) at: At,
    pub(super) from: End,
    pub(super) to: End,
    pub(super) ports: Vec<Port>,
    pub(super) is_allowed: bool,
    pub(super) reason: Option<String>,
}

/// Reads a file; `-` is standard input.
pub(super) fn read(file: &str, traffic: &Traffic) -> anyhow::Result<Vec<Expectation>> {
    let text = if file == "-" {
        std::io::read_to_string(std::io::stdin()).context("cannot read the expectations")?
    } else {
        fs_err::read_to_string(file).context("cannot read the expectations")?
    };
    let source = Source::new(file.replace('\\', "/"), text);
    let document = config::parse(&source)?;
    let Some(root) = document.roots().next() else {
        let end = source.text().len() as u32;
        let mistake = Diagnostic {
            span: end..end,
            source,
            message: "the file is empty".to_owned(),
            hint: Some("write `expectations:` and a list below it".to_owned()),
        };
        return Err(Mistakes(vec![mistake]).into());
    };
    let mut mistakes = validate(root, FILE);
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes).into());
    }
    let rows = root.get_str("expectations");
    let mut all = Vec::new();
    for row in rows.into_iter().flat_map(NodeRef::items) {
        match expectation(row, traffic) {
            Ok(one) => all.push(one),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() {
        Ok(all)
    } else {
        Err(Mistakes(mistakes).into())
    }
}

fn expectation(row: NodeRef<'_>, traffic: &Traffic) -> Result<Expectation, Diagnostic> {
    let side = |key: &str| end(row.get_str(key).unwrap_or(row), traffic);
    let (from, to) = (side("from")?, side("to")?);
    if from.is_internet && to.is_internet {
        let message = "what the internet does with itself is no matter of the cluster".to_owned();
        return Err(mistake(row, row.origin(), message, None));
    }
    let ports = row.get_str("port");
    let ports = ports.map_or(Vec::new(), |node| {
        let one = port(node);
        one.map_or_else(|| node.items().filter_map(port).collect(), |one| vec![one])
    });
    let text = |key: &str| row.get_str(key).and_then(NodeRef::as_str);
    let place = row.document().place(row.origin());
    Ok(Expectation {
        at: At::new(&Location {
            source: std::sync::Arc::clone(place.source),
            span: place.span,
        }),
        from,
        to,
        ports,
        is_allowed: text("expect") == Some("allow"),
        reason: text("reason").map(str::to_owned),
    })
}

fn end(node: NodeRef<'_>, traffic: &Traffic) -> Result<End, Diagnostic> {
    if node.as_str() == Some(INTERNET) {
        let addresses = traffic.network.internet().into_iter();
        return Ok(End {
            text: "the internet".to_owned(),
            is_internet: true,
            ends: addresses.map(Endpoint::Address).collect(),
        });
    }
    if let Some(word) = node.as_str() {
        let named = find(word, traffic.view()).map_err(|hinted| {
            let hint = hinted.hint().to_owned();
            mistake(node, node.origin(), hinted.to_string(), Some(hint))
        })?;
        return Ok(End {
            text: named.word,
            is_internet: false,
            ends: named.ends,
        });
    }
    let wanted = Wanted::new(node);
    if let Some(namespace) = wanted.namespace {
        known_namespace(node, namespace, traffic)?;
    }
    let pods = traffic.network.pods();
    let ends = pods.filter(|pod| wanted.means(*pod, traffic));
    Ok(End {
        text: wanted.text(),
        is_internet: false,
        ends: ends.map(Endpoint::Pod).collect(),
    })
}

/// A namespace that nothing is in is most likely a slip of the pen.
fn known_namespace(
    node: NodeRef<'_>,
    namespace: &str,
    traffic: &Traffic,
) -> Result<(), Diagnostic> {
    if !traffic.network.pods_in(namespace).is_empty() {
        return Ok(());
    }
    let all: Vec<&str> = traffic
        .network
        .pods()
        .map(|pod| traffic.network.namespace(pod))
        .collect();
    let at = node.get_str("namespace").unwrap_or(node);
    let message = format!("no pod that was read is in namespace `{namespace}`");
    let hint = nearest(namespace, all.iter().copied());
    let hint = hint.map(|near| format!("did you mean `{near}`?"));
    Err(mistake(at, at.origin(), message, hint))
}

/// Pods by what they are.
struct Wanted<'a> {
    namespace: Option<&'a str>,
    kind: Option<&'a str>,
    name: Option<&'a str>,
    labels: Vec<(&'a str, &'a str)>,
}

impl<'a> Wanted<'a> {
    fn new(node: NodeRef<'a>) -> Self {
        let text = |key: &str| node.get_str(key).and_then(NodeRef::as_str);
        let labels = node
            .get_str("labels")
            .into_iter()
            .flat_map(NodeRef::entries);
        Wanted {
            namespace: text("namespace"),
            kind: text("kind"),
            name: text("name"),
            labels: labels
                .filter_map(|entry| Some((entry.name(), entry.value.as_str()?)))
                .collect(),
        }
    }

    fn means(&self, pod: PodId, traffic: &Traffic) -> bool {
        let place = traffic.network.place(pod);
        let resource = traffic
            .scanned
            .inventory
            .resources
            .get(place.resource as usize);
        let Some(resource) = resource else {
            return false;
        };
        let is_here = self
            .namespace
            .is_none_or(|own| own == traffic.network.namespace(pod));
        let is_of_kind = self
            .kind
            .is_none_or(|kind| kind.eq_ignore_ascii_case(&resource.kind));
        let is_named = self.name.is_none_or(|own| own == name(resource));
        let views = traffic.scanned.views.pods_of(resource);
        let view = views.iter().find(|view| view.spec().id() == place.node);
        is_here && is_of_kind && is_named && view.is_some_and(|view| self.has_labels(view))
    }

    fn has_labels(&self, view: &PodView<'_>) -> bool {
        let labels = view
            .metadata()
            .and_then(|metadata| metadata.get_str("labels"));
        self.labels.iter().all(|(key, value)| {
            let own = labels.and_then(|labels| labels.get_str(key)?.as_str());
            own == Some(*value)
        })
    }

    fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let named = [
            ("namespace", self.namespace),
            ("kind", self.kind),
            ("name", self.name),
        ];
        for (key, value) in named {
            parts.extend(value.map(|value| format!("{key} {value}")));
        }
        let labels = self.labels.iter();
        parts.extend(labels.map(|(key, value)| format!("{key}={value}")));
        if parts.is_empty() {
            "every pod".to_owned()
        } else {
            format!("pods of {}", parts.join(", "))
        }
    }
}
