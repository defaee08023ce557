//! Pictures as those who look at them get them: the SVG is parsed, and everything in it has its place.

mod graphs;
mod hostile;
mod picture;
mod placement;
mod samples;
mod summary;
mod writers;
