//! JSON, for programs. Strings are quoted by `serde_json`; control characters leave it escaped, whatever a crate is called.

use std::io::{self, Write};

use serde::Serialize;

pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}
