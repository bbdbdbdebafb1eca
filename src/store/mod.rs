//! What was fetched, kept between runs: one file of SQLite.
