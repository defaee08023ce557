//! What people ask first: from where the cluster, a node or the Secrets of a namespace are reached.

use model::Severity;

use crate::asset::{AssetId, Kind};
use crate::graph::Graph;
use crate::search::{Cut, Limits, Path};

/// Where attackers start, and what they are after.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where they start.
    pub starts: Vec<AssetId>,
    /// What they are after.
    pub goals: Vec<AssetId>,
}

impl Graph<'_> {
    /// The internet and every pod; cluster-admin, root on a node, and the Secrets of each namespace.
    pub fn usual_question(&self) -> Question {
        let of = |kinds: &[Kind]| -> Vec<AssetId> {
            let all = self.ids();
            all.filter(|id| kinds.contains(&self.asset(*id).kind))
                .collect()
        };
        Question {
            starts: of(&[Kind::Internet, Kind::Pod]),
            goals: of(&[Kind::ClusterAdmin, Kind::NodeRoot, Kind::AllSecrets]),
        }
    }

    /// The worst path from every start to every goal, the worst first. To the Secrets of a namespace only the worst of
    /// all, one from the internet and one from a pod. A path that passes through something worth more than its goal
    /// is none.
    pub fn answer(&self, question: &Question, cut: &Cut) -> Vec<Path> {
        let mut paths = Vec::new();
        let (many, few): (Vec<AssetId>, Vec<AssetId>) = question.goals.iter().partition(|goal| {
            self.asset(**goal).kind == Kind::AllSecrets && question.goals.len() > 1
        });
        let (outside, inside): (Vec<AssetId>, Vec<AssetId>) = question
            .starts
            .iter()
            .partition(|start| self.asset(**start).kind == Kind::Internet);
        for goal in few {
            let avoid = self.worth_more_than(goal);
            let limits = Limits { cut, avoid: &avoid };
            paths.extend(self.paths_to(goal, &question.starts, limits));
        }
        for starts in [outside, inside] {
            for (is_cluster, goals) in by_scope(self, &many) {
                let Some(&first) = goals.first() else {
                    continue;
                };
                let mut avoid = self.worth_more_than(first);
                if is_cluster {
                    avoid.retain(|id| self.asset(*id).kind != Kind::AllSecrets);
                }
                let limits = Limits { cut, avoid: &avoid };
                paths.extend(self.paths_from(&starts, &goals, limits));
            }
        }
        paths.retain(|path| path.start != path.goal);
        self.sort(&mut paths);
        paths
    }

    /// The worst first; then those from outside, the certain, the short.
    pub fn sort(&self, paths: &mut [Path]) {
        let rank = |path: &Path| {
            let is_outside = self.asset(path.start).kind == Kind::Internet;
            let goal = self.asset(path.goal).kind;
            (
                std::cmp::Reverse(path.severity),
                !is_outside,
                goal != Kind::ClusterAdmin,
                goal != Kind::NodeRoot,
                !path.is_certain,
                path.steps,
                path.edges.len(),
                path.goal,
                path.start,
            )
        };
        paths.sort_by_key(rank);
    }

    /// What includes a goal and is worth more: paths through it say nothing about the goal.
    fn worth_more_than(&self, goal: AssetId) -> Vec<AssetId> {
        let kind = self.asset(goal).kind;
        let is_more = |id: &AssetId| {
            let asset = self.asset(*id);
            match asset.kind {
                Kind::ClusterAdmin => kind != Kind::ClusterAdmin,
                Kind::AllSecrets => kind == Kind::AllSecrets && asset.namespace.is_empty(),
                _ => false,
            }
        };
        self.ids()
            .filter(is_more)
            .filter(|id| *id != goal)
            .collect()
    }

    /// The worst severity of some paths.
    pub fn worst(paths: &[Path]) -> Option<Severity> {
        paths.iter().map(|path| path.severity).max()
    }
}

/// Goals about the whole cluster, then those about namespaces.
fn by_scope(graph: &Graph<'_>, goals: &[AssetId]) -> [(bool, Vec<AssetId>); 2] {
    let is_cluster = |goal: &&AssetId| graph.asset(**goal).namespace.is_empty();
    let (cluster, namespaces): (Vec<&AssetId>, Vec<&AssetId>) = goals.iter().partition(is_cluster);
    let owned = |goals: Vec<&AssetId>| goals.into_iter().copied().collect();
    [(true, owned(cluster)), (false, owned(namespaces))]
}
