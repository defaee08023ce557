//! Templates that are looked through before they are parsed, by the thread that reads them ahead.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use document::Source;
use gotemplate::Outlined;

use super::File;
use crate::folder::Folder;
use crate::functions;
use crate::options::Options;

/// The templates that were looked through, by their paths.
#[derive(Default)]
pub(crate) struct Outlines(Arc<Mutex<Known>>);

type Known = HashMap<String, Outlined<Source>>;

/// Whoever panics leaves the table whole.
fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outlines {
    /// Has the templates among some files read by whoever can, and looks through them there.
    pub(super) fn begin(&self, folder: &dyn Folder, files: &[File]) {
        let templates = files
            .iter()
            .filter(|file| file.name.contains("templates/"))
            .map(|file| file.path.to_string());
        let known = Arc::clone(&self.0);
        let show = move |path: &str, text: &Arc<Source>| {
            // Functions belong to one thread. To list them costs less than to look through the shortest template.
            let functions = functions::all(&Options::default());
            let outlined = Outlined::new(Arc::clone(text), &functions);
            lock(&known).insert(path.to_owned(), outlined);
        };
        folder.read_ahead(templates.collect(), Box::new(show));
    }

    /// What is known of a file by its text.
    pub(crate) fn take(&self, path: &Rc<str>, text: &Arc<Source>) -> Option<Outlined<Source>> {
        let outlined = lock(&self.0).remove(&**path)?;
        Arc::ptr_eq(outlined.text(), text).then_some(outlined)
    }
}
