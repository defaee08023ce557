//! The flags of `seawall network`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use network::{Level, Port, Protocol};

use super::answers::{AnswerFormat, CheckFormat, PictureFormat, Printing, Reading};

#[derive(Args, Debug)]
pub(crate) struct NetworkArgs {
    #[command(subcommand)]
    pub(crate) question: NetworkQuestion,
}

#[derive(Subcommand, Debug)]
pub(crate) enum NetworkQuestion {
    /// Whether network policies let traffic through, and which of them decide
    ///
    /// With `--from` and `--to` exits with 0 for yes, 1 for no; with one of them lists everyone at the other end.
    Reach(ReachArgs),
    /// Whether the network is as a file expects it: exits with 1 when it is not
    Check(NetworkCheckArgs),
    /// The least network policies for what manifests name and flow logs saw
    Suggest(SuggestArgs),
    /// What is reached from outside of the cluster, and on which way
    Exposed(ExposedArgs),
    /// Draw who can talk to whom
    Graph(NetworkGraphArgs),
}

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("ends").args(["from", "to"]).required(true).multiple(true)))]
pub(crate) struct ReachArgs {
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Who sends: `NAME`, `NAMESPACE/NAME`, `NAMESPACE/KIND/NAME`, `service/NAME`, `namespace/NAME`, or an address
    #[arg(long, value_name = "END", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from: Option<String>,
    /// Who receives, written like `--from`
    #[arg(long, value_name = "END", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to: Option<String>,
    /// Ask for one port of the receiver, as `5432` or `53/UDP` [default: every port]
    #[arg(long, value_name = "PORT", value_parser = port)]
    pub(crate) port: Option<Port>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct NetworkCheckArgs {
    /// What is expected, as YAML; `-` reads standard input
    #[arg(value_name = "EXPECTATIONS")]
    pub(crate) expectations: String,
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answers
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: CheckFormat,
    /// Also print those that are as expected
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct SuggestArgs {
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Flows that were seen: Hubble's JSON, one flow a line, or CSV with the header `from,to,port,protocol`; several times for several files
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) flows: Vec<PathBuf>,
    /// Only policies of this namespace; several times for several
    #[arg(
        id = "asked_namespace",
        long = "namespace",
        short = 'n',
        value_name = "NAMESPACE"
    )]
    pub(crate) namespaces: Vec<String>,
    /// The namespace of the pods behind Ingresses and Gateways [default: they may be anywhere]
    #[arg(long, value_name = "NAMESPACE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) ingress_namespace: Option<String>,
    /// Addresses of the API server, as `10.0.0.1/32`; several times for several [default: any]
    #[arg(long, value_name = "CIDR", value_parser = cidr)]
    pub(crate) api_server: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the policies
    #[arg(long, value_enum, default_value = "yaml", help_heading = "Output")]
    pub(crate) format: YamlOrJson,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

/// How manifests are printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum YamlOrJson {
    /// To apply
    Yaml,
    /// For programs
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct ExposedArgs {
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Only what is reached from at least so far: `internet`, `node` (the network of the nodes), `cluster`
    #[arg(long, value_parser = level(), default_value = "node", value_name = "LEVEL")]
    pub(crate) level: Level,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct NetworkGraphArgs {
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Draw who reaches this, and whom it reaches: an end as `seawall network reach --from` takes it
    #[arg(long, value_name = "END", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) around: Option<String>,
    /// How many steps to follow, with `--around`
    #[arg(long, value_name = "STEPS", default_value_t = 1, requires = "around")]
    pub(crate) depth: u32,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to draw
    #[arg(long, value_enum, default_value = "svg", help_heading = "Output")]
    pub(crate) format: PictureFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

/// Levels that ask for something: every pod has an address of its own.
const LEVELS: [Level; 3] = [Level::Internet, Level::Node, Level::Cluster];

fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(LEVELS.map(Level::as_str)).map(|word| {
        let mut known = LEVELS.into_iter();
        known
            .find(|level| level.as_str() == word)
            .unwrap_or_default()
    })
}

/// `10.0.0.0/8`.
fn cidr(text: &str) -> Result<String, String> {
    let parsed = network::Cidr::parse(text);
    parsed.ok_or("an address block is written like 10.0.0.1/32")?;
    Ok(text.to_owned())
}

/// `5432`, `53/UDP`.
pub(crate) fn port(text: &str) -> Result<Port, String> {
    let (number, protocol) = text.split_once('/').unwrap_or((text, "TCP"));
    let number: u16 = number.parse().ok().filter(|number| *number > 0).ok_or(
        "a port is a number from 1 to 65535, with `/UDP` or `/SCTP` behind it where it is not TCP",
    )?;
    let protocol =
        Protocol::parse(&protocol.to_uppercase()).ok_or("the protocol is TCP, UDP or SCTP")?;
    Ok(Port { protocol, number })
}

#[cfg(test)]
mod tests {
    use network::{Port, Protocol};

    #[test]
    fn ports_have_a_protocol() {
        let udp = Port {
            protocol: Protocol::Udp,
            number: 53,
        };
        assert_eq!(super::port("5432"), Ok(Port::tcp(5432)));
        assert_eq!(super::port("53/udp"), Ok(udp));
        for wrong in ["", "0", "65536", "http", "80/", "80/ICMP", "-1"] {
            assert!(super::port(wrong).is_err(), "{wrong}");
        }
    }
}
