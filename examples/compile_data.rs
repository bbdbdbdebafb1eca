//! Compiles `data/` into the packed tables that the program embeds: `cargo run --example compile_data`.
//!
//! The step is reproducible. `--check` compares instead of writing and fails where they differ.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool that talks to whoever runs it")]
#![expect(
    clippy::disallowed_methods,
    reason = "the packed file is compared with its sources by a test, so a torn write is seen"
)]

use std::error::Error;
use std::path::Path;

use cargo_origin::data::compile;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let tables = match compile::tables(&folder) {
        Ok(tables) => tables,
        Err(error) => {
            eprintln!("{error}");
            return Err("data/ was not compiled".into());
        }
    };
    let files = [
        ("compiled/tables.postcard", compile::pack(&tables)?),
        ("compiled/zones.postcard", compile::pack_zones(&compile::zones(&folder)?)?),
        ("compiled/capabilities.postcard", compile::pack_capabilities(&compile::capabilities(&folder)?)?),
        ("compiled/observations.postcard", compile::pack_observations(&compile::observations(&folder)?)?),
    ];
    let check = std::env::args().any(|argument| argument == "--check");
    std::fs::create_dir_all(folder.join("compiled"))?;
    for (name, packed) in &files {
        let path = folder.join(name);
        if !check {
            std::fs::write(&path, packed)?;
            println!("{name}: {} bytes", packed.len());
        } else if std::fs::read(&path)? != *packed {
            return Err(
                format!("data/{name} is not what data/ compiles to; run `cargo run --example compile_data`").into()
            );
        }
    }
    Ok(())
}
