//! Files that another thread reads before they are asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use helm::ShowText;

use crate::file::{Text, lock};

/// Files below which a thread of their own takes longer than it spares.
const WORTH_A_THREAD: usize = 16;

/// Bytes that are read ahead at most. A chart may have more; its limits count what is asked for.
const MOST_BYTES: usize = 16 << 20;

/// What another thread reads. Who asks for a file that is not read yet reads it: nobody waits for the other thread.
#[derive(Default)]
pub(crate) struct Ahead(Arc<Mutex<HashMap<String, Slot>>>);

enum Slot {
    /// Nobody has asked for it, and it is not read yet.
    Waiting,
    Read(Text),
}

impl Ahead {
    /// Has files read, and each shown by its path and text.
    pub(crate) fn read(
        &self,
        paths: Vec<String>,
        read: impl Fn(&str) -> Text + Send + 'static,
        show: ShowText,
    ) {
        if paths.len() < WORTH_A_THREAD || worker::processors() == 1 {
            return;
        }
        lock(&self.0).extend(paths.iter().map(|path| (path.clone(), Slot::Waiting)));
        let slots = Arc::clone(&self.0);
        let work = move || {
            let mut sum = 0;
            for path in paths {
                if !lock(&slots).contains_key(&path) {
                    continue;
                }
                let text = read(&path);
                sum += text.as_ref().map_or(0, |source| source.text().len());
                if sum > MOST_BYTES {
                    return;
                }
                match lock(&slots).get_mut(&path) {
                    Some(slot) => *slot = Slot::Read(text.clone()),
                    None => continue,
                }
                if let Ok(source) = text {
                    show(&path, &source);
                }
            }
        };
        if worker::spawn(work).is_err() {
            // Without another thread each is read when it is asked for.
            lock(&self.0).clear();
        }
    }

    /// What came of a file; `None` if it is to be read now.
    pub(crate) fn take(&self, path: &str) -> Option<Text> {
        match lock(&self.0).remove(path)? {
            Slot::Waiting => None,
            Slot::Read(text) => Some(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use document::Source;

    use super::*;

    /// Texts of a size under their paths, which the channel tells of.
    fn texts(
        size: usize,
    ) -> (
        impl Fn(&str) -> Text + Send + 'static,
        mpsc::Receiver<String>,
    ) {
        let (tell, told) = mpsc::channel();
        let read = move |path: &str| {
            let _ = tell.send(path.to_owned());
            Ok(Source::new(path, path.repeat(size / path.len())))
        };
        (read, told)
    }

    fn paths(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("{number:04}")).collect()
    }

    #[test]
    fn what_is_given_is_what_was_shown_and_each_is_given_once() {
        let ahead = Ahead::default();
        let (read, _told) = texts(100);
        let (tell, shown) = mpsc::channel();
        let show = move |path: &str, text: &Arc<Source>| {
            let _ = tell.send((path.to_owned(), Arc::clone(text)));
        };
        ahead.read(paths(500), read, Box::new(show));
        let mut given: HashMap<String, Arc<Source>> = HashMap::new();
        for path in paths(500) {
            if let Some(text) = ahead.take(&path) {
                given.insert(path.clone(), text.expect("a text"));
            }
            assert!(ahead.take(&path).is_none(), "{path} is given twice");
        }
        // The thread ends, and with it the channel.
        let shown: HashMap<String, Arc<Source>> = shown.iter().collect();
        assert_eq!(given.len(), shown.len());
        for path in paths(500) {
            let same = match (given.get(&path), shown.get(&path)) {
                (Some(text), Some(shown)) => Arc::ptr_eq(text, shown) && text.name() == path,
                (text, shown) => text.is_none() && shown.is_none(),
            };
            assert!(same, "{path}");
        }
    }

    #[test]
    fn not_all_of_a_huge_chart_is_read() {
        let ahead = Ahead::default();
        let (read, told) = texts(MOST_BYTES / 4);
        ahead.read(paths(100), read, Box::new(|_, _| {}));
        let read = told.iter().count();
        assert!(read <= 5, "{read} files of a quarter of the limit each");
    }

    #[test]
    fn a_few_files_are_not_worth_a_thread() {
        let ahead = Ahead::default();
        let (read, told) = texts(100);
        ahead.read(paths(WORTH_A_THREAD - 1), read, Box::new(|_, _| {}));
        assert_eq!(told.iter().count(), 0);
    }
}
