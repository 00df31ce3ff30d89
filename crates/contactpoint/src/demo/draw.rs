//! Secrets of invented people, drawn from a seed: the same ones every time. For the demonstration only.

use directory::ShownOnce;

/// Letters of base 32, for what is typed into an authenticator.
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Letters that nobody mistakes for one another, for passwords.
const PLAIN: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789_";
const DIGITS: &[u8; 10] = b"0123456789";

/// Draws from one seed under one name: equal names get equal secrets, others have nothing in common.
pub(crate) struct Draw(u64);

impl Draw {
    /// Draws for `name`.
    pub(crate) fn new(seed: u64, name: &str) -> Draw {
        // FNV-1a spreads the name; the steps below spread what it gives.
        let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in name.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Draw(state)
    }

    /// The next number, by splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn text(&mut self, letters: &[u8], length: usize) -> String {
        let count = letters.len() as u64;
        (0..length)
            .filter_map(|_| usize::try_from(self.next() % count).ok())
            .filter_map(|at| letters.get(at).copied())
            .map(char::from)
            .collect()
    }

    /// What a person signs in with.
    pub(crate) fn person(seed: u64, username: &str) -> ShownOnce {
        let mut draw = Draw::new(seed, username);
        ShownOnce {
            password: draw.text(PLAIN, 16),
            totp_secret: draw.text(BASE_32, 32),
            pin: draw.text(DIGITS, 6),
        }
    }

    /// The secret of a client.
    pub(crate) fn client(seed: u64, client: &str) -> String {
        Draw::new(seed, client).text(PLAIN, 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_fixed_for_a_seed_and_a_name() {
        assert_eq!(Draw::person(1, "auditor"), Draw::person(1, "auditor"));
        assert_ne!(Draw::person(1, "auditor"), Draw::person(2, "auditor"));
        assert_ne!(Draw::person(1, "auditor").password, Draw::person(1, "operator").password);
        let shown = Draw::person(1, "auditor");
        assert_eq!((shown.password.len(), shown.totp_secret.len(), shown.pin.len()), (16, 32, 6));
    }
}
