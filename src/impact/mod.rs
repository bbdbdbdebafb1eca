//! What follows if something goes: what would be lost, what to replace, and on whom much hangs.
//!
//! - `chance`: what is taken away, and how likely each package goes with it by itself.
//! - `loss`: what else is lost, and which members no longer build.
//! - `concentration`: how sure the shares of countries are.
//! - `draw`: expected losses and intervals, by drawing from what is known.
//! - `target`: the packages that are to go, as the user describes them.
//! - `cut`: the smallest set of packages, or of features, without which they are not reached, as a plan.
//! - `single`: packages, parties and countries on which much hangs, and capabilities that hang on one country.
//!
//! The module says what the graph and the answers give. Nothing here says that something will happen, or what should be done. Losing a package
//! means that it cannot be had or used any more; what needs it can then not be built as it is.

mod chance;
mod concentration;
mod cut;
mod draw;
mod loss;
mod single;
mod target;

pub use chance::{Chance, Chances, PartyTarget, Subject, Without, chances};
pub use concentration::{Asked, Places, Range, SetShare, Spreading, WEIGHTINGS, spreading};
pub use cut::{Costs, Plan, Step, plan};
pub use draw::{Draws, Spread, draw};
pub use loss::{Loss, loss};
pub use single::{Capable, CountryPoint, Located, Lost, PackagePoint, PartyPoint, Points, Provider, Weight, points};
pub use target::{Target, Targets, Wanted, targets};

#[cfg(test)]
mod tests;
