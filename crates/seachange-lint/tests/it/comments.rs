//! Comments that allow something.
