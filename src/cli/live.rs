//! The arguments about what was fetched and kept.

use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

use crate::command::StoreDo;

/// Where the store is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Store")]
pub(super) struct StoreFileArgs {
    /// The file that `sync` fills and reports read (by default in the cache folder of the platform; also `CARGO_ORIGIN_STORE`)
    #[arg(long, value_name = "FILE", conflicts_with = "no_store", global = true, id = "store-file")]
    pub(super) store: Option<Utf8PathBuf>,
    /// Answer from the embedded data alone, without what was fetched
    #[arg(long, global = true)]
    pub(super) no_store: bool,
}

/// What to do with the store.
#[derive(Debug, Args)]
pub(super) struct StoreArgs {
    #[command(subcommand)]
    wanted: StoreCommand,
}

/// What can be done with the store.
#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// Show what is in it: facts by kind and source, gaps, lists
    Stats,
    /// Write all of it to one file, which `import` reads elsewhere
    Export {
        /// The file
        #[arg(value_name = "FILE", id = "export-file")]
        file: Utf8PathBuf,
    },
    /// Take in a file that `export` wrote: what was fetched later wins
    Import {
        /// The file
        #[arg(value_name = "FILE", id = "import-file")]
        file: Utf8PathBuf,
    },
    /// Delete everything about an account, so that no byte of it is left in the file
    Forget {
        /// `host/login`, as in `github.com/example`, or `login` for every host
        #[arg(value_name = "ACCOUNT", id = "account")]
        account: String,
    },
    /// Delete what was last fetched long ago; lists stay
    Prune {
        /// How many days ago, at the least
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=36_500))]
        older_than: u32,
    },
}

impl StoreArgs {
    /// What the command is to do.
    pub(super) fn wanted(&self) -> StoreDo {
        match &self.wanted {
            StoreCommand::Stats => StoreDo::Stats,
            StoreCommand::Export { file } => StoreDo::Export(file.clone()),
            StoreCommand::Import { file } => StoreDo::Import(file.clone()),
            StoreCommand::Forget { account } => StoreDo::Forget(account.clone()),
            StoreCommand::Prune { older_than } => StoreDo::Prune { days: *older_than },
        }
    }
}
