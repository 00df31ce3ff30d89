//! An invented authority for certificates: a root, a server under it, clients under it, and who trusts it.

use std::{io, net::SocketAddr, path::Path, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A root with its key.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    pem: String,
}

/// A client's certificate with its key.
pub(crate) struct Identity {
    pub(crate) pem: String,
    key: String,
}

/// Which versions a client speaks.
#[derive(Clone, Copy)]
pub(crate) enum Versions {
    All,
    Only12,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let certificate = params.self_signed(&key).unwrap();
        let (root, pem) = (certificate.der().clone(), certificate.pem());
        Authority { issuer: Issuer::new(params, key), root, pem }
    }

    /// The root in PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// Writes a server's certificate and key.
    pub(crate) fn write_server(&self, certificates: &Path, key: &Path) {
        let server = self.issued("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        std::fs::write(certificates, server.pem).unwrap();
        std::fs::write(key, server.key).unwrap();
    }

    /// A client under this root.
    pub(crate) fn identity(&self, name: &str) -> Identity {
        self.issued(name, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn issued(&self, name: &str, used: ExtendedKeyUsagePurpose) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![used];
        let pem = params.signed_by(&key, &self.issuer).unwrap().pem();
        Identity { pem, key: key.serialize_pem() }
    }

    /// Connects as somebody who trusts this root, and shows a certificate or none.
    pub(crate) async fn connect(
        &self,
        address: SocketAddr,
        versions: Versions,
        shown: Option<&Identity>,
    ) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let versions = match versions {
            Versions::All => vec![&TLS13, &TLS12],
            Versions::Only12 => vec![&TLS12],
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match shown {
            None => builder.with_no_client_auth(),
            Some(Identity { pem, key }) => {
                let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let stream = TcpStream::connect(address).await?;
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect("localhost".try_into().unwrap(), stream).await
    }
}
