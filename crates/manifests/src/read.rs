//! One input: bytes in, objects and problems out.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use document::{Document, Keys, Kind, Limits, NodeRef, Parsed, Source};
use model::{FieldKeys, Problem, Resource};
use schema::{Schema, UnknownApi};
use sha2::{Digest as _, Sha256};

use crate::file::{ReadError, Texts, read_file, read_up_to};
use crate::inputs::Inputs;
use crate::looks;
use crate::problems;
use crate::walk::{Candidate, Origin};

/// What reading needs beside the input.
pub(crate) struct Reader<'a> {
    pub(crate) keys: &'a Arc<Keys>,
    pub(crate) fields: &'a FieldKeys,
    pub(crate) limits: &'a Limits,
    pub(crate) stdin: &'a Option<Vec<u8>>,
    /// Texts that stand for those of files.
    pub(crate) instead: &'a Texts,
    pub(crate) takes_digest: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        inputs: &'a Inputs,
        keys: &'a Arc<Keys>,
        fields: &'a FieldKeys,
        limits: &'a Limits,
    ) -> Self {
        Reader {
            keys,
            fields,
            limits,
            stdin: &inputs.stdin,
            instead: &inputs.texts,
            takes_digest: inputs.takes_digest,
        }
    }
}

/// What came of one input.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) resources: Vec<Resource>,
    pub(crate) problems: Vec<Problem>,
    /// Number of lists of objects, the empty ones too.
    lists: usize,
    /// It was walked, and is not Kubernetes.
    pub(crate) is_skipped: bool,
    pub(crate) bytes: u64,
    /// Of those bytes, where it was asked for.
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) reading: Duration,
    pub(crate) parsing: Duration,
}

impl Outcome {
    fn problem(problem: Problem) -> Self {
        Outcome {
            problems: vec![problem],
            ..Outcome::default()
        }
    }

    fn skipped() -> Self {
        Outcome {
            is_skipped: true,
            ..Outcome::default()
        }
    }
}

impl Reader<'_> {
    /// Reads, recognises and parses one input.
    pub(crate) fn take(&self, candidate: &Candidate) -> Outcome {
        let start = Instant::now();
        let bytes = match self.bytes(candidate) {
            Ok(bytes) => bytes,
            Err(problem) => return Outcome::problem(*problem),
        };
        let read = Instant::now();
        let (size, reading) = (bytes.len() as u64, read - start);
        let sha256 = self.takes_digest.then(|| Sha256::digest(&bytes).into());
        let outcome = self.recognise(candidate, bytes);
        Outcome {
            bytes: size,
            sha256,
            reading,
            parsing: read.elapsed(),
            ..outcome
        }
    }

    fn bytes(&self, candidate: &Candidate) -> Result<Vec<u8>, Box<Problem>> {
        if let Some(text) = self.instead.get(candidate.name.as_str()) {
            return Ok(text.as_bytes().to_vec());
        }
        let limit = self.limits.bytes;
        let bytes = match (candidate.origin, self.stdin) {
            (Origin::Stdin, Some(bytes)) => Ok((bytes.clone(), bytes.len() as u64)),
            (Origin::Stdin, None) => read_up_to(io::stdin().lock(), 0, limit),
            (Origin::Named | Origin::Walked, _) => read_file(&candidate.path, limit),
        };
        match bytes {
            Ok((_, size)) if size > u64::from(limit) => {
                Err(Box::new(problems::too_large(&candidate.name, size, limit)))
            }
            Ok((bytes, _)) => Ok(bytes),
            Err(ReadError::NotAFile) => Err(Box::new(problems::not_a_file(&candidate.name))),
            Err(ReadError::Io(cause)) => {
                Err(Box::new(problems::unreadable(&candidate.name, cause)))
            }
        }
    }

    fn recognise(&self, candidate: &Candidate, bytes: Vec<u8>) -> Outcome {
        if crate::walk::is_dockerfile(&candidate.path) {
            return self.dockerfile(candidate, bytes);
        }
        let is_named = candidate.origin != Origin::Walked;
        if !is_named && !looks::is_worth_parsing(&bytes) {
            return Outcome::skipped();
        }
        // In a chart there are texts that only become manifests when templates take them in.
        let is_template = || candidate.is_in_chart && looks::has_actions(&bytes);
        let is_expected = is_named || (looks::looks_like_kubernetes(&bytes) && !is_template());
        let text = match document::decode(bytes) {
            Ok(text) => text,
            Err(cause) if is_expected => {
                return Outcome::problem(problems::not_text(&candidate.name, &cause));
            }
            Err(_) => return Outcome::skipped(),
        };
        let source = Source::new(candidate.name.as_str(), text);
        let Parsed { document, errors } =
            document::parse_named(Arc::clone(&source), self.keys, self.limits);
        let mut outcome = self.objects(&Arc::new(document));
        if is_expected {
            let errors = errors
                .into_iter()
                .map(|error| problems::syntax(&source, error));
            outcome.problems.extend(errors);
        }
        let is_empty = outcome.resources.is_empty() && outcome.lists == 0;
        if is_empty && outcome.problems.is_empty() {
            if is_named {
                outcome.problems.push(problems::no_object(&candidate.name));
            } else {
                outcome.is_skipped = true;
            }
        }
        outcome
    }

    /// A Dockerfile as the one object that it is.
    fn dockerfile(&self, candidate: &Candidate, bytes: Vec<u8>) -> Outcome {
        let is_named = candidate.origin != Origin::Walked;
        // What a template language fills in is none yet.
        if !is_named && looks::is_template(&bytes) {
            return Outcome::skipped();
        }
        let text = match document::decode(bytes) {
            Ok(text) => text,
            Err(cause) => return Outcome::problem(problems::not_text(&candidate.name, &cause)),
        };
        let source = Source::new(candidate.name.as_str(), text);
        let read = match dockerfile::read((&source, ignore_file(candidate)), self.keys, self.limits)
        {
            Ok(read) => read,
            Err(limit) => return Outcome::problem(problems::dockerfile_limit(&source, limit)),
        };
        if !read.has_stages {
            if is_named {
                return Outcome::problem(problems::no_stage(&candidate.name));
            }
            return Outcome::skipped();
        }
        let document = Arc::new(read.document);
        let roots = document.roots();
        let resources = roots.filter_map(|root| Resource::from_root(&document, root, self.fields));
        Outcome {
            resources: resources.collect(),
            problems: problems::dockerfile(&source, read.mistakes),
            ..Outcome::default()
        }
    }

    fn objects(&self, document: &Arc<Document>) -> Outcome {
        let mut outcome = Outcome::default();
        for root in document.roots() {
            let found = self.objects_of(document, root);
            outcome.problems.extend(found.problems);
            outcome.resources.extend(found.resources);
            outcome.lists += found.lists;
        }
        outcome
    }

    /// The objects of one root.
    pub(crate) fn objects_of(&self, document: &Arc<Document>, root: NodeRef<'_>) -> Outcome {
        let schema = Schema::embedded();
        let found = model::recognise(document, root, self.fields);
        let resources = found.resources.iter();
        let unknown = resources.filter_map(|resource| unknown_api(&schema, resource));
        let incomplete = found.incomplete.into_iter();
        let incomplete = incomplete.map(|(node, what)| problems::incomplete(node, what));
        Outcome {
            problems: unknown.chain(incomplete).collect(),
            lists: found.lists,
            resources: found.resources,
            ..Outcome::default()
        }
    }
}

/// Whether an ignore file lies beside a Dockerfile or in a folder above: one of these is its build context.
fn ignore_file(candidate: &Candidate) -> Option<bool> {
    if candidate.origin == Origin::Stdin {
        return None;
    }
    let name = format!("{}.dockerignore", candidate.path.display());
    let mut around = candidate.path.ancestors().skip(1).take(MAX_FOLDERS);
    let files = [".dockerignore", ".containerignore"];
    let has = |folder: &Path| files.iter().any(|file| folder.join(file).is_file());
    Some(Path::new(&name).is_file() || around.any(has))
}

/// Folders that may be the build context of a Dockerfile: its own and those above.
const MAX_FOLDERS: usize = 4;

/// Whether an object can have a namespace; custom ones can, as far as is known.
pub(crate) fn is_namespaced(resource: &Resource) -> bool {
    let known = Schema::embedded().is_namespaced(resource.group(), &resource.kind);
    known.unwrap_or(true)
}

/// The problem with an object of an API that Kubernetes never had.
fn unknown_api(schema: &Schema<'_>, resource: &Resource) -> Option<Problem> {
    let unknown = schema.unknown_api(&resource.api_version, &resource.kind)?;
    // The API server refuses these too. But files of other tools say `v1` and a kind of their own, and unlike
    // them an object has metadata.
    let is_core = resource.group().is_empty();
    let metadata = resource.object().get_str("metadata");
    let has_metadata = metadata.is_some_and(|node| node.kind() == Kind::Mapping);
    let is_object = has_metadata || !is_core || matches!(unknown, UnknownApi::ApiVersion { .. });
    is_object.then(|| problems::unknown_api(resource, &unknown))
}
