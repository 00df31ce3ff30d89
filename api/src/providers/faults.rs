//! Why a provider cannot be set up, and why nothing came of one that was.

use events::id_token;

use super::calling::{CallFault, RootsFault};

/// Why a provider cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSetupError {
    /// Its address is not of its form.
    #[error("the issuer is an https address without query or fragment; http is for this machine alone")]
    Issuer,
    /// Nothing counts as strong, so that nobody could sign in.
    #[error("name what counts as a strong sign-in: strong_acr, strong_amr, or both")]
    NothingStrong,
    /// It may vouch for nobody.
    #[error("name for whom it may vouch: organisations, authorities, or both")]
    VouchesForNobody,
    /// The roots of its certificate.
    #[error(transparent)]
    Roots(#[from] RootsFault),
}

/// Why nothing came of a provider. The operator's log tells it; whoever signs in reads one of two words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderFault {
    /// It could not be asked.
    #[error("{what} could not be had: {fault}")]
    Call {
        /// What was asked for.
        what: &'static str,
        /// What came between.
        fault: CallFault,
    },
    /// Its metadata are not what they should be.
    #[error("its metadata are not taken: {0}")]
    Metadata(&'static str),
    /// Its keys cannot be read.
    #[error("its keys cannot be read, or none of them signs")]
    Keys,
    /// It refused this directory, not the code.
    #[error("it refuses this directory as its client: check the client id and its secret or key")]
    Client,
    /// It refused the code.
    #[error("it refuses the code: used, expired, or another client's")]
    Code,
    /// The browser came back from another provider.
    #[error("the browser came back from another issuer")]
    Issuer,
    /// Its answer holds no ID token.
    #[error("its answer holds no ID token")]
    NoToken,
    /// What it signed is not believed.
    #[error("its ID token is not believed: {0}")]
    Token(#[from] id_token::Fault),
}

impl ProviderFault {
    /// The code of the problem: what beginning again may mend, and what only time or the operator mends.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            ProviderFault::Call { .. }
            | ProviderFault::Metadata(_)
            | ProviderFault::Keys
            | ProviderFault::NoToken
            | ProviderFault::Client => "provider_unavailable",
            ProviderFault::Code | ProviderFault::Issuer | ProviderFault::Token(_) => "identity_not_accepted",
        }
    }
}
