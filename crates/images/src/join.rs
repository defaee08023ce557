//! What all files of an image or a folder say, as one list of packages.

use std::collections::HashSet;

use packages::os::is_of_system;
use packages::{Found, OsRelease, Package, Told};

use crate::credentials::Visible;
use crate::layer::Reading;
use crate::merge::{Said, Tree};

/// The packages of a tree.
pub(crate) struct Joined {
    pub(crate) release: Option<OsRelease>,
    /// In the order of the files that say so.
    pub(crate) packages: Vec<Package>,
    /// Which files are whose, for those with credentials.
    pub(crate) visible: Visible,
}

/// Joins what the files of a tree say; `layers` names each layer.
pub(crate) fn join(mut tree: Tree, layers: &[String]) -> Joined {
    let mut files = tree.said();
    let release = release(&mut files);
    let owned = owned(&mut files, &tree);
    let mut found = Vec::new();
    let mut with_credentials = HashSet::new();
    let mut layers_of = Vec::new();
    for file in files {
        let is_owned = owned.contains(&file.path);
        for Reading { reader, mut told } in file.readings {
            if !std::mem::take(&mut told.credentials).is_empty() {
                with_credentials.insert((file.path.clone(), file.layer));
            }
            // A file of a package of the system says nothing of its own: who made that package knows better what is in it.
            if is_owned && !told.packages.iter().any(is_of_system) {
                told = Told::default();
            }
            layers_of.push(layers.get(file.layer));
            let path = file.path.clone();
            found.push(Found { path, reader, told });
        }
    }
    packages::join(&mut found);
    let mut list = List::default();
    for (file, layer) in found.into_iter().zip(layers_of) {
        list.add(file.told.packages, &file.path, layer, release.as_ref());
    }
    Joined {
        packages: list.packages,
        release,
        visible: Visible {
            owned,
            files: with_credentials,
        },
    }
}

/// The release that the best of the files names.
fn release(files: &mut [Said]) -> Option<OsRelease> {
    let readings = files.iter_mut().flat_map(|file| &mut file.readings);
    let releases = readings.filter_map(|reading| reading.told.release.take());
    releases.min_by_key(|release| release.rank)
}

/// Where files of the system's packages are. Their lists name them by paths that may lead over links: `lib/x` is
/// `usr/lib/x` today.
fn owned(files: &mut [Said], tree: &Tree) -> HashSet<String> {
    let said: HashSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut owned = HashSet::new();
    for reading in files.iter_mut().flat_map(|file| &mut file.readings) {
        for path in std::mem::take(&mut reading.told.owned) {
            let path = tree.resolve_folder(&path);
            // Only of these does it matter.
            if said.contains(&path) {
                owned.insert(path);
            }
        }
    }
    owned
}

#[derive(Default)]
struct List {
    packages: Vec<Package>,
    /// Package URLs of the system's packages that are listed.
    seen: HashSet<String>,
}

impl List {
    /// Adds what one file says.
    fn add(
        &mut self,
        told: Vec<Package>,
        path: &str,
        layer: Option<&String>,
        release: Option<&OsRelease>,
    ) {
        // What a package needs is named by places in the list of its file.
        let mut places = vec![None; told.len()];
        let start = self.packages.len();
        for (place, mut package) in told.into_iter().enumerate() {
            let is_of_system = is_of_system(&package);
            if let Some(release) = release.filter(|_| is_of_system) {
                release.place(&mut package);
            }
            // Two databases of one system may tell of the same package, where it moved from one to the other.
            if is_of_system && !self.seen.insert(package.purl.clone()) {
                continue;
            }
            package.path.get_or_insert_with(|| path.to_owned());
            package.layer = layer.cloned();
            places[place] = u32::try_from(self.packages.len()).ok();
            self.packages.push(package);
        }
        for package in &mut self.packages[start..] {
            let needs = package.needs.iter();
            let needs = needs.filter_map(|place| places.get(*place as usize).copied().flatten());
            package.needs = needs.collect();
        }
    }
}
