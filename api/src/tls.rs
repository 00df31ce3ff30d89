//! TLS: what the server shows, whom it takes certificates from, and new files without an interruption.
//!
//! TLS 1.3 and 1.2 only, by rustls over aws-lc-rs. A connection keeps what it began with; those that come after
//! a reload get what is new. Source: contract.md section 2; RFC 8446; RFC 8705; ADR-0039.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_lc_rs::digest::{Context, SHA256};
use rustls::{
    RootCertStore, ServerConfig, crypto,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier},
    version::{TLS12, TLS13},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::identify::Shown;

/// Where the files lie, all in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate, then those between it and its root.
    pub certificates: PathBuf,
    /// The private key of the first.
    pub key: PathBuf,
    /// The roots of clients' certificates; without it no client is asked for one.
    pub client_roots: Option<PathBuf>,
}

/// Why the files are not taken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file holds nothing of what it should, or something that is not of its form.
    #[error("{file} holds no {what} in PEM")]
    Empty {
        /// Which.
        file: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// Certificate and key are not taken, as when they do not belong together.
    #[error("certificate and key are not taken")]
    Refused(#[source] rustls::Error),
    /// The roots of clients are not taken.
    #[error("the roots of clients' certificates are not taken")]
    Roots(#[source] VerifierBuilderError),
}

/// Whether a reload found anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloaded {
    /// Connections from now on get what is new.
    Changed,
    /// The files are as they were.
    Unchanged,
}

/// What the server shows at present.
pub struct Tls {
    files: TlsFiles,
    present: Mutex<Present>,
}

struct Present {
    config: Arc<ServerConfig>,
    digest: Vec<u8>,
}

/// The files as they were read.
struct Read {
    certificates: Vec<u8>,
    key: Vec<u8>,
    client_roots: Option<Vec<u8>>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// `TlsError`: nothing can be served with them.
    pub fn load(files: TlsFiles) -> Result<Tls, TlsError> {
        let read = Read::of(&files)?;
        let present = Present { config: config(&files, &read)?, digest: read.digest() };
        Ok(Tls { files, present: Mutex::new(present) })
    }

    /// Reads the files again. What is under way goes on with what it began with.
    ///
    /// # Errors
    /// `TlsError`: what was served before is served on.
    pub fn reload(&self) -> Result<Reloaded, TlsError> {
        let read = Read::of(&self.files)?;
        let digest = read.digest();
        if self.present.lock().unwrap_or_else(PoisonError::into_inner).digest == digest {
            return Ok(Reloaded::Unchanged);
        }
        let config = config(&self.files, &read)?;
        *self.present.lock().unwrap_or_else(PoisonError::into_inner) = Present { config, digest };
        Ok(Reloaded::Changed)
    }

    /// Greets a client, within `within`; answers the stream and the certificate that was shown.
    pub(crate) async fn greet(
        &self,
        stream: TcpStream,
        within: Duration,
    ) -> io::Result<(TlsStream<TcpStream>, Option<Shown>)> {
        let config = Arc::clone(&self.present.lock().unwrap_or_else(PoisonError::into_inner).config);
        let greeting = TlsAcceptor::from(config).accept(stream);
        let greeted = tokio::time::timeout(within, greeting).await.map_err(|_| io::ErrorKind::TimedOut)??;
        let certificates = greeted.get_ref().1.peer_certificates();
        let shown = certificates.and_then(|chain| chain.first()).map(|first| Shown::certificate(first));
        Ok((greeted, shown))
    }
}

impl Read {
    fn of(files: &TlsFiles) -> Result<Read, TlsError> {
        let read = |file: &Path| {
            fs::read(file).map_err(|source| TlsError::Unreadable { file: file.to_owned(), source })
        };
        Ok(Read {
            certificates: read(&files.certificates)?,
            key: read(&files.key)?,
            client_roots: files.client_roots.as_deref().map(read).transpose()?,
        })
    }

    /// Tells one set of files from another without keeping the key about.
    fn digest(&self) -> Vec<u8> {
        let mut digest = Context::new(&SHA256);
        let parts = [Some(&self.certificates), Some(&self.key), self.client_roots.as_ref()];
        for part in parts.into_iter().flatten() {
            digest.update(&part.len().to_be_bytes());
            digest.update(part);
        }
        digest.finish().as_ref().to_vec()
    }
}

fn config(files: &TlsFiles, read: &Read) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let chain = certificates(&files.certificates, &read.certificates)?;
    let key = PrivateKeyDer::from_pem_slice(&read.key)
        .map_err(|_| TlsError::Empty { file: files.key.clone(), what: "private key" })?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(TlsError::Refused)?;
    let builder = match (&files.client_roots, &read.client_roots) {
        (Some(file), Some(pem)) => {
            let mut roots = RootCertStore::empty();
            for root in certificates(file, pem)? {
                roots.add(root).map_err(TlsError::Refused)?;
            }
            // A person's browser shows none, and a client that is bound to none need not.
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(TlsError::Roots)?;
            builder.with_client_cert_verifier(verifier)
        }
        (Some(_) | None, _) => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(chain, key).map_err(TlsError::Refused)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    if files.client_roots.is_some() {
        // Each connection proves its certificate anew: none that ran out lives on in a session resumed.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    Ok(Arc::new(config))
}

fn certificates(file: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let empty = || TlsError::Empty { file: file.to_owned(), what: "certificate" };
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) | Err(_) => Err(empty()),
    }
}
