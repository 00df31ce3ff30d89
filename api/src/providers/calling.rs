//! One call to a provider or a witness: a connection of its own, a bounded answer, and no other address than the one asked.
//!
//! Whom the machine trusts says whether a provider's certificate is good, since an authority's own provider often
//! stands behind an authority's own root (ADR-0044). Redirects are answers like any other: none is followed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::Bytes,
    http::{HeaderValue, Method, Request, StatusCode, Uri, header, uri::Scheme},
};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore, crypto,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

/// Largest answer that is read: the largest sets of keys, with their certificates, take some 50 KB.
const ANSWER_BYTES_MAX: usize = 262_144;

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// Why nobody was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// No connection.
    #[error("no connection")]
    Unreachable,
    /// Its certificate is not trusted, or it speaks no TLS that is taken.
    #[error("its certificate is not trusted, or it speaks no TLS 1.2 or 1.3")]
    Untrusted,
    /// It broke off, or does not speak HTTP.
    #[error("it broke off, or does not speak HTTP")]
    BrokenOff,
    /// It took too long.
    #[error("it took too long")]
    TooSlow,
    /// Its answer is too large.
    #[error("its answer is larger than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    /// It answered something else than what was asked for, such as another address.
    #[error("it answered with status {0}")]
    Status(u16),
}

/// Why no roots are at hand.
#[derive(Debug, thiserror::Error)]
pub enum RootsFault {
    /// The file cannot be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No certificate is among them.
    #[error("{0} holds no certificate in PEM")]
    Empty(String),
    /// They are not taken.
    #[error("the roots of its certificate are not taken")]
    Refused(#[source] rustls::Error),
}

/// An address that may be called: https anywhere, http on this machine alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    written: String,
    host: String,
    port: u16,
    path: String,
    plain: bool,
}

impl Address {
    /// Reads an address. `None`: not of its form, or not one that may be called.
    pub(crate) fn read(written: &str) -> Option<Address> {
        let uri: Uri = written.parse().ok()?;
        let authority = uri.authority()?;
        let plain = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => false,
            Some(scheme) if *scheme == Scheme::HTTP && is_loopback(authority.host()) => true,
            Some(_) | None => return None,
        };
        // A name and a password in an address would stand in logs; a fragment is never sent.
        if written.contains(['@', '#']) {
            return None;
        }
        Some(Address {
            written: written.to_owned(),
            host: authority.as_str().to_owned(),
            port: authority.port_u16().unwrap_or(if plain { 80 } else { 443 }),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            plain,
        })
    }

    /// As it was written.
    pub(super) fn as_str(&self) -> &str {
        &self.written
    }

    /// Speaks in the clear, within this machine.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The host without its port, and an address of IPv6 without its brackets.
    fn name(&self) -> &str {
        let host = self.host.rsplit_once(':').map_or(self.host.as_str(), |(host, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { &self.host }
        });
        host.trim_start_matches('[').trim_end_matches(']')
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Calls a provider, or a witness.
pub(crate) struct Caller {
    /// Absent where the provider is on this machine and speaks in the clear.
    tls: Option<TlsConnector>,
}

impl Caller {
    /// One that trusts the roots of this file, or those that the machine trusts.
    pub(crate) fn new(first: &Address, roots: Option<&Path>) -> Result<Caller, RootsFault> {
        if first.plain {
            return Ok(Caller { tls: None });
        }
        let mut store = RootCertStore::empty();
        let (found, place) = match roots {
            Some(file) => (of_file(file)?, file.display().to_string()),
            None => (rustls_native_certs::load_native_certs().certs, "the machine's own store".to_owned()),
        };
        // One root of many that cannot be read keeps nobody out.
        if store.add_parsable_certificates(found).0 == 0 {
            return Err(RootsFault::Empty(place));
        }
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(RootsFault::Refused)?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Caller { tls: Some(TlsConnector::from(Arc::new(config))) })
    }

    pub(super) async fn get(&self, address: &Address) -> Result<(StatusCode, Vec<u8>), CallFault> {
        self.call(address, Method::GET, None, (FORM, String::new())).await
    }

    /// Posts a form, with basic credentials where there are any.
    pub(super) async fn post(
        &self,
        address: &Address,
        form: String,
        basic: Option<HeaderValue>,
    ) -> Result<(StatusCode, Vec<u8>), CallFault> {
        self.call(address, Method::POST, basic, (FORM, form)).await
    }

    /// Posts a body of some kind, with no credentials.
    pub(crate) async fn send(
        &self,
        address: &Address,
        kind: &'static str,
        body: String,
    ) -> Result<(StatusCode, Vec<u8>), CallFault> {
        self.call(address, Method::POST, None, (kind, body)).await
    }

    async fn call(
        &self,
        address: &Address,
        method: Method,
        basic: Option<HeaderValue>,
        (kind, body): (&'static str, String),
    ) -> Result<(StatusCode, Vec<u8>), CallFault> {
        let mut request = Request::builder()
            .method(method)
            .uri(&address.path)
            .header(header::HOST, &address.host)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "contactpoint");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(basic) = basic {
            request = request.header(header::AUTHORIZATION, basic);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|_| CallFault::BrokenOff)?;
        let stream = TcpStream::connect((address.name(), address.port));
        let stream = stream.await.map_err(|_| CallFault::Unreachable)?;
        match &self.tls {
            Some(tls) if !address.plain => {
                let name = ServerName::try_from(address.name().to_owned());
                let name = name.map_err(|_| CallFault::Untrusted)?;
                let stream = tls.connect(name, stream).await.map_err(|_| CallFault::Untrusted)?;
                answered(stream, request).await
            }
            None if address.plain => answered(stream, request).await,
            // What is spoken was settled with the issuer: no address of its metadata changes it.
            Some(_) | None => Err(CallFault::Untrusted),
        }
    }
}

async fn answered(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Vec<u8>), CallFault> {
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(|_| CallFault::BrokenOff)?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(|_| CallFault::BrokenOff)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { CallFault::TooLarge } else { CallFault::BrokenOff }
        })?;
        Ok((status, body.to_bytes().to_vec()))
    };
    // The connection lives as long as the call: whoever gives the call up drops both.
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        done = &mut exchange => done,
        _ended = connection => exchange.await,
    }
}

fn of_file(file: &Path) -> Result<Vec<CertificateDer<'static>>, RootsFault> {
    let pem = fs::read(file).map_err(|source| RootsFault::Unreadable { file: file.to_owned(), source })?;
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    read.map_err(|_| RootsFault::Empty(file.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_called_anywhere_and_http_on_this_machine_alone() {
        for (fine, name, port) in [
            ("https://login.example/keys", "login.example", 443),
            ("https://login.example:8443/keys?p=1", "login.example", 8443),
            ("http://127.0.0.1:9400/jwks", "127.0.0.1", 9400),
            ("http://localhost/jwks", "localhost", 80),
            ("http://[::1]:9400/jwks", "::1", 9400),
            ("https://[2001:db8::1]/jwks", "2001:db8::1", 443),
        ] {
            let address = Address::read(fine).unwrap();
            assert_eq!((address.name(), address.port), (name, port), "{fine}");
        }
        for bad in [
            "http://login.example/keys",
            "http://127.0.0.1.example/keys",
            "http://localhost.example/keys",
            "ftp://127.0.0.1/keys",
            "https://name:word@login.example/keys",
            "https://login.example/keys#first",
            "/keys",
            "login.example",
            "",
        ] {
            assert_eq!(Address::read(bad), None, "{bad}");
        }
    }
}
