//! Argo CD's `ApplicationSet`: applications out of a template and generators.

use std::sync::Arc;

use document::{Builder, Document, Keys, Kind, LimitExceeded, NodeRef, Source, Written};
use gotemplate::Map;

use super::generator::{Generators, MOST, Trouble, fill};
use super::node::{at, is, items, text, texts};
use super::params::Templater;
use super::{Found, Scene, application};

/// What the applications of a set deploy.
pub(super) fn read(object: NodeRef<'_>, name: &str, scene: &Scene<'_>, found: &mut Found) {
    let Some(template) = at(object, &["spec", "template"]) else {
        found.wrong(object, format!("{name} has no template"));
        return;
    };
    let templater = if is(object, &["spec", "goTemplate"]) {
        Templater::go(&texts(object, &["spec", "goTemplateOptions"]), scene.seed)
    } else {
        Templater::Plain
    };
    let generators = Generators {
        scene,
        templater: &templater,
    };
    let mut count = 0;
    for generator in items(object, &["spec", "generators"]) {
        let params = match generators.params(generator, 0) {
            Ok(params) => params,
            Err(Trouble::Elsewhere(what)) => {
                found.elsewhere(generator, &format!("{name} deploys {what}"));
                continue;
            }
            Err(Trouble::Wrong(why)) => {
                found.wrong(generator, format!("{name}: {why}"));
                continue;
            }
        };
        count += params.len();
        if count > MOST {
            let message = format!("{name} makes more than {MOST} applications");
            found.wrong(generator, message);
            return;
        }
        for params in &params {
            let made = application(object, template, &templater, params, scene);
            let made = made.map(|document| {
                let root = document.root(0);
                root.map(|root| {
                    let name = format!("Application {}", text(root, &["metadata", "name"]));
                    application::read(root, &name, scene, found);
                })
            });
            if let Err(Trouble::Wrong(why) | Trouble::Elsewhere(why)) = made {
                found.wrong(template, format!("{name}: {why}"));
                break;
            }
        }
    }
}

/// One application.
fn application(
    object: NodeRef<'_>,
    template: NodeRef<'_>,
    templater: &Templater,
    params: &Map,
    scene: &Scene<'_>,
) -> Result<Document, Trouble> {
    let limits = scene.limits;
    let filled = fill(template, templater, params, limits)?;
    let Some(patch) = at(object, &["spec", "templatePatch"]) else {
        return Ok(filled);
    };
    let written = templater.text(patch.as_str().unwrap_or_default(), params);
    let written = written.map_err(|why| Trouble::Wrong(format!("templatePatch: {why}")))?;
    let keys = Arc::new(Keys::new([]));
    let mut parsed = document::parse_yaml(Source::new("", written), &keys, limits);
    if let Some(error) = parsed.errors.first() {
        return Err(Trouble::Wrong(format!("templatePatch is no YAML: {error}")));
    }
    let place = patch.place();
    let mut source = None;
    parsed.document.relocate(|relocation, _, _| Written {
        source: *source.get_or_insert_with(|| relocation.source(place.source)),
        span: place.span.clone(),
        cause: None,
    });
    let mut builder = Builder::new(&keys, limits);
    if let (Some(base), Some(patch)) = (filled.root(0), parsed.document.root(0)) {
        let done = merge(&mut builder, base, patch);
        done.map_err(|limit| Trouble::Wrong(limit.to_string()))?;
    }
    Ok(builder.finish())
}

/// Adds a node with a patch on top: mappings are joined, all else is replaced.
fn merge(
    builder: &mut Builder,
    base: NodeRef<'_>,
    patch: NodeRef<'_>,
) -> Result<(), LimitExceeded> {
    if base.kind() != Kind::Mapping || patch.kind() != Kind::Mapping {
        return builder.copy(patch);
    }
    let origin = builder.copy_origin(base.document(), base.origin());
    builder.begin_mapping(origin)?;
    for entry in base.entries() {
        let key = builder.copy_origin(base.document(), entry.key_origin);
        match patch.get_str(entry.name()) {
            Some(new) if new.kind() == Kind::Null => {}
            Some(new) => {
                builder.key(entry.name(), key);
                merge(builder, entry.value, new)?;
            }
            None => {
                builder.key(entry.name(), key);
                builder.copy(entry.value)?;
            }
        }
    }
    for entry in patch.entries() {
        if base.get_str(entry.name()).is_none() {
            let key = builder.copy_origin(patch.document(), entry.key_origin);
            builder.key(entry.name(), key);
            builder.copy(entry.value)?;
        }
    }
    builder.end(None);
    Ok(())
}
