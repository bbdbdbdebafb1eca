//! What follows if something goes: what to replace, and what would be lost.
//!
//! - `target`: the packages that are to go, as the user describes them.
//! - `cut`: the smallest set of packages, or of features, without which they are not reached, as a plan.
//! - `single`: packages, parties and countries on which much hangs, and capabilities that hang on one country.
//!
//! The module says what the graph and the answers give. What should be done is not for it to say.

mod cut;
mod single;
mod target;

pub use cut::{Costs, Plan, Step, plan};
pub use single::{Capable, CountryPoint, Located, Lost, PackagePoint, PartyPoint, Points, Provider, Weight, points};
pub use target::{Target, Targets, Wanted, targets};
