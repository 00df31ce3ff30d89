//! Signs: what was seen beside one look, in whole numbers; what they weigh is told by [`crate::weights`].

/// Everything that was seen beside one look that nothing explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing, seen or not, and any may go with any")]
pub struct Signs {
    /// Whether the record is an invented one that nobody has a reason to open.
    pub canary: bool,
    /// How the child may be of the looker's own.
    pub kin: Kin,
    /// That the child lives where a colleague of the same organisation does: how many homes colleagues have, among how
    /// many children of the area.
    pub colleague: Option<Rarity>,
    /// At how many children this person looked without an explanation, this one counted: each was a chance to meet a
    /// namesake, a neighbour, a child to come back to.
    pub chances: u32,
    /// Others without an explanation, of other organisations, who looked at this child within seven days.
    pub crowd: u32,
    /// The run of children of which this was one.
    pub sweep: Option<Sweep>,
    /// How far the looker's count of unexplained children lies above the peers': hundredths of a robust z.
    pub above_peers: u32,
    /// Of 100 looks of this person, how many nothing explains.
    pub unexplained_percent: u32,
    /// By how many days what nothing explains outnumbers chance, in hundredths ([`crate::daily`]).
    pub daily: u32,
    /// On how many days the looker looked at this child, all without an explanation.
    pub days: u32,
    /// Whether it was outside the hours in which this person works ([`crate::hours`]).
    pub out_of_hours: bool,
    /// Further unexplained children, beyond the first, of every evening on which more were unexplained than explained.
    pub late: u32,
    /// Explained children of the same evenings, and of the evening of this look.
    pub late_explained: u32,
    /// Of 100 looks within one's own hours, how many nothing explains: what an honest evening would have too.
    pub by_day_percent: u32,
    /// Whether another authority answers for the child.
    pub other_authority: bool,
    /// Whether the account had been dormant until a short while before.
    pub woken: bool,
    /// Whether a shield was overridden.
    pub overridden: bool,
    /// Whether the organisation recorded an involvement after all, too late to explain the look.
    pub recorded_late: bool,
    /// Whether an explained look at another child followed within minutes ([`crate::weights::CORRECTED_MINUTES`]).
    pub corrected: bool,
    /// Whether a ceiling of attempts was reached ([`crate::weights::ENUMERATION`]).
    pub enumerated: bool,
}

/// How the child may be of the looker's own. Compared by keyed hashes: equal or not, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kin {
    /// The same home, house and postcode.
    pub household: bool,
    /// The same postcode.
    pub postcode: bool,
    /// The same surname, and how many bear it.
    pub surname: Option<Rarity>,
    /// Whether both homes are known and are not the same.
    pub lives_elsewhere: bool,
    /// A carer with the looker's whole name; needs `surname` to say how rare that is, else it counts as common.
    pub carer: Option<Rarity>,
}

/// How many bear a name, among how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rarity {
    /// Children who bear it.
    pub bearers: u64,
    /// Children counted.
    pub of: u64,
}

/// A run of unexplained children by one looker within a day, or two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// What orders them.
    pub order: Order,
    /// How many different children.
    pub children: u32,
}

/// What orders a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// They live in one street.
    Street,
    /// They go to one school.
    School,
    /// They come in the order of their surnames.
    Alphabet,
}
