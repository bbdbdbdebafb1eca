//! The tests that look at the program as a whole: its layers, its tables, its data.

mod architecture;
mod completeness;
mod data;
mod formats;
mod programmes;
#[expect(
    dead_code,
    clippy::format_push_string,
    clippy::duration_suboptimal_units,
    clippy::needless_borrows_for_generic_args,
    reason = "helpers build small texts once a test, and not every input has its tests yet"
)]
mod support;
mod truths;
