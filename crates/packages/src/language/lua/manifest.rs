//! `manifest` of a tree of rocks: every rock with its versions, and what they need.

use super::table::{self, under};
use crate::list::{self, List};
use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;

pub(super) const READER: Reader = Reader {
    id: "luarocks-manifest",
    version: 1,
    wants: |entry: &Entry<'_>| {
        let folder = entry.path.rsplit('/').nth(1).unwrap_or_default();
        entry.name() == "manifest" && folder.starts_with("rocks")
    },
    read,
};

fn read(file: &File<'_>) -> Result<Told, ReadError> {
    let entries = table::read(&text::lossy(file))?;
    let repository = under(&entries, "repository")
        .ok_or_else(|| ReadError::new("expected a 'repository' of rocks"))?;
    let mut list = List::default();
    for rock in repository.value.entries() {
        for version in rock.value.entries() {
            let Some(mut package) = list::package("luarocks", "", &rock.key, &version.key) else {
                continue;
            };
            package.lines.push((version.line, version.line));
            let at = list.add(format!("{} {}", rock.key, version.key), package);
            list.name(&rock.key, at);
        }
    }
    let needs = under(&entries, "dependencies").map(|entry| entry.value.entries());
    for rock in needs.unwrap_or_default() {
        for version in rock.value.entries() {
            let Some(at) = list.find(&format!("{} {}", rock.key, version.key)) else {
                continue;
            };
            for need in version.value.entries() {
                let name = under(need.value.entries(), "name");
                if let Some(name) = name.and_then(|entry| entry.value.word()) {
                    list.need(at, name);
                }
            }
        }
    }
    Ok(list.told())
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::language::testing::{told, tree};

    #[test]
    fn rocks_have_versions() {
        let text = "commands = {}
dependencies = {
   a = {
      [\"1.0-1\"] = {
         { constraints = {}, name = \"lua\" },
         { constraints = { { op = \">=\", version = { 1, string = \"1\" } } }, name = \"b\" }
      }
   }
}
repository = {
   a = {
      [\"1.0-1\"] = { { arch = \"installed\" } }
   },
   b = { [\"2-1\"] = {} }
}
";
        assert_eq!(
            tree(&told(READER, "lib/luarocks/rocks-5.4/manifest", text)),
            "pkg:luarocks/a@1.0-1 12 -> b@2-1\npkg:luarocks/b@2-1 14\n"
        );
    }
}
