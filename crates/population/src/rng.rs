//! Draws numbers from (seed, purpose, index), so that any child can be made alone.
//!
//! Every purpose has a stream of its own: a new field opens a new stream and shifts no other field.
//! Whole numbers only, because a floating-point power may differ by a bit between two machines and
//! the same seed must give the same bytes everywhere.
//! Source: the splitmix64 generator of Steele, Lea and Flood (2014), "Fast splittable pseudorandom
//! number generators".

/// What a run of numbers is drawn for. The number is part of the output: it is never reused.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(crate) enum Purpose {
    Outcodes = 1,
    Authorities = 2,
    HouseholdName = 3,
    HouseholdHome = 4,
    HouseholdCarer = 5,
    BirthDates = 6,
    Forenames = 7,
    OwnSurname = 8,
    Gender = 9,
    Aliases = 10,
    PreviousHome = 11,
    Numbers = 12,
    HouseholdPractice = 13,
    PrimaryCare = 14,
    Education = 15,
    EarlyYears = 16,
    Services = 17,
    Consent = 18,
    Practitioners = 19,
    OrganisationNames = 20,
    OrganisationContacts = 21,
    Agreements = 22,
    Vulnerability = 24,
    KnownAddress = 25,
    ConsentMethod = 26,
    HouseholdSchools = 27,
    Census = 28,
    Register = 29,
    SocialCare = 30,
    SocialCareWork = 31,
    Queries = 32,
    Year = 33,
}

/// One run of numbers.
pub(crate) struct Draw(u64);

impl Draw {
    /// Opens the run for one purpose and one index.
    pub(crate) fn new(seed: u64, purpose: Purpose, index: u64) -> Draw {
        Draw(scatter(scatter(seed ^ scatter(purpose as u64)) ^ index))
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        scatter(self.0)
    }

    /// A whole number below `bound`, evenly; 0 where the bound is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // Lemire's multiplication: the bias is below 2^-32 for every bound used here.
        let wide = u128::from(self.bits()) * u128::from(bound);
        (wide >> 64) as u64
    }

    /// As [`Draw::below`], for a bound of 32 bits.
    pub(crate) fn below_u32(&mut self, bound: u32) -> u32 {
        u32::try_from(self.below(u64::from(bound))).unwrap_or(0)
    }

    /// A whole number below `bound`, small ones far likelier than great ones (the square of an even draw).
    pub(crate) fn below_skewed(&mut self, bound: u64) -> u64 {
        let even = u128::from(self.bits() >> 32);
        ((even * even * u128::from(bound)) >> 64) as u64
    }

    /// True with this chance in 100,000.
    pub(crate) fn chance(&mut self, in_100_000: u32) -> bool {
        self.below(100_000) < u64::from(in_100_000)
    }

    /// One of the list, evenly; empty where the list is.
    pub(crate) fn pick(&mut self, list: &[&'static str]) -> &'static str {
        let place = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list.get(place).copied().unwrap_or_default()
    }
}

/// Scatters a number over all 64 bits, one to one.
pub(crate) fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// A choice among things of unequal weight.
pub(crate) struct Weighted {
    up_to: Vec<u64>,
}

impl Weighted {
    /// Weighs the things in their order.
    pub(crate) fn new(weights: impl IntoIterator<Item = u64>) -> Weighted {
        let mut sum = 0;
        let up_to = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        Weighted { up_to: up_to.collect() }
    }

    /// Weighs `count` ranks as names are: the n-th in proportion to 1/(n + flatness).
    pub(crate) fn by_rank(count: usize, flatness: u64) -> Weighted {
        Weighted::new((0..count as u64).map(|rank| 1_000_000_000 / (rank + flatness)))
    }

    /// The place of one thing.
    pub(crate) fn place(&self, draw: &mut Draw) -> usize {
        let total = self.up_to.last().copied().unwrap_or(0);
        let at = draw.below(total);
        self.up_to.partition_point(|up_to| *up_to <= at)
    }
}
