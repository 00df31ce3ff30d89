//! The door with a directory behind it: every call, by requests and answers alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod administering;
mod authenticator;
mod browsing;
mod ceilings;
mod corrections;
mod credentials;
mod declaring;
mod events;
mod every_call;
mod evidence;
mod feed;
mod following;
mod forms;
mod gate;
mod hands;
mod hostile_providers;
mod house;
mod identity;
mod in_chromium;
mod inbox;
mod invented_provider;
mod keeping;
mod late_forms;
mod looks;
mod machines;
mod mediating;
mod notices;
mod pages;
mod pages_admin;
mod pages_cases;
mod pages_managers;
mod pages_team;
mod passkeys;
mod providers;
mod queue;
mod real_provider;
mod report_samples;
mod reviewing;
mod rights;
mod scoping;
mod scripts;
mod searching;
mod signing;
mod vendor;
