//! Countries, regions and sets of them.
//!
//! Codes are ISO 3166-1 alpha-2 and ISO 3166-2. A code here is well formed; whether it exists is for the table of `data` to say.
//! Nothing in this module guesses: a text that is not a code is an error.

mod code;
mod place;

pub use code::{CountryCode, InvalidCode, Locus, RegionCode};
pub use place::Place;
