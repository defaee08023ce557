//! `seawall rbac check REVIEWS`: whether permissions are as a file of `SubjectAccessReviews` expects them.

use std::process::ExitCode;

use rbac::Subject;
use serde::Serialize;

use super::asked::Place;
use super::review::{self, Review};
use super::wire::{Chain, Question, Undecided};
use super::{Permissions, text};
use crate::answers::junit::{Case, Said, junit};
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, clean};
use crate::args::{CheckFormat, RbacCheckArgs};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::scan::Scene;

/// The answer.
#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    counts: Counts,
    reviews: Vec<Reviewed>,
    problems: Vec<Lost>,
}

/// How many reviews came out how.
#[derive(Serialize, Default)]
struct Counts {
    /// As expected.
    met: usize,
    /// Not as expected.
    failed: usize,
    /// What was expected could not be decided.
    unknown: usize,
    /// Nothing was expected of them.
    asked: usize,
}

/// One review, answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reviewed {
    location: At,
    #[serde(skip_serializing_if = "String::is_empty")]
    user: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    request: Question,
    allowed: Allowed,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<bool>,
    /// Whether it would be allowed with the groups that the user's name implies, which the review does not name.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allowed_with_implied_groups: bool,
    /// Whether the API server allows it by itself, to `system:masters`.
    is_built_in: bool,
    chains: Vec<Chain>,
    undecided: Vec<Undecided>,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Allowed {
    Yes,
    No,
    /// A binding names a role that was not scanned.
    Unknown,
}

/// How a review came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Met,
    Failed,
    Unknown,
    Asked,
}

pub(super) fn run(args: &RbacCheckArgs) -> anyhow::Result<ExitCode> {
    let scene = Scene::here();
    if args.reviews == "-" && args.paths.iter().any(|path| path == "-") {
        let hint = "name a file for one of them";
        return Err(Hinted::new("standard input can be read once", hint).into());
    }
    let file = answers::read(&scene, std::slice::from_ref(&args.reviews), &args.reading)?;
    let reviews = review::read(&file.inventory)?;
    if reviews.is_empty() && file.problems.is_empty() {
        let message = format!("there is no review in {}", args.reviews);
        let hint =
            "a review has `apiVersion: authorization.k8s.io/v1` and `kind: SubjectAccessReview`";
        return Err(Hinted::new(message, hint).into());
    }
    let read = Permissions::read(&scene, &args.paths, &args.reading)?;
    let reviews: Vec<Reviewed> = reviews.iter().map(|review| answer(&read, review)).collect();
    let mut counts = Counts::default();
    for review in &reviews {
        match review.outcome() {
            Outcome::Met => counts.met += 1,
            Outcome::Failed => counts.failed += 1,
            Outcome::Unknown => counts.unknown += 1,
            Outcome::Asked => counts.asked += 1,
        }
    }
    let code = match (&counts.failed, &counts.unknown) {
        (0, 0) => 0,
        (0, _) => COULD_NOT_COMPLETE,
        (_, _) => 1,
    };
    let problems = read.scanned.problems.iter().chain(read.graph.problems());
    let answer = Answer {
        schema: "seawall.dev/rbac-check/v1",
        counts,
        problems: Lost::all(file.problems.iter().chain(problems)),
        reviews,
    };
    let output = match args.format {
        CheckFormat::Json => json(&answer)?,
        CheckFormat::Text => answer.render(args.verbose),
        CheckFormat::Junit => answer.junit(),
    };
    answers::write(&args.printing, &output)?;
    Ok(read
        .scanned
        .finish(file.problems.iter().chain(read.graph.problems()), code))
}

fn answer(read: &Permissions, review: &Review) -> Reviewed {
    let view = read.view();
    let request = review.asked.request();
    let (decision, own) = review.with_identity(|identity| {
        let decision = read.graph.can_as(identity, &request);
        (decision, read.graph.bindings_as(identity))
    });
    let undecided = view.undecided(|binding| {
        let namespace = read.graph.binding(binding).and_then(|it| it.namespace);
        let is_here = match (&review.asked.place, namespace) {
            (_, None) => true,
            (Place::Namespace(asked), Some(own)) => asked == own,
            (Place::Cluster | Place::Anywhere, Some(_)) => false,
        };
        is_here && own.binary_search(&binding).is_ok()
    });
    let implied = || {
        let user = Subject::User(&review.user);
        !review.user.is_empty() && read.graph.can(user, &request).allowed
    };
    Reviewed {
        location: review.at.clone(),
        user: review.user.clone(),
        groups: review.groups.clone(),
        request: Question::new(&review.asked),
        allowed: match (decision.allowed, undecided.is_empty()) {
            (true, _) => Allowed::Yes,
            (false, true) => Allowed::No,
            (false, false) => Allowed::Unknown,
        },
        expected: review.expected,
        allowed_with_implied_groups: !decision.allowed && implied(),
        is_built_in: decision.why.iter().any(|grant| grant.is_built_in()),
        chains: view.chains(&decision.why),
        undecided: if decision.allowed {
            Vec::new()
        } else {
            undecided
        },
    }
}

impl Reviewed {
    fn outcome(&self) -> Outcome {
        match (self.expected, self.allowed) {
            (None, _) => Outcome::Asked,
            (Some(_), Allowed::Unknown) => Outcome::Unknown,
            (Some(expected), allowed) if expected == (allowed == Allowed::Yes) => Outcome::Met,
            (Some(_), _) => Outcome::Failed,
        }
    }

    fn who(&self) -> String {
        let groups = self.groups.iter().map(|group| format!("group:{group}"));
        let user = (!self.user.is_empty()).then(|| self.user.clone());
        let all: Vec<String> = user.into_iter().chain(groups).collect();
        all.join(" ")
    }

    /// What is expected, whatever comes of it.
    fn question(&self) -> String {
        let expected = match self.expected {
            Some(true) => ": yes",
            Some(false) => ": no",
            None => "",
        };
        let Question { text, place, .. } = &self.request;
        clean(&format!("{} {text} {place}{expected}", self.who()))
    }

    fn line(&self, outcome: Outcome) -> String {
        let heading = match (outcome, self.allowed) {
            (Outcome::Met, _) => "as expected",
            (Outcome::Failed, _) => "NOT AS EXPECTED",
            (_, Allowed::Unknown) => "COULD NOT DECIDE",
            (_, Allowed::Yes) => "yes",
            (_, Allowed::No) => "no",
        };
        let verb = match self.allowed {
            Allowed::Yes => "can",
            Allowed::No => "cannot",
            Allowed::Unknown => "may",
        };
        format!(
            "{heading}: {}: {} {verb} {} {}\n",
            clean(&self.location.text()),
            clean(&self.who()),
            clean(&self.request.text),
            clean(&self.request.place)
        )
    }

    /// What lets it, or leaves it open.
    fn why(&self) -> String {
        let mut page = String::new();
        if self.is_built_in {
            page += "    The API server allows everything to group:system:masters.\n";
        }
        for chain in &self.chains {
            page += &format!("    {}\n", text::chain_line(chain));
        }
        if self.allowed_with_implied_groups {
            page += "    It is allowed with the groups that the user's name implies; the review does not name them.\n";
        }
        for one in &self.undecided {
            let binding = text::place(&one.binding);
            let role = clean(&one.role.text());
            page += &format!("    {binding} <- {role}, which was not scanned\n");
        }
        page
    }
}

impl Answer {
    fn render(&self, is_verbose: bool) -> String {
        let mut page = String::new();
        for review in &self.reviews {
            let outcome = review.outcome();
            if outcome == Outcome::Met && !is_verbose {
                continue;
            }
            page += &review.line(outcome);
            page += &review.why();
        }
        let Counts {
            met,
            failed,
            unknown,
            asked,
        } = &self.counts;
        let asked = match asked {
            0 => String::new(),
            asked => format!(", {asked} without an expectation"),
        };
        let separator = if page.is_empty() { "" } else { "\n" };
        page + &format!(
            "{separator}{met} as expected, {failed} not as expected, {unknown} could not be decided{asked}\n"
        )
    }

    fn junit(&self) -> String {
        let cases = self.reviews.iter().map(|review| Case {
            name: review.question(),
            place: review.location.text(),
            said: match review.outcome() {
                Outcome::Met => Said::Met,
                Outcome::Asked => Said::Asked,
                Outcome::Failed => Said::Failed(review.why()),
                Outcome::Unknown => Said::Undecided(review.why()),
            },
        });
        junit("rbac", &cases.collect::<Vec<_>>())
    }
}
