//! Which controls of a catalogue run.

use std::collections::BTreeSet;

use catalog::{Catalog, Control, nearest};
use model::{KubernetesVersion, Profile};

/// What the user asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    /// What runs when neither frameworks nor controls are named.
    pub profile: Profile,
    /// Frameworks whose controls run, as `id` or `id@1.25`.
    pub frameworks: Vec<String>,
    /// Controls that run, whatever their profile: ids, peers' ids, or tags.
    pub controls: Vec<String>,
    /// Controls that run beside those of the profile, the frameworks or `controls`: ids, peers' ids, or tags.
    pub more: Vec<String>,
    /// Controls that do not run: ids, peers' ids, or tags.
    pub exclude: Vec<String>,
}

impl Default for Selection {
    fn default() -> Self {
        Selection {
            profile: Profile::Default,
            frameworks: Vec::new(),
            controls: Vec::new(),
            more: Vec::new(),
            exclude: Vec::new(),
        }
    }
}

/// A selection that names what does not exist.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SelectionError {
    /// No control, alias or tag of that name.
    #[error("there is no control `{name}`{}", hint(.near.as_deref()))]
    Control {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// No framework of that name.
    #[error("there is no framework `{name}`{}", hint(.near.as_deref()))]
    Framework {
        /// What was asked for.
        name: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// `@` is not followed by a version.
    #[error("`{name}` names no Kubernetes version such as 1.34")]
    Version {
        /// What was asked for.
        name: String,
    },
    /// Two frameworks ask for different versions, and the scan can assume one.
    #[error("frameworks ask for Kubernetes {first} and {second}; scan them one by one")]
    TwoVersions {
        /// One of them.
        first: KubernetesVersion,
        /// Another.
        second: KubernetesVersion,
    },
    /// The catalogue's bytes are damaged.
    #[error(transparent)]
    Damaged(#[from] catalog::DecodeError),
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

impl Selection {
    /// The positions of the selected controls in the catalogue, in order. A framework selects the
    /// controls of those requirements that apply to the version.
    pub fn resolve(
        &self,
        catalog: &Catalog,
        version: KubernetesVersion,
    ) -> Result<Vec<usize>, SelectionError> {
        let mut chosen = BTreeSet::new();
        if self.frameworks.is_empty() && self.controls.is_empty() {
            let fits = |control: &Control| control.header.profile <= self.profile;
            chosen.extend(positions(catalog, fits));
        }
        for word in &self.frameworks {
            let (id, _) = split_framework(word)?;
            for control in framework_controls(catalog, id, version)? {
                chosen.extend(positions(catalog, |own| own.header.id == control));
            }
        }
        for word in self.controls.iter().chain(&self.more) {
            chosen.extend(named(catalog, word)?);
        }
        for word in &self.exclude {
            for position in named(catalog, word)? {
                chosen.remove(&position);
            }
        }
        Ok(chosen.into_iter().collect())
    }

    /// The version that the chosen frameworks ask for, with `@` or as their own default.
    pub fn kubernetes_version(
        &self,
        catalog: &Catalog,
    ) -> Result<Option<KubernetesVersion>, SelectionError> {
        let mut found: Option<KubernetesVersion> = None;
        for word in &self.frameworks {
            let (id, asked) = split_framework(word)?;
            let own = match catalog.framework(id) {
                Some(framework) => framework?.kubernetes,
                None => None,
            };
            match (found, asked.or(own)) {
                (Some(first), Some(second)) if first != second => {
                    return Err(SelectionError::TwoVersions { first, second });
                }
                (_, version) => found = found.or(version),
            }
        }
        Ok(found)
    }
}

/// A framework as asked for: its id, and the version behind `@`.
pub fn split_framework(word: &str) -> Result<(&str, Option<KubernetesVersion>), SelectionError> {
    let Some((id, version)) = word.split_once('@') else {
        return Ok((word, None));
    };
    match version.parse() {
        Ok(version) => Ok((id, Some(version))),
        Err(_) => Err(SelectionError::Version {
            name: word.to_owned(),
        }),
    }
}

fn framework_controls(
    catalog: &Catalog,
    id: &str,
    version: KubernetesVersion,
) -> Result<Vec<String>, SelectionError> {
    let Some(framework) = catalog.framework(id) else {
        return Err(SelectionError::Framework {
            name: id.to_owned(),
            near: nearest(id, catalog.framework_ids()).map(str::to_owned),
        });
    };
    let requirements = framework?.requirements.into_iter();
    Ok(requirements
        .filter(|item| item.kubernetes.contains(version))
        .flat_map(|item| item.controls)
        .collect())
}

fn positions(catalog: &Catalog, fits: impl Fn(&Control) -> bool) -> Vec<usize> {
    let controls = catalog.controls().iter().enumerate();
    controls
        .filter(|(_, control)| fits(control))
        .map(|(position, _)| position)
        .collect()
}

/// The controls that a word names: one by its id, else all with that alias, else all with that tag.
fn named(catalog: &Catalog, word: &str) -> Result<Vec<usize>, SelectionError> {
    let by_id = positions(catalog, |control| control.header.id == word);
    if !by_id.is_empty() {
        return Ok(by_id);
    }
    let carries = |ids: &Vec<String>| ids.iter().any(|id| id.eq_ignore_ascii_case(word));
    let by_alias = positions(catalog, |control| {
        let (aliases, partial) = (&control.header.aliases, &control.header.partial);
        aliases.values().chain(partial.values()).any(carries)
    });
    if !by_alias.is_empty() {
        return Ok(by_alias);
    }
    let by_tag = positions(catalog, |control| {
        control.header.tags.iter().any(|tag| tag == word)
    });
    if !by_tag.is_empty() {
        return Ok(by_tag);
    }
    let ids = catalog
        .controls()
        .iter()
        .map(|control| control.header.id.as_str());
    Err(SelectionError::Control {
        name: word.to_owned(),
        near: nearest(word, ids).map(str::to_owned),
    })
}
