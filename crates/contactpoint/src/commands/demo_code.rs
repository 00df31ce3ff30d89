//! `demo-code`: the present one-time code of a demo user, for whoever has no authenticator at hand.

use std::path::{Path, PathBuf};

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
    #[arg(required_unless_present = "seed", requires = "credentials")]
    user: Option<String>,
    /// The demo's credentials
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// A file that holds the seed of the codes, in base 32, in place of the two
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user", "credentials"])]
    seed: Option<PathBuf>,
}

impl DemoCode {
    /// Prints the code.
    pub(crate) fn run(&self) -> anyhow::Result<Status> {
        let settings = Settings::read(&Place::default(), &Flags::default())?;
        let seed = match (&self.seed, &self.credentials) {
            (Some(file), _) => {
                let text = std::fs::read_to_string(file);
                text.map_err(|error| usage(format!("{} cannot be read: {error}", file.display())))?
            }
            (None, Some(file)) => self.seed_of(file)?,
            (None, None) => return Err(usage("name a user and the credentials, or a seed")),
        };
        let code = code(seed.trim(), clock::of(&settings).now().timestamp())?;
        raw(format!("{code}\n").as_bytes())?;
        Ok(Status::Done)
    }
}

impl DemoCode {
    fn seed_of(&self, file: &Path) -> anyhow::Result<String> {
        let shown = file.display();
        let credentials = Credentials::read(file)?.ok_or_else(|| usage(format!("{shown} is not there")))?;
        let name = self.user.as_deref().unwrap_or_default();
        let user = credentials.users.into_iter().find(|user| user.username == name);
        Ok(user.ok_or_else(|| usage(format!("{shown} has no user {name}")))?.totp_secret)
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
