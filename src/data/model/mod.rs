//! The rows of `data/`, as types.
//!
//! Each row type is generic over its string: `String` when the readable sources are parsed, `&'static str` when the compiled form is
//! borrowed in place. `data/README.md` describes the keys; this folder is what enforces them.

mod basic;
mod bloc;
mod capability;
mod infra;
mod listing;
mod native;
mod observation;
mod programme;
mod vendor;
mod zone;

pub use basic::{Confidence, Country, LegalForm, Region};
pub use bloc::{Bloc, BlocMembers};
pub use capability::Capability;
pub use infra::{Forge, ForgeKind, GenericTld, Mail, MailKind, Network, Registry, RegistryKind, TldTreatment, Weight};
pub use listing::Listing;
pub use native::{Bundled, StewardKind, Upstream};
pub use observation::{Observation, Seasons, Share, Slice, VERSION as OBSERVATION_VERSION};
pub use programme::{Authority, Effect, Ownership, OwnershipPhase, Phase, Programme, Verification};
pub use vendor::{Absent, Designation, ParentShare, Seat, Vendor, VendorKind};
pub use zone::{Band, Clock, Home, InvalidBand, Zones, offset_text};
