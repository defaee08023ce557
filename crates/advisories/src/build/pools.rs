//! What rows point into: texts and keys, each once, and frames of compressed details.

use std::collections::HashMap;

use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::BuildError;

/// How much text one frame holds: enough to compress well, little enough to read for one hit.
const FRAME_TEXT: usize = 64 << 10;
/// Above this the builder takes much longer for few per cent.
const LEVEL: i32 = 9;

/// Bytes, each sequence of them once.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) bytes: Vec<u8>,
    known: HashMap<Box<[u8]>, u32>,
}

/// Where a sequence lies in its pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    offset: u32,
    length: u32,
}

impl Pool {
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<Slice, BuildError> {
        let length = size(bytes.len())?;
        if length == 0 {
            return Ok(Slice { offset: 0, length });
        }
        if let Some(&offset) = self.known.get(bytes) {
            return Ok(Slice { offset, length });
        }
        let offset = size(self.bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        self.known.insert(bytes.into(), offset);
        Ok(Slice { offset, length })
    }
}

/// Rows of numbers.
#[derive(Default)]
pub(super) struct Rows(pub(super) Vec<u8>);

impl Rows {
    pub(super) fn number(&mut self, number: u32) -> &mut Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    pub(super) fn slice(&mut self, slice: Slice) -> &mut Self {
        self.number(slice.offset).number(slice.length)
    }

    pub(super) fn count(&self, width: usize) -> Result<u32, BuildError> {
        size(self.0.len() / width)
    }
}

pub(super) fn size(length: usize) -> Result<u32, BuildError> {
    u32::try_from(length).map_err(|_| BuildError::TooLarge)
}

/// Details in frames: where each lies, the rows of the frames, and their bytes.
pub(super) struct Frames {
    /// Frame, offset in its text, and length, for each detail.
    pub(super) places: Vec<[u32; 3]>,
    pub(super) rows: Rows,
    pub(super) bytes: Vec<u8>,
}

impl Frames {
    pub(super) fn new(details: &[Vec<u8>]) -> Result<Self, BuildError> {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut places = Vec::with_capacity(details.len());
        for detail in details {
            if texts.last().is_none_or(|text| text.len() >= FRAME_TEXT) {
                texts.push(Vec::with_capacity(FRAME_TEXT * 2));
            }
            let frame = texts.len() - 1;
            places.push([size(frame)?, size(texts[frame].len())?, size(detail.len())?]);
            texts[frame].extend_from_slice(detail);
        }
        let frames: Vec<Vec<u8>> = texts
            .par_iter()
            .map(|text| zstd::bulk::compress(text, LEVEL))
            .collect::<Result<_, _>>()
            .map_err(BuildError::Compress)?;
        let (mut rows, mut bytes) = (Rows::default(), Vec::new());
        for (frame, text) in frames.iter().zip(&texts) {
            rows.number(size(bytes.len())?)
                .number(size(frame.len())?)
                .number(size(text.len())?);
            bytes.extend_from_slice(frame);
        }
        Ok(Self {
            places,
            rows,
            bytes,
        })
    }
}
