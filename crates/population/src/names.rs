//! Chooses names as families in England do: many ways of naming, a few names very common, most rare.
//!
//! Source: the shape is that of published counts of baby names and surnames; the lists and the compounds
//! are our own.

mod british;
mod communities;

use std::borrow::Cow;

use crate::rng::{Draw, Weighted, scatter};

/// A name: most are borrowed from a list, the rest composed.
pub(crate) type Name = Cow<'static, str>;

/// One way of naming, as written down.
struct Community {
    /// Households in 1,000 that bear these names: in most places, and in mixed ones.
    share: [u64; 2],
    /// Common surnames, commonest first.
    surnames: &'static str,
    /// First halves of the rarer surnames.
    surname_starts: &'static str,
    /// What may stand between the halves; `-` stands for nothing.
    surname_middles: &'static str,
    /// Second halves of the rarer surnames.
    surname_ends: &'static str,
    /// Of 100 households, how many bear one of the rarer surnames.
    tail_percent: u32,
    /// How evenly the common surnames are spread; less is steeper.
    flatness: u64,
    /// Forenames of girls, commonest first.
    girls: &'static str,
    /// Forenames of boys, commonest first.
    boys: &'static str,
    /// Of 100 children, how many are named from these lists and not from the British one.
    own_percent: u32,
}

/// One way of naming, ready for use.
struct Naming {
    surnames: Vec<&'static str>,
    surname_weights: Weighted,
    starts: Vec<&'static str>,
    middles: Vec<&'static str>,
    ends: Vec<&'static str>,
    tail_percent: u32,
    forenames: [Vec<&'static str>; 2],
    forename_weights: [Weighted; 2],
    own_percent: u32,
}

/// Which way of naming a household has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamingId(usize);

/// Whose list a forename is taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForenameList {
    /// Names given to girls.
    Girls,
    /// Names given to boys.
    Boys,
}

/// Names composed of two syllables, as newer names are.
const SYLLABLE_STARTS: &str = "Al Am An Ar Ay Bel Bra Bri Ca Cai Che Dal De Di El Em Fa Fay Ga Ha Il Is Ja Jay Ka Kay Kei La \
    Lei Li Lo Ly Ma Mal Me Mi Na Ni No Ra Ray Re Ri Sha She Si Ta Tay Te Ty Ve Vi Xa Ya Za Ze";
const SYLLABLE_ENDS_GIRLS: &str = "la lah leigh lia lissa mia na nah nee nia nika niya ra rah ria sha shay sia ta tia vah ya zelle lyn belle";
const SYLLABLE_ENDS_BOYS: &str =
    "den don jah kai lan len lon mar mir nan nell ran rell rick ron shan son tan ton van vin xon yan zen";

/// Of 100 children with names of the British lists, how many have a composed one.
const COMPOSED_FORENAMES_PERCENT: u32 = 22;
/// Of 100 households, how many have a surname of two barrels.
const DOUBLE_BARRELLED_PERCENT: u32 = 4;
/// Forenames are spread more evenly than surnames: the commonest is borne by about 2 in 100.
const FORENAME_FLATNESS: u64 = 30;

/// Short forms by which children are known, so that a search by one must find the other.
const SHORT_FORMS: [(&str, &str); 34] = [
    ("Abigail", "Abbie"),
    ("Alexander", "Alex"),
    ("Amelia", "Millie"),
    ("Archie", "Arch"),
    ("Benjamin", "Ben"),
    ("Bethany", "Beth"),
    ("Charlotte", "Lottie"),
    ("Charles", "Charlie"),
    ("Daniel", "Dan"),
    ("Edward", "Ted"),
    ("Eleanor", "Nell"),
    ("Elizabeth", "Lizzie"),
    ("Florence", "Flo"),
    ("Frederick", "Freddie"),
    ("Gabriel", "Gabe"),
    ("Henry", "Harry"),
    ("Isabella", "Bella"),
    ("Jacob", "Jake"),
    ("James", "Jamie"),
    ("Joseph", "Joe"),
    ("Joshua", "Josh"),
    ("Katie", "Kate"),
    ("Matilda", "Tilly"),
    ("Matthew", "Matt"),
    ("Michael", "Mike"),
    ("Mohammed", "Mo"),
    ("Muhammad", "Mo"),
    ("Oliver", "Ollie"),
    ("Olivia", "Liv"),
    ("Rebecca", "Becky"),
    ("Samuel", "Sam"),
    ("Theodore", "Theo"),
    ("Thomas", "Tom"),
    ("William", "Billy"),
];

/// Every way of naming.
pub(crate) struct Names {
    namings: Vec<Naming>,
    shares: [Weighted; 2],
    syllable_starts: Vec<&'static str>,
    syllable_ends: [Vec<&'static str>; 2],
}

impl Names {
    /// Prepares the lists.
    pub(crate) fn new() -> Names {
        let words = |list: &'static str| list.split_whitespace().collect::<Vec<_>>();
        let by_rank = |list: &[&str]| Weighted::by_rank(list.len(), FORENAME_FLATNESS);
        let naming = |community: &Community| {
            let surnames = words(community.surnames);
            let forenames = [words(community.girls), words(community.boys)];
            Naming {
                surname_weights: Weighted::by_rank(surnames.len(), community.flatness),
                forename_weights: forenames.each_ref().map(|list| by_rank(list)),
                surnames,
                starts: words(community.surname_starts),
                middles: words(community.surname_middles),
                ends: words(community.surname_ends),
                tail_percent: community.tail_percent,
                forenames,
                own_percent: community.own_percent,
            }
        };
        let communities = &communities::COMMUNITIES;
        let share = |[most, _]: [u64; 2]| most;
        let share_mixed = |[_, mixed]: [u64; 2]| mixed;
        Names {
            namings: communities.iter().map(naming).collect(),
            shares: [
                Weighted::new(communities.iter().map(|community| share(community.share))),
                Weighted::new(communities.iter().map(|community| share_mixed(community.share))),
            ],
            syllable_starts: words(SYLLABLE_STARTS),
            syllable_ends: [words(SYLLABLE_ENDS_GIRLS), words(SYLLABLE_ENDS_BOYS)],
        }
    }

    /// Which way of naming a household has, in a mixed place or another.
    pub(crate) fn naming(&self, draw: &mut Draw, mixed: bool) -> NamingId {
        let [most, elsewhere] = &self.shares;
        NamingId(if mixed { elsewhere } else { most }.place(draw))
    }

    /// A surname.
    pub(crate) fn surname(&self, draw: &mut Draw, naming: NamingId) -> Name {
        let Some(lists) = self.namings.get(naming.0) else { return Name::default() };
        let one = single_surname(draw, lists);
        if draw.below_u32(100) >= DOUBLE_BARRELLED_PERCENT {
            return one;
        }
        let other = single_surname(draw, lists);
        if one == other || one.contains('-') || other.contains('-') {
            return one;
        }
        Name::Owned(format!("{one}-{other}"))
    }

    /// A forename from one list or the other.
    pub(crate) fn forename(&self, draw: &mut Draw, naming: NamingId, list: ForenameList) -> Name {
        let own = self.namings.get(naming.0).filter(|lists| draw.below_u32(100) < lists.own_percent);
        let british = naming == BRITISH || own.is_none();
        let Some(lists) = own.or(self.namings.first()) else { return Name::default() };
        let place = list as usize;
        if british && draw.below_u32(100) < COMPOSED_FORENAMES_PERCENT {
            let ends = self.syllable_ends.get(place).map(Vec::as_slice).unwrap_or_default();
            return Name::Owned([draw.pick(&self.syllable_starts), draw.pick(ends)].concat());
        }
        let chosen = lists.forenames.get(place).zip(lists.forename_weights.get(place));
        let forename = chosen.and_then(|(names, weights)| names.get(weights.place(draw)));
        Name::Borrowed(forename.copied().unwrap_or_default())
    }
}

/// A surname of one barrel: a common one, or a rarer one composed of two halves.
fn single_surname(draw: &mut Draw, lists: &Naming) -> Name {
    if draw.below_u32(100) >= lists.tail_percent {
        let place = lists.surname_weights.place(draw);
        return Name::Borrowed(lists.surnames.get(place).copied().unwrap_or_default());
    }
    // The forms are scattered before the skew, so that common compounds do not share a beginning.
    let [starts, middles, ends] =
        [&lists.starts, &lists.middles, &lists.ends].map(|list| list.len().max(1) as u64);
    let forms = starts * middles * ends;
    let form = scatter(draw.below_skewed(forms)) % forms;
    let at = |list: &[&'static str], place: u64| {
        list.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or_default()
    };
    let middle = at(&lists.middles, form / starts % middles).trim_start_matches('-');
    Name::Owned([at(&lists.starts, form % starts), middle, at(&lists.ends, form / starts / middles)].concat())
}

/// The first of the communities.
const BRITISH: NamingId = NamingId(0);

/// The short form of a forename, if it has a usual one.
pub(crate) fn short_form(forename: &str) -> Option<&'static str> {
    SHORT_FORMS.iter().find(|(long, _)| *long == forename).map(|(_, short)| *short)
}
