//! The program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_origin::main(std::env::args_os())
}
