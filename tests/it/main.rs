//! The tests that look at the program as a whole: its layers, its tables, its data.

mod architecture;
mod check_formats;
mod cli;
mod compare;
mod completeness;
mod concentration;
mod contribution;
mod cut;
mod data;
mod diff;
mod examples;
mod explain;
mod formats;
mod gate;
mod history;
mod history_hostile;
mod hostile;
mod init;
mod load;
mod policy;
mod programmes;
mod remedy;
mod simulate;
mod support;
mod trend;
mod truths;
