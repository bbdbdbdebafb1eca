//! The tests that look at the program as a whole: its layers, its tables, its data.

mod architecture;
mod completeness;
mod data;
mod formats;
mod programmes;
#[expect(dead_code, reason = "helpers build small texts once a test, and not every input has its tests yet")]
mod support;
mod truths;
