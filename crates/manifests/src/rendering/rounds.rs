//! Everything that a scan renders, in its order: what objects deploy, which may deploy further objects, then the charts
//! and kustomizations that nothing deploys.

use std::collections::BTreeSet;
use std::path::PathBuf;

use model::Resource;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Outputs, Renderer, Sources};
use crate::gitops::{self, Deployment, Scene, Tree};

/// How often what was deployed may deploy something.
const MOST_ROUNDS: usize = 12;

/// What deployments led to.
struct Deployed<'d> {
    tree: &'d Tree<'d>,
    outputs: Outputs,
    /// What was rendered already: the object, and what it is called.
    done: BTreeSet<(String, u32, String)>,
    /// The folders that something deploys.
    folders: BTreeSet<PathBuf>,
    /// Objects that deployments look up.
    known: Vec<Resource>,
}

impl Renderer<'_> {
    /// Renders everything. `plain` are the objects of files that are not rendered.
    pub(crate) fn all(
        &self,
        sources: &Sources<'_>,
        tree: &Tree<'_>,
        plain: &[&Resource],
    ) -> Outputs {
        let mut deployed = Deployed {
            tree,
            outputs: Outputs::default(),
            done: BTreeSet::new(),
            folders: BTreeSet::new(),
            known: Vec::new(),
        };
        self.deploy(plain.iter().copied(), &mut deployed);
        let rendered = &deployed.outputs.roots;
        let mut entries = self.kustomizations(sources.kustomizations, rendered);
        // What a kustomization renders is no chart by itself.
        let free = sources.charts.iter();
        let free = free.filter(|it| !rendered.contains(*it) && !entries.roots.contains(*it));
        let charts = self.charts(&free.cloned().collect::<Vec<_>>());
        entries.append(charts);
        let objects = entries.entries.iter().flat_map(|it| &it.resources);
        self.deploy(objects, &mut deployed);
        // What was rendered by itself before it was known that something deploys it.
        entries.entries.retain(|output| {
            let folder = self.disk.find(&self.disk.path_of(&output.entry.path));
            let folder = folder.map(|found| PathBuf::from(found.path));
            folder.is_none_or(|folder| !deployed.folders.contains(&folder))
        });
        let mut outputs = deployed.outputs;
        outputs.append(entries);
        outputs.sort();
        outputs
    }

    /// Renders what objects deploy, and what that deploys.
    fn deploy<'o>(&self, objects: impl Iterator<Item = &'o Resource>, deployed: &mut Deployed<'_>) {
        let mut next: Vec<Resource> = Vec::new();
        for object in objects {
            if gitops::deploys(object) {
                next.push(object.clone());
            } else if gitops::is_looked_up(object) {
                deployed.known.push(object.clone());
            }
        }
        for _ in 0..MOST_ROUNDS {
            let deployments = self.next_deployments(&next, deployed);
            if deployments.is_empty() {
                return;
            }
            let done: Vec<_> = deployments
                .into_par_iter()
                .map(|deployment| (self.deployment(&deployment), deployment))
                .collect();
            next.clear();
            for (result, deployment) in done {
                deployed.folders.insert(deployment.folder);
                match result {
                    Ok(Some(built)) => {
                        for resource in &built.output.resources {
                            if gitops::deploys(resource) {
                                next.push(resource.clone());
                            } else if gitops::is_looked_up(resource) {
                                deployed.known.push(resource.clone());
                            }
                        }
                        deployed.outputs.take(built);
                    }
                    Ok(None) => {}
                    Err(problem) => deployed.outputs.problems.push(*problem),
                }
            }
        }
    }

    /// What objects deploy that was not rendered before.
    fn next_deployments(
        &self,
        objects: &[Resource],
        deployed: &mut Deployed<'_>,
    ) -> Vec<Deployment> {
        let mut deployments = Vec::new();
        for object in objects {
            let scene = Scene {
                tree: deployed.tree,
                objects: &deployed.known,
                limits: self.limits,
                seed: self.charts.options.seed,
            };
            let found = gitops::deployments(object, &scene);
            deployed.outputs.problems.extend(found.problems);
            for deployment in found.deployments {
                let key = (
                    deployment.at.file().to_owned(),
                    deployment.at.span.start,
                    deployment.name.clone(),
                );
                if deployed.done.insert(key) {
                    deployments.push(deployment);
                }
            }
        }
        deployments
    }
}
