//! From the world to edges: every asset is shown to the techniques that start from its kind, until there is none left.

use std::borrow::Cow;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::asset::{Asset, AssetId, Kind};
use crate::edge::TechniqueId;
use crate::evidence::EvidenceId;
use crate::finder::{Container, Finder, Mount, Pod};
use crate::technique::{ALL, Find, Held, Technique};
use crate::world::{Hit, HostPath, Source, World, clean};

/// Which techniques start where.
struct Dispatch {
    containers: Vec<TechniqueId>,
    mounts: Vec<TechniqueId>,
    pods: Vec<TechniqueId>,
    patterns: HashMap<&'static str, Vec<TechniqueId>, FixedState>,
    kinds: HashMap<Kind, Vec<TechniqueId>, FixedState>,
}

impl Dispatch {
    fn new() -> Self {
        let mut dispatch = Dispatch {
            containers: Vec::new(),
            mounts: Vec::new(),
            pods: Vec::new(),
            patterns: HashMap::default(),
            kinds: HashMap::default(),
        };
        for (id, technique) in (0..).map(TechniqueId).zip(ALL) {
            match technique.find() {
                Find::Container(_) => dispatch.containers.push(id),
                Find::Mount(_) => dispatch.mounts.push(id),
                Find::Pod(_) => dispatch.pods.push(id),
                Find::Permission(patterns, _) => {
                    for pattern in *patterns {
                        dispatch.patterns.entry(pattern).or_default().push(id);
                    }
                }
                Find::Asset(kinds, _) => {
                    for kind in *kinds {
                        dispatch.kinds.entry(*kind).or_default().push(id);
                    }
                }
                Find::World(_) => {}
            }
        }
        dispatch
    }
}

/// What an asset of the finder stands for in the world.
struct Expansion<'w, 'a> {
    finder: Finder<'w, 'a>,
    dispatch: Dispatch,
    /// Class and container, by the asset of the container.
    containers: HashMap<AssetId, (u32, u32), FixedState>,
    /// What permission sets give together.
    joined: HashMap<Vec<u32>, Vec<Hit<'a>>, FixedState>,
}

/// Finds all edges.
pub(crate) fn expand<'w, 'a>(world: &'w World<'a>) -> Finder<'w, 'a> {
    let mut expansion = Expansion {
        finder: Finder::new(world),
        dispatch: Dispatch::new(),
        containers: HashMap::default(),
        joined: HashMap::default(),
    };
    expansion.seed();
    let mut next = 0;
    while next < expansion.finder.assets.list.len() {
        expansion.asset(AssetId(next as u32));
        next += 1;
    }
    expansion.finder
}

impl<'a> Expansion<'_, 'a> {
    /// The assets that are there whatever techniques find.
    fn seed(&mut self) {
        let world = self.finder.world;
        self.finder.internet();
        for (position, class) in (0..).zip(&world.classes) {
            let mut asset = Asset::new(Kind::Pod, class.namespace, class.name);
            asset.resource_kind = Cow::Borrowed(class.kind);
            asset.ordinal = class.ordinal;
            asset.count = class.members;
            asset.place = Some(class.place(class.facts.spec.node));
            let pod = self.finder.assets.add(asset);
            self.finder.pods.push(pod);
            self.finder.classes.insert(pod, position);
            for (index, facts) in (0..).zip(&class.facts.containers) {
                let mut asset = Asset::new(Kind::Container, "", facts.name);
                asset.parent = Some(pod);
                asset.ordinal = match class.facts.containers[..index as usize]
                    .iter()
                    .filter(|other| other.name == facts.name)
                    .count()
                {
                    0 => 0,
                    before => before as u32,
                };
                asset.count = class.members;
                asset.place = Some(class.place(facts.node.node));
                let container = self.finder.assets.add(asset);
                self.containers.insert(container, (position, index));
            }
        }
        for id in world.graph.subjects() {
            if world.graph.bindings_of(id).next().is_some() {
                self.finder.subject(world.graph.subject(id));
            }
        }
        for position in 0..world.permissions.sets.len() as u32 {
            self.finder.permission_set(position);
        }
        for (id, technique) in (0..).map(TechniqueId).zip(ALL) {
            if let Find::World(find) = technique.find() {
                self.with(id, |finder| find(finder));
            }
        }
    }

    fn with(&mut self, id: TechniqueId, find: impl FnOnce(&mut Finder<'_, 'a>)) {
        self.finder.technique = id;
        find(&mut self.finder);
        self.finder.technique = TechniqueId::SUMMARY;
    }

    /// Shows an asset to the techniques that start from its kind.
    fn asset(&mut self, id: AssetId) {
        let kind = self.finder.assets.list[id.index()].kind;
        let techniques = self.dispatch.kinds.get(&kind).cloned().unwrap_or_default();
        for technique in techniques {
            if let Find::Asset(_, find) = ALL[usize::from(technique.0)].find() {
                self.finder.technique = technique;
                find(&mut self.finder, id);
            }
        }
        self.finder.technique = TechniqueId::SUMMARY;
        match kind {
            Kind::Pod => self.pod(id),
            Kind::Container => self.container(id),
            Kind::PermissionSet => self.permission_set(id),
            Kind::ServiceAccount | Kind::User | Kind::Group => self.identity(id),
            _ => self.members(id, kind),
        }
    }

    fn pod(&mut self, asset: AssetId) {
        let Some(class) = self.finder.class_of(asset) else {
            return;
        };
        let pod = Pod { class, asset };
        for technique in self.dispatch.pods.clone() {
            if let Find::Pod(find) = ALL[usize::from(technique.0)].find() {
                self.finder.technique = technique;
                find(&mut self.finder, &pod);
            }
        }
    }

    fn container(&mut self, asset: AssetId) {
        let Some(&(class, index)) = self.containers.get(&asset) else {
            return;
        };
        let world = self.finder.world;
        let class = &world.classes[class as usize];
        let Some(pod) = self.finder.assets.list[asset.index()].parent else {
            return;
        };
        let container = Container {
            class,
            facts: &class.facts.containers[index as usize],
            asset,
            pod,
        };
        for technique in self.dispatch.containers.clone() {
            if let Find::Container(find) = ALL[usize::from(technique.0)].find() {
                self.finder.technique = technique;
                find(&mut self.finder, &container);
            }
        }
        for facts in &container.facts.mounts {
            let volume = &class.facts.volumes[facts.volume];
            for source in &volume.sources {
                let Some(host) = host_path(world, class.namespace, source) else {
                    continue;
                };
                let asset = self.finder.volume(container.asset, volume.name.as_str());
                let mount = Mount {
                    container: &container,
                    facts,
                    host: &within(host, facts.sub_path),
                    asset,
                };
                for technique in self.dispatch.mounts.clone() {
                    if let Find::Mount(find) = ALL[usize::from(technique.0)].find() {
                        self.finder.technique = technique;
                        find(&mut self.finder, &mount);
                    }
                }
            }
        }
    }

    fn permission_set(&mut self, asset: AssetId) {
        let world = self.finder.world;
        if let Some(position) = self.finder.set_position(asset) {
            for hit in &world.permissions.sets[position as usize].hits {
                self.hit(asset, hit);
            }
        } else if let Some((role, scope)) = self.finder.role_of(asset) {
            for hit in world.permissions.hits_of(role, scope) {
                self.hit(asset, &hit);
            }
        }
    }

    /// What someone holds by several permission sets together.
    fn identity(&mut self, asset: AssetId) {
        let world = self.finder.world;
        let sets = self
            .finder
            .with_subject(asset, |subject| world.permissions.held_by(subject));
        if sets.len() < 2 {
            return;
        }
        for &set in &sets {
            for hit in &world.permissions.sets[set as usize].hits {
                self.hit_if(asset, hit, Technique::joins);
            }
        }
        let hits = self.joined.entry(sets);
        let hits = hits
            .or_insert_with_key(|sets| world.permissions.joined(sets))
            .clone();
        for hit in &hits {
            self.hit(asset, hit);
        }
    }

    fn hit(&mut self, from: AssetId, hit: &Hit<'a>) {
        self.hit_if(from, hit, |_| true);
    }

    fn hit_if(&mut self, from: AssetId, hit: &Hit<'a>, is_asked: fn(&Technique) -> bool) {
        let techniques = self
            .dispatch
            .patterns
            .get(hit.pattern.id)
            .cloned()
            .unwrap_or_default();
        let is_asked = |id: &TechniqueId| is_asked(&ALL[usize::from(id.0)]);
        for technique in techniques.into_iter().filter(is_asked) {
            if let Find::Permission(_, find) = ALL[usize::from(technique.0)].find() {
                self.finder.technique = technique;
                self.finder.pattern = Some(hit.pattern);
                find(&mut self.finder, &Held { from, hit });
            }
        }
        self.finder.pattern = None;
    }

    /// What a summary holds.
    fn members(&mut self, id: AssetId, kind: Kind) {
        let finder = &mut self.finder;
        let world = finder.world;
        let scope = finder.assets.list[id.index()].namespace.clone();
        let mut found = Vec::new();
        match kind {
            Kind::AllPods if scope.is_empty() => {
                let scopes = world.classes_in.keys().copied().collect();
                found = finder.scopes(kind, scopes);
            }
            Kind::AllPods => {
                let own = world.classes_in.get(&*scope).into_iter().flatten();
                found.extend(own.map(|&class| finder.pods[class as usize]));
            }
            Kind::AllAccounts if scope.is_empty() => {
                let scopes = world
                    .accounts
                    .iter()
                    .map(|(namespace, _)| *namespace)
                    .collect();
                found = finder.scopes(kind, scopes);
            }
            Kind::AllAccounts => {
                for &(namespace, name) in in_scope(&world.accounts, &scope) {
                    if world.account_matters(namespace, name) {
                        found.push(finder.account(namespace, name));
                    }
                }
            }
            Kind::AllSecrets if scope.is_empty() => {
                found = finder.scopes(kind, world.namespaces());
            }
            Kind::AllSecrets => {
                let own = in_scope(&world.secrets, &scope).iter();
                found.extend(own.map(|&(namespace, name)| finder.secret(namespace, name)));
            }
            Kind::AllNodes => {
                found.push(finder.node(""));
                found.extend(world.node_names.iter().map(|name| finder.node(*name)));
            }
            Kind::NodesOf => {
                let parent = finder.assets.list[id.index()].parent;
                if let Some(class) = parent.and_then(|pod| finder.class_of(pod)) {
                    found.extend(class.nodes.iter().map(|name| finder.node(*name)));
                    found.extend(class.is_unplaced.then(|| finder.node("")));
                }
            }
            Kind::AllPorts => {
                let all = finder.endpoints.iter();
                let own = all.filter(|(namespace, _)| scope.is_empty() || *namespace == scope);
                found.extend(own.map(|(_, endpoint)| *endpoint));
            }
            _ => {}
        }
        for member in found {
            finder.edge(id, member, EvidenceId::NONE);
        }
    }
}

impl<'a> Finder<'_, 'a> {
    /// A summary for each of some namespaces.
    fn scopes(&mut self, kind: Kind, mut scopes: Vec<&'a str>) -> Vec<AssetId> {
        scopes.sort_unstable();
        scopes.dedup();
        scopes
            .into_iter()
            .map(|scope| self.all(kind, Some(scope)))
            .collect()
    }
}

/// Those of a namespace among names that are sorted by it.
fn in_scope<'n, 'a>(sorted: &'n [(&'a str, &'a str)], scope: &str) -> &'n [(&'a str, &'a str)] {
    let start = sorted.partition_point(|(namespace, _)| *namespace < scope);
    let end = sorted.partition_point(|(namespace, _)| *namespace <= scope);
    &sorted[start..end]
}

/// The path of the node behind a source of a volume.
fn host_path<'a>(
    world: &World<'a>,
    namespace: &str,
    source: &crate::world::At<Source<'a>>,
) -> Option<HostPath> {
    match source.value {
        Source::Host(path) => Some(HostPath {
            path: clean(path),
            node: source.node,
            through: None,
        }),
        Source::Claim(claim) => match world.objects.claimed(namespace, claim) {
            crate::world::Claimed::Host(path, through) => Some(HostPath {
                path,
                node: source.node,
                through: Some(through),
            }),
            _ => None,
        },
        Source::Token(_) | Source::Secret(_) => None,
    }
}

/// What of it a container mounts.
fn within(mut host: HostPath, sub_path: Option<&str>) -> HostPath {
    if let Some(sub_path) = sub_path {
        host.path = clean(&format!("{}/{sub_path}", host.path));
    }
    host
}
