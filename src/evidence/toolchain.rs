//! The toolchain is a dependency too: the server that it is fetched from is the channel of the workspace itself.
//!
//! rustup asks `static.rust-lang.org` unless `RUSTUP_DIST_SERVER` (toolchains) or `RUSTUP_UPDATE_ROOT` (rustup itself) say otherwise.

use super::channel::operator_claim;
use super::{Claim, EvidenceKind, Subject};

const OFFICIAL: &str = "https://static.rust-lang.org";

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let Some(toolchain) = subject.facts.channel.toolchain.as_ref().filter(|_| subject.package.member) else { return };
    let wanted = toolchain.wanted.as_ref();
    let about = wanted.map_or_else(String::new, |(name, _)| format!(" {name}"));
    let dist = toolchain.dist_server.as_deref().unwrap_or(OFFICIAL);
    let reference = if toolchain.dist_server.is_some() {
        "environment: RUSTUP_DIST_SERVER"
    } else {
        wanted.map_or("rustup's default server", |(_, reference)| reference.as_str())
    };
    let row = subject.data.toolchain_server(dist);
    let statement = format!("the toolchain{about} is fetched from {dist}");
    claims.push(operator_claim(EvidenceKind::ToolchainServer, row, dist, &statement, reference, subject));
    if let Some(root) = toolchain.update_root.as_deref() {
        let row = subject.data.toolchain_server(root);
        let statement = format!("rustup itself is fetched from {root}");
        claims.push(operator_claim(
            EvidenceKind::ToolchainServer,
            row,
            root,
            &statement,
            "environment: RUSTUP_UPDATE_ROOT",
            subject,
        ));
    }
}
