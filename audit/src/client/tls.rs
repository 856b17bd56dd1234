//! TLS: whom the client trusts, and who it says it is.

use std::{
    env,
    path::Path,
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};

use super::{HttpVersions, InvalidSetting};

/// The settings of TLS.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) roots: Vec<CertificateDer<'static>>,
    pub(super) trusts_anybody: bool,
    pub(super) identity: Option<Arc<Identity>>,
    pub(super) versions: HttpVersions,
}

/// The client's certificates and their key.
#[derive(Debug)]
pub(super) struct Identity {
    certificates: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    pub(super) fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, InvalidSetting> {
        Ok(Self {
            certificates: read_certificates(certificates)?,
            key: PrivateKeyDer::from_pem_slice(key).map_err(|_| InvalidSetting::Key)?,
        })
    }
}

/// The certificates of a PEM file; at least one.
pub(super) fn read_certificates(
    pem: &[u8],
) -> Result<Vec<CertificateDer<'static>>, InvalidSetting> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(InvalidSetting::Certificates),
    }
}

/// The configurations of TLS. They are made when they are needed, since the certificates of a system
/// take a while to load.
#[derive(Debug, Default)]
pub(super) struct Tls {
    settings: Settings,
    roots: OnceLock<Result<Arc<RootCertStore>, String>>,
    configs: [OnceLock<Result<Arc<ClientConfig>, String>>; 4],
}

impl Tls {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// The configuration for an exchange. A browser shows the user's certificate only if the
    /// exchange includes credentials.
    pub(super) fn config(
        &self,
        includes_credentials: bool,
        http1_only: bool,
    ) -> Result<Arc<ClientConfig>, String> {
        let identity = self.settings.identity.as_deref().filter(|_| includes_credentials);
        let protocols: &[&[u8]] = match self.settings.versions {
            _ if http1_only => &[b"http/1.1"],
            HttpVersions::All => &[b"h2", b"http/1.1"],
            HttpVersions::Http1 => &[b"http/1.1"],
            HttpVersions::Http2 => &[b"h2"],
        };
        let index = usize::from(identity.is_some()) + 2 * usize::from(http1_only);
        self.configs[index]
            .get_or_init(|| self.new_config(identity, protocols).map(Arc::new))
            .clone()
    }

    /// The configuration for the connection to a proxy.
    pub(super) fn proxy_config(&self) -> Result<Arc<ClientConfig>, String> {
        self.config(false, true)
    }

    fn new_config(
        &self,
        identity: Option<&Identity>,
        protocols: &[&[u8]],
    ) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let builder = if self.settings.trusts_anybody {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(TrustsAnybody(provider)))
        } else {
            builder.with_root_certificates(self.roots()?)
        };
        let mut config = match identity {
            Some(Identity { certificates, key }) => builder
                .with_client_auth_cert(certificates.clone(), key.clone_key())
                .map_err(|error| format!("the certificate does not fit its key: {error}"))?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Ok(config)
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, String> {
        self.roots.get_or_init(|| self.load_roots().map(Arc::new)).clone()
    }

    /// The root certificates of the system, or those that the environment names, and those that the
    /// user gave.
    fn load_roots(&self) -> Result<RootCertStore, String> {
        let file = env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty());
        if let Some(file) = file.filter(|path| !Path::new(path).exists()) {
            return Err(format!("SSL_CERT_FILE names {}, which is not there", file.display()));
        }
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        for root in &self.settings.roots {
            roots.add(root.clone()).map_err(|error| format!("a root certificate: {error}"))?;
        }
        if roots.is_empty() {
            let reason = found
                .errors
                .first()
                .map_or_else(|| "SSL_CERT_FILE may name a file".to_owned(), ToString::to_string);
            return Err(format!("this system has no root certificates: {reason}"));
        }
        Ok(roots)
    }
}

/// Trusts each certificate. The signatures of a handshake are checked all the same.
#[derive(Debug)]
struct TrustsAnybody(Arc<CryptoProvider>);

impl ServerCertVerifier for TrustsAnybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
