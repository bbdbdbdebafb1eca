//! Names of organisations against lists of names: exact, strong or weak.
