//! `demo-code`: the present one-time code of a demo user, for whoever has no authenticator at hand.

use std::path::PathBuf;

use anyhow::Context;
use totp_rs::{Builder, Secret};

use crate::{
    clock,
    demo::credentials::Credentials,
    exit::{Status, usage},
    output::raw,
    settings::{Flags, Place, Settings},
};

/// Whose code.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoCode {
    /// The user name
    user: String,
    /// The demo's credentials
    #[arg(long, value_name = "FILE")]
    credentials: PathBuf,
}

impl DemoCode {
    /// Prints the code.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        let file = self.credentials.display();
        let credentials =
            Credentials::read(&self.credentials)?.ok_or_else(|| usage(format!("{file} is not there")))?;
        let user = credentials.users.iter().find(|user| user.username == self.user);
        let user = user.ok_or_else(|| usage(format!("{file} has no user {}", self.user)))?;
        let code = code(&user.totp_secret, clock::of(&settings).now().timestamp())?;
        raw(format!("{code}\n").as_bytes())?;
        Ok(Status::Done)
    }
}

/// The code of a seed at a Unix time.
pub(crate) fn code(secret: &str, seconds: i64) -> anyhow::Result<String> {
    let seed = Secret::try_from_base32(secret).ok().context("the seed is not of base 32")?;
    let totp = Builder::new().with_secret(seed).build().ok().context("the seed makes no codes")?;
    Ok(totp.generate(u64::try_from(seconds)?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, SHA-1, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(code(secret, 59).unwrap(), "287082");
        assert_eq!(code(secret, 1_111_111_109).unwrap(), "081804");
    }
}
