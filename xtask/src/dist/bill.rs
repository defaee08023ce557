//! The program's own bill of materials, in `CycloneDX` 1.6 (<https://cyclonedx.org/docs/1.6/json/>).

use serde_json::{Value, json};

use super::archive::VERSION;
use super::dependencies::{Dependencies, Package};

/// The bill of what is linked into the program for a target.
pub(crate) fn of(dependencies: &Dependencies) -> Value {
    let program = &dependencies.program;
    let rest = dependencies
        .packages
        .iter()
        .filter(|(id, _)| *id != program);
    let uses = dependencies.packages.iter().map(|(id, package)| {
        let refs: Vec<String> = package
            .uses
            .iter()
            .map(|used| reference(dependencies, used))
            .collect();
        json!({"ref": reference(dependencies, id), "dependsOn": refs})
    });
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference(dependencies, program),
                "name": "seawall",
                "version": VERSION,
                "licenses": [{"expression": "Apache-2.0"}],
            },
        },
        "components": rest.map(|(_, package)| component(package)).collect::<Vec<_>>(),
        "dependencies": uses.collect::<Vec<_>>(),
    })
}

fn reference(dependencies: &Dependencies, id: &str) -> String {
    dependencies
        .packages
        .get(id)
        .map_or_else(|| id.to_owned(), Package::purl)
}

fn component(package: &Package) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": package.purl(),
        "name": package.name,
        "version": package.version,
        "purl": package.purl(),
    });
    if package.is_ours() {
        // Not published: the package URL would name somebody else's crate.
        component
            .as_object_mut()
            .map(|fields| fields.shift_remove("purl"));
    }
    if let Some(licence) = &package.licence {
        // Older crates write `MIT/Apache-2.0`, which is not an SPDX expression.
        let expression = licence.replace('/', " OR ");
        component["licenses"] = json!([{"expression": expression}]);
    }
    if let Some(sum) = &package.checksum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    if let Some(url) = &package.repository {
        component["externalReferences"] = json!([{"type": "vcs", "url": url}]);
    }
    component
}
