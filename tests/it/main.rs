//! The tests that look at the program as a whole: its layers, its tables, its data.

mod architecture;
mod completeness;
mod data;
mod formats;
mod programmes;
mod support;
mod truths;
