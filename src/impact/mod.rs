//! What would be lost, and what that hangs on.
//!
//! - `chance`: what is taken away, and how likely each package goes with it by itself.
//! - `loss`: what else is lost, and which members no longer build.
//! - `concentration`: how sure the shares of countries are.
//! - `draw`: expected losses and intervals, by drawing from what is known.
//!
//! Nothing here says that something will happen. Losing a package means that it cannot be had or used any more; what needs it can then not be
//! built as it is.

mod chance;
mod concentration;
mod draw;
mod loss;

pub use chance::{Chance, Chances, PartyTarget, Subject, Without, chances};
pub use concentration::{Asked, Places, Range, SetShare, Spreading, WEIGHTINGS, spreading};
pub use draw::{Draws, Spread, draw};
pub use loss::{Loss, loss};
