//! Countries, regions and sets of them.
//!
//! Codes are ISO 3166-1 alpha-2 and ISO 3166-2. A code here is well formed; whether it exists is for the table of `data` to say.
//! A text that is not a code is an error; only [`place`] reads free text, and says how sure it is.

mod claimed;
mod code;
pub mod place;

pub use claimed::Place;
pub use code::{CountryCode, InvalidCode, Locus, RegionCode};
