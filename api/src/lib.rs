//! The door: routes, identification, problems. No rule lives here.
//!
//! Read in this order: [`router`] (every route, in one flat table), `http/events.rs` (how one event flows),
//! `http/accesses.rs` (how a record is opened), [`wire`] (what is read from bodies), [`problem`] (how a no is
//! told), `identify.rs` (who asks), [`mod@openapi`] (what is promised to others' software).

mod answer;
mod around;
mod csv;
mod door;
mod feeds;
mod http;
mod identify;
mod limits;
mod metrics;
pub mod openapi;
mod pages;
pub mod problem;
mod providers;
pub mod router;
mod serve;
mod settings;
mod tls;
mod web_address;
pub mod wire;
mod witnesses;

pub use door::Door;
pub use openapi::openapi;
pub use providers::{
    CallFault, ClientCredential, CredentialFault, Provider, ProviderSettings, ProviderSetupError, RootsFault,
};
pub use serve::{serve, serve_figures, serve_over};
pub use settings::Settings;
pub use tls::{Reloaded, Tls, TlsError, TlsFiles};
pub use web_address::{NoWebAddress, WebAddress};
pub use witnesses::{Judge, WitnessAnswer, WitnessCaller, WitnessSetupError, serve_witness};
