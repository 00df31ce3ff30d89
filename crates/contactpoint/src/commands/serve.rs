//! `serve`: the server. SIGTERM and SIGINT let what is under way finish, and end it with status 0.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context;
use directory::{Ledger, snapshots::IndexFrom};

use crate::{
    clock,
    commands::demo,
    exit::Status,
    logging,
    opening::{Fresh, open},
    serving::{self, Serving},
    settings::{Flags, Place, Settings, set_up_witnesses},
};

/// An index of more children that was built from the rows is kept at once, and not only at an orderly stop: it took
/// seconds to build, and a kill would have them spent again.
const KEPT_AT_ONCE: usize = 100_000;

/// What to serve, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where to answer for figures, apart from everything else
    #[arg(long, value_name = "ADDR")]
    metrics_listen: Option<SocketAddr>,
    /// The server's address as clients know it, which they sign for [default: made of --listen]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Speak TLS with this certificate, and those above it, in PEM; read again on SIGHUP and when it changes
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Ask clients for a certificate under one of these roots, in PEM
    #[arg(long, value_name = "FILE")]
    tls_client_ca: Option<PathBuf>,
    /// A proxy ends TLS: speaking in the clear on more than loopback is meant
    #[arg(long)]
    behind_proxy: bool,
}

impl Serve {
    /// Opens the directory, making it where there is none, and serves it until told to stop.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let flags = Flags {
            listen: self.listen,
            metrics_listen: self.metrics_listen,
            public_url: self.public_url.clone(),
            tls_cert: self.tls_cert.clone(),
            tls_key: self.tls_key.clone(),
            tls_client_ca: self.tls_client_ca.clone(),
            behind_proxy: self.behind_proxy.then_some(true),
        };
        let settings = Settings::read(&self.place, &flags)?;
        logging::start(&settings)?;
        let folders = settings.folders()?;
        demo::refuse_invented(&folders)?;
        let witnesses = set_up_witnesses(&settings.witnesses)?;
        let directory = Arc::new(open(&folders, clock::of(&settings), Fresh::Make)?);
        if matches!(directory.index_from(), IndexFrom::Rows(_)) && directory.index_children() > KEPT_AT_ONCE {
            // Before anybody is served: while it is written nobody can file.
            serving::kept(&directory);
        }
        let ledger = Ledger::open(&folders).context("the ledger cannot be opened")?;
        let ledger =
            Arc::new(ledger.witnessed_by(witnesses.iter().map(|witness| witness.key.clone()).collect()));
        let listener = TcpListener::bind(settings.listen)
            .with_context(|| format!("{} cannot be listened on", settings.listen))?;
        serving::serve(Serving { directory, ledger, witnesses, listener, settings, training: false })
    }
}
