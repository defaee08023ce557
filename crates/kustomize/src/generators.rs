//! The generators of a kustomization: config maps, secrets, charts, and builtins by their configuration.

use crate::ChartRequest;
use crate::build::{Accumulated, Build, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::generator::{Made, generate};
use crate::metadata;

impl Build<'_> {
    pub(crate) fn generate(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let kustomization = &target.kustomization;
        let options = kustomization.get("generatorOptions");
        for (key, made) in [
            ("configMapGenerator", Made::ConfigMap),
            ("secretGenerator", Made::Secret),
        ] {
            for entry in kustomization.items(&[key]) {
                let made = generate(made, &entry, options, &mut self.files(target));
                let mut made = made.map_err(|error| self.placed(error, entry.at))?;
                if self.tracks_origins {
                    let kind = format!("{}Generator", made.kind());
                    made.origin = Some(target.origin.builtin(&kustomization.file, &kind));
                }
                let absorbed = all.resources.absorb(made);
                absorbed.map_err(|error| self.placed(error, entry.at))?;
            }
        }
        self.charts(target, all)?;
        for config in self.configs(target, "generators")? {
            let origin = metadata::origin_of_plugin(&config);
            for mut made in self.run_generator(target, &config)? {
                if self.tracks_origins && made.origin.is_none() {
                    made.origin.clone_from(&origin);
                }
                let absorbed = all.resources.absorb(made);
                absorbed.map_err(|error| self.placed(error, config.node.at))?;
            }
        }
        Ok(())
    }

    fn charts(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let kustomization = &target.kustomization;
        for mut entry in kustomization.items(&["helmCharts", "helmChartInflationGenerator"]) {
            let at = entry.at;
            let name = entry.text_at(&["name"]).unwrap_or_default().to_owned();
            let Some(charts) = self.options.charts else {
                let message = format!("chart '{name}' cannot be rendered here");
                return Err(self.placed(ErrorKind::Unsupported(message).into(), at));
            };
            if let Some(globals) = kustomization.get("helmGlobals") {
                entry.set("helmGlobals", globals.clone());
            }
            let given = [
                entry.text_at(&["namespace"]).unwrap_or_default(),
                kustomization.text("namespace"),
                &target.namespace,
            ];
            let namespace = given.into_iter().find(|it| !it.is_empty());
            let request = ChartRequest {
                root: target.loader.root().to_owned(),
                config: self.document_of(&entry)?,
                namespace: namespace.unwrap_or_default().to_owned(),
            };
            let rendered = charts.render(&request).map_err(|error| {
                let message = format!("chart '{name}': {}", error.message);
                let place = error.place;
                let kind = ErrorKind::Chart(message);
                self.placed(Error { kind, place }, at)
            })?;
            let made = self.imported(&rendered);
            for mut made in made.map_err(|error| self.placed(error, at))? {
                made.bases.push(at);
                let absorbed = all.resources.absorb(made);
                absorbed.map_err(|error| self.placed(error, at))?;
            }
        }
        Ok(())
    }
}
