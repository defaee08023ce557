//! The order of the items in every column, with the items of a frame side by side and between its top and bottom.
//!
//! Frames with the same parent have one order, the same in all columns, so that they can be drawn as rectangles.

use crate::place::item::{Items, What};

/// What stands in a list: an item, or a frame with a list of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Entry {
    Item(usize),
    Frame(usize),
}

/// One column: the list outside of all frames, and that of each frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    /// The first is that outside of all frames.
    pub(super) lists: Vec<Vec<Entry>>,
}

/// All columns, and where each item stands in its own.
#[derive(Clone, Debug)]
pub(super) struct Nest {
    pub(super) columns: Vec<Column>,
    /// The same, flat: items from top to bottom.
    pub(super) flat: Vec<Vec<usize>>,
    pub(super) place: Vec<usize>,
    /// By frame, its number among all frames: whoever has the smaller one is above.
    pub(super) rank: Vec<usize>,
}

/// The list of what is directly in a frame.
pub(super) fn list_of(frame: Option<usize>) -> usize {
    frame.map_or(0, |frame| frame + 1)
}

impl Nest {
    /// Orders the items by a number of each; the frames by the least number in them.
    pub(super) fn new(items: &Items, number: &[usize]) -> Self {
        let frames = items.spans.len();
        let mut least = vec![usize::MAX; frames];
        for (item, &number) in items.list.iter().zip(number) {
            if !item.is_border() {
                for frame in items.frames(item.frame) {
                    least[frame] = least[frame].min(number);
                }
            }
        }
        let mut by_number: Vec<usize> = (0..frames).collect();
        by_number.sort_by_key(|&frame| (least[frame], frame));
        let mut rank = vec![0; frames];
        for (place, &frame) in by_number.iter().enumerate() {
            rank[frame] = place;
        }
        let mut nest = Nest {
            columns: vec![
                Column {
                    lists: vec![Vec::new(); frames + 1],
                };
                items.columns
            ],
            flat: vec![Vec::new(); items.columns],
            place: vec![0; items.list.len()],
            rank,
        };
        for (index, item) in items.list.iter().enumerate() {
            let entry = match item.what {
                What::Top(frame) => Entry::Frame(frame),
                What::Bottom(_) => continue,
                _ => Entry::Item(index),
            };
            nest.columns[item.column].lists[list_of(item.frame)].push(entry);
        }
        for column in 0..items.columns {
            for list in &mut nest.columns[column].lists {
                list.sort_by_key(|entry| match *entry {
                    Entry::Item(item) => number[item],
                    Entry::Frame(frame) => least[frame],
                });
            }
            nest.sort_frames(column);
            nest.flatten(column, items);
        }
        nest
    }

    /// Puts the frames of every list of a column into their order, in the places where frames are.
    fn sort_frames(&mut self, column: usize) {
        let rank = &self.rank;
        for list in &mut self.columns[column].lists {
            let mut frames: Vec<usize> = list.iter().filter_map(frame_of).collect();
            frames.sort_by_key(|&frame| rank[frame]);
            let places = list.iter_mut().filter(|entry| frame_of(entry).is_some());
            for (entry, frame) in places.zip(frames) {
                *entry = Entry::Frame(frame);
            }
        }
    }

    /// Changes the order of the frames everywhere.
    pub(super) fn set_rank(&mut self, rank: Vec<usize>, items: &Items) {
        self.rank = rank;
        for column in 0..self.columns.len() {
            self.sort_frames(column);
            self.flatten(column, items);
        }
    }

    /// Brings the flat order of a column up to date with its lists.
    pub(super) fn flatten(&mut self, column: usize, items: &Items) {
        let mut flat = std::mem::take(&mut self.flat[column]);
        flat.clear();
        let lists = &self.columns[column].lists;
        let mut open = vec![(0, 0)];
        while let Some((list, next)) = open.pop() {
            let Some(&entry) = lists[list].get(next) else {
                if list > 0 {
                    flat.push(items.border(list - 1, column, false));
                }
                continue;
            };
            open.push((list, next + 1));
            match entry {
                Entry::Item(item) => flat.push(item),
                Entry::Frame(frame) => {
                    flat.push(items.border(frame, column, true));
                    open.push((list_of(Some(frame)), 0));
                }
            }
        }
        for (place, &item) in flat.iter().enumerate() {
            self.place[item] = place;
        }
        self.flat[column] = flat;
    }

    /// The items of an entry: a piece of the flat order.
    pub(super) fn extent(&self, entry: Entry, column: usize, items: &Items) -> (usize, usize) {
        match entry {
            Entry::Item(item) => (self.place[item], self.place[item] + 1),
            Entry::Frame(frame) => {
                let [top, bottom] = [true, false].map(|is_top| items.border(frame, column, is_top));
                (self.place[top], self.place[bottom] + 1)
            }
        }
    }
}

pub(super) fn frame_of(entry: &Entry) -> Option<usize> {
    match *entry {
        Entry::Frame(frame) => Some(frame),
        Entry::Item(_) => None,
    }
}
