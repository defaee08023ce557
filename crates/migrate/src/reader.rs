//! What the readers of all scanners share: the draft that grows, what is said about places, and which of
//! our controls an id stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalog::{Catalog, ParamValue};
use document::{Document, SyntaxError};
use model::Location;

use crate::aliases::Aliases;
use crate::draft::{Accepted, Draft, From, Resources, Sourced};
use crate::format::Format;
use crate::input::Input;
use crate::{Comment, Construct, Fate, Item, Level, Migration, Peer, draft, write};

/// How many exceptions one migration may make, and how many ids they may name together.
const MAX_EXCEPTIONS: usize = 20_000;
const MAX_IDS: usize = 500_000;

/// How many things may be said.
const MAX_ITEMS: usize = 50_000;

/// Why and until when a finding is accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Because {
    pub(crate) reason: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) expires: Option<String>,
}

/// What grows while files are read.
pub(crate) struct Reader<'c> {
    pub(crate) peer: Peer,
    pub(crate) catalog: &'c Catalog,
    pub(crate) aliases: Aliases,
    pub(crate) draft: Draft,
    pub(crate) comments: Vec<Comment>,
    /// Checks of the user's own by name, and the controls that stand for them.
    pub(crate) custom: BTreeMap<String, Vec<String>>,
    items: Vec<Item>,
    met: Vec<&'static Construct>,
    /// Controls of which it was said that they decide more.
    wider: BTreeSet<String>,
    ids: usize,
    is_full: bool,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(peer: Peer, catalog: &'c Catalog) -> Self {
        Reader {
            peer,
            catalog,
            aliases: Aliases::new(catalog, peer),
            draft: Draft::default(),
            comments: Vec::new(),
            custom: BTreeMap::new(),
            items: Vec::new(),
            met: Vec::new(),
            wider: BTreeSet::new(),
            ids: 0,
            is_full: false,
        }
    }

    /// What came of it all.
    pub(crate) fn finish(mut self, inputs: &[Input]) -> Migration {
        let order = |at: &Location| {
            let file = inputs
                .iter()
                .position(|input| Arc::ptr_eq(&input.source, &at.source));
            (file, at.span.start)
        };
        self.items
            .sort_by_key(|item| (order(&item.at), item.level, item.what.clone()));
        self.comments.sort_by_key(|comment| order(&comment.at));
        Migration {
            config: write::config(self.peer, &self.draft),
            entries: self.draft.len(),
            items: self.items,
            comments: self.comments,
            met: self.met,
        }
    }

    /// Notes that a construct was met.
    pub(crate) fn meet(&mut self, construct: &'static Construct) {
        if !self.met.iter().any(|known| std::ptr::eq(*known, construct)) {
            self.met.push(construct);
        }
    }

    /// Says what a construct that is not read says of itself.
    pub(crate) fn leave(&mut self, construct: &'static Construct, at: Location, what: &str) {
        let instead = Some(construct.instead).filter(|text| !text.is_empty());
        self.leave_because(construct, at, what, construct.text, instead);
    }

    /// The same with a reason of its own.
    pub(crate) fn leave_because(
        &mut self,
        construct: &'static Construct,
        at: Location,
        what: &str,
        why: &str,
        instead: Option<&str>,
    ) {
        self.meet(construct);
        let level = match construct.fate {
            Fate::Unneeded => Level::Unneeded,
            Fate::Read | Fate::Refused => Level::Refused,
        };
        self.say(level, at, what, why, instead);
    }

    /// Something worth knowing about what was taken over.
    pub(crate) fn note(&mut self, at: Location, what: &str, text: &str) {
        self.say(Level::Note, at, what, text, None);
    }

    /// A file or a part of it that could not be read.
    pub(crate) fn lose(&mut self, at: Location, what: &str, why: &str, instead: Option<&str>) {
        self.say(Level::Lost, at, what, why, instead);
    }

    fn say(&mut self, level: Level, at: Location, what: &str, why: &str, instead: Option<&str>) {
        if self.items.len() >= MAX_ITEMS {
            return;
        }
        let (level, why, instead) = if self.items.len() + 1 == MAX_ITEMS {
            (
                Level::Lost,
                "there is too much to say; the rest is left out",
                None,
            )
        } else {
            (level, why, instead)
        };
        self.items.push(Item {
            level,
            at,
            what: shortened(what),
            why: why.to_owned(),
            instead: instead.map(str::to_owned),
        });
    }

    /// A file that is nothing that this scanner reads, which is said where it was named.
    pub(crate) fn others(&mut self, input: &Input, format: Format) {
        if !input.is_named {
            return;
        }
        if format == Format::Broken {
            // Its mistakes are said.
            let _ = self.document(input);
        } else {
            self.foreign(input, format);
        }
    }

    fn foreign(&mut self, input: &Input, format: Format) {
        let at = input.at(0..0);
        let what = input.file_name();
        match format.peer() {
            Some(other) if other != self.peer => {
                let why = format!("this looks like {}'s", other.name());
                let instead = format!("use --from {}", other.as_str());
                self.lose(at, what, &why, Some(&instead));
            }
            _ => {
                let why = format!("this is nothing that {} reads", self.peer.name());
                self.lose(at, what, &why, Some("`docs/migrate.md` lists what is read"));
            }
        }
    }

    /// The document of a file; what is wrong with it is said.
    pub(crate) fn document(&mut self, input: &Input) -> Option<Document> {
        match input.parse() {
            Ok(document) => Some(document),
            Err(errors) => {
                self.lose_syntax(input, errors);
                None
            }
        }
    }

    fn lose_syntax(&mut self, input: &Input, errors: Vec<SyntaxError>) {
        for error in errors {
            let hint = error.hint.as_deref();
            let at = input.at(error.span.clone());
            self.lose(at, input.file_name(), &error.message, hint);
        }
    }

    /// The controls of ours that some ids stand for, in order. That one of them decides more than these
    /// ids is said once.
    pub(crate) fn controls(&mut self, ids: &[String], at: &Location) -> Arc<[String]> {
        let controls = self.aliases.all_of(ids.iter().map(String::as_str));
        let beyond: Vec<String> = self
            .aliases
            .beyond(&controls, ids)
            .into_iter()
            .filter(|(control, _)| self.wider.insert(control.clone()))
            .map(|(control, others)| format!("`{control}` (also {})", others.join(", ")))
            .collect();
        if !beyond.is_empty() {
            let why = format!(
                "one control of Seawall stands for several of {}'s ids, all of which it silences: {}",
                self.peer.name(),
                beyond.join("; ")
            );
            self.note(at.clone(), &ids.join(", "), &why);
        }
        controls.into()
    }

    /// Accepts findings.
    pub(crate) fn accept(
        &mut self,
        controls: &Arc<[String]>,
        resources: Resources,
        because: &Because,
        from: &From,
    ) {
        if controls.is_empty() || self.is_full {
            return;
        }
        self.ids += controls.len();
        if self.draft.exceptions.len() >= MAX_EXCEPTIONS || self.ids > MAX_IDS {
            self.is_full = true;
            let why = "there are too many exceptions; those from here on are left out";
            self.lose(from.at.clone(), &from.what, why, None);
            return;
        }
        let reason = because.reason.as_deref().map(one_line);
        let reason = reason.filter(|reason| !reason.is_empty());
        self.draft.exceptions.push(Accepted {
            controls: Arc::clone(controls),
            resources,
            reason: reason
                .unwrap_or_else(|| format!("migrated from {}, no reason given", self.peer.name())),
            owner: because.owner.clone(),
            expires: because.expires.clone(),
            from: from.clone(),
        });
    }

    /// Says from which severity on a scan fails.
    pub(crate) fn fail_on(&mut self, value: &'static str, from: &From) {
        let known = self.draft.fail_on.take();
        self.note_conflict(known.as_ref(), value, from);
        self.draft.fail_on = Some(Sourced {
            value,
            from: from.clone(),
        });
    }

    /// Says from which severity on findings are reported.
    pub(crate) fn min_severity(&mut self, value: &'static str, from: &From) {
        let known = self.draft.min_severity.take();
        self.note_conflict(known.as_ref(), value, from);
        self.draft.min_severity = Some(Sourced {
            value,
            from: from.clone(),
        });
    }

    /// Two files may say different things; there is one `seawall.yaml`.
    fn note_conflict(
        &mut self,
        known: Option<&Sourced<&'static str>>,
        value: &'static str,
        from: &From,
    ) {
        let Some(known) = known else { return };
        let is_other = !Arc::ptr_eq(&known.from.at.source, &from.at.source);
        if is_other && known.value != value {
            let place = &known.from.at;
            let why = format!(
                "it says `{value}`, and {}:{} says `{}`: the last one decides",
                place.file(),
                place.start().line,
                known.value
            );
            self.note(from.at.clone(), &from.what, &why);
        }
    }

    /// Lets controls run.
    pub(crate) fn select(&mut self, controls: &[String], from: &From) {
        for control in controls {
            draft::push(&mut self.draft.controls, control, from);
        }
    }

    /// Does not let controls run.
    pub(crate) fn deselect(&mut self, controls: &[String], from: &From) {
        for control in controls {
            draft::push(&mut self.draft.exclude_controls, control, from);
        }
    }

    /// Leaves out files.
    pub(crate) fn exclude(&mut self, glob: &str, from: &From) {
        draft::push(&mut self.draft.exclude, glob, from);
    }

    /// Sets a parameter; of several, the last decides. Lists grow when asked to.
    pub(crate) fn set_param(
        &mut self,
        control: &str,
        name: &str,
        value: ParamValue,
        grows: bool,
        from: &From,
    ) {
        let key = (control.to_owned(), name.to_owned());
        let value = match (value, self.draft.params.get(&key)) {
            (ParamValue::Strings(more), Some(known)) if grows => {
                let mut all = match &known.value {
                    ParamValue::Strings(texts) => texts.clone(),
                    _ => Vec::new(),
                };
                for text in more {
                    if !all.contains(&text) {
                        all.push(text);
                    }
                }
                ParamValue::Strings(all)
            }
            (value, _) => value,
        };
        let from = from.clone();
        self.draft.params.insert(key, Sourced { value, from });
    }
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// What is printed of a long text.
fn shortened(text: &str) -> String {
    let text = one_line(text);
    if text.chars().count() <= 160 {
        return text;
    }
    text.chars().take(159).chain(['…']).collect()
}
