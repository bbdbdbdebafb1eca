//! From a history to where the work was done.
//!
//! - `parameters`: every number of the model, with its reason.
//! - `clocks`: which clocks exist, who lives by them, what they showed in a week.
//! - `domains`: what a mail domain says about a country.
//! - `author`: the weeks and domains of one author to a distribution over clocks and countries, for every time apart.
//! - `observe`: all authors of a history to an observation record, in which nobody can be told apart any more.
//! - `work`: a record to the answer on a day.
//!
//! A commit says what its author's clock showed. That separates bands of the world well and countries of one band not at all, so within
//! a band the answer is as many developers as each country has, unless mail domains say more. An offset of zero mostly means that
//! no clock was asked (a merge on a website, a build machine, somebody who hides it) and counts as unknown, except where the author's other
//! weeks show a place that lives by it. Names of people are not looked at; they do not even get here.
//!
//! How well this works is measured by `examples/calibrate.rs`.

mod author;
mod clocks;
mod domains;
mod observe;
mod parameters;
mod work;

pub use author::{Whereabouts, locate};
pub use clocks::Clocks;
pub use observe::{Subject, observe};
pub use parameters::Parameters;
pub use work::{HALF_LIFE_YEARS, Work, work};
