//! Places of invented England: postcode districts, the authorities they belong to, streets and towns.
//!
//! The letters of the postcode areas are the real ones, weighted by a rough share of the people there;
//! towns, streets' houses and authorities are invented, and the codes of authorities lie beyond those issued.

use crate::rng::{Draw, Purpose, Weighted};

/// Postcode districts in the whole of invented England, as there are in the real one.
const OUTCODES: u64 = 2_300;
/// Postcodes a district: about eight children share each of the 1.5 million.
const UNITS_AN_OUTCODE: u64 = 650;
/// Of 100 districts, how many are mixed in their ways of naming.
const MIXED_PERCENT: u32 = 25;
/// Authorities with children's services in England (Department for Education, 2024).
pub(crate) const AUTHORITIES_MAX: u32 = 153;
/// The fewest authorities, so that boundaries are met with in the smallest population too.
pub(crate) const AUTHORITIES_MIN: u32 = 4;

/// The 99 areas wholly or mostly in England with the rough share of people in each.
const AREAS: &str = "B:19 M:12 S:13 L:8 LS:8 NG:11 BS:9 BN:8 CV:8 LE:10 NE:11 DE:7 PE:9 RG:8 GU:7 CR:4 E:10 N:8 SE:10 \
    SW:9 W:5 NW:6 BD:6 HD:3 HX:2 WF:5 HU:4 YO:5 DN:7 LN:3 NR:7 IP:6 CB:4 CO:4 CM:6 SS:5 RM:5 IG:3 EN:3 \
    HA:5 UB:4 TW:5 KT:5 SM:2 BR:3 DA:4 ME:6 TN:7 CT:5 RH:5 PO:8 SO:7 BH:5 SP:2 BA:4 SN:5 GL:6 HR:2 \
    WR:3 DY:4 WV:4 WS:4 ST:6 TF:2 SY:3 CW:3 CH:6 WA:6 WN:3 BL:4 OL:5 SK:6 PR:5 BB:5 FY:3 LA:3 CA:3 \
    DL:4 DH:3 TS:6 SR:3 HG:1 AL:3 SG:4 LU:4 HP:5 SL:4 OX:6 MK:5 NN:7 WD:3 TQ:3 EX:6 PL:5 TR:3 TA:3 \
    DT:2 EC:1 WC:1";

const STREETS: &str = "High Station Church Park Green Manor Kings Queens Mill North South West East Grange Springfield School \
    Albert Alexandra York Windsor Richmond Grove Main Chester Highfield Broad Meadow Orchard Cedar Oak Elm Beech Ash Willow \
    Chestnut Hawthorn Lime Poplar Maple Rowan Holly Laurel Sycamore Birch Bramble Clarence Wellington Nelson Derby Lancaster \
    Bedford Warwick Durham Lincoln Norfolk Suffolk Essex Kent Sussex Surrey Devon Dorset Priory Abbey Chapel Vicarage Rectory \
    Castle Bridge River Water Spring Well Hill Field Wood Forest Heath Moor Common Foundry Tanner Weaver Canal Quarry \
    Ferry Harbour Market Almond Cherry Juniper Linden Larch Heron Kestrel Swallow Plover";
const STREET_KINDS: &str = "Road Street Avenue Lane Close Drive Way Crescent Court Gardens Place Terrace";
const PLACE_STARTS: &str = "Alder Amber Apple Barrow Birken Blen Bracken Bram Brier Caddow Cinder Copper Corbel Dapple Elder \
    Ember Fallow Farrow Fennel Flint Garnet Gorse Hallow Hazel Heron Holm Juniper Keld Lark Linnet Marl Merrow Minnow Nettle \
    Orrin Otter Pebble Plover Quill Ravel Rowan Russet Sable Sedge Sorrel Tansy Tarrow Teasel Thistle Umber Vetch Willow Wren \
    Yarrow";
const PLACE_ENDS: &str = "beck bourne by cote combe den fell ford garth gate ham holt hurst ley mere moss ness over ridge rigg \
    shaw side stead stow thorpe ton wick worth wold";

/// Letters that stand in the second half of a postcode.
const UNIT_LETTERS: [char; 20] =
    ['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y', 'Z'];

/// One postcode district.
pub(crate) struct Outcode {
    /// As in `N17`.
    pub(crate) code: String,
    /// The invented post town.
    pub(crate) town: String,
    /// Which authority it lies in, from 0.
    pub(crate) authority: u32,
    /// Whether many ways of naming are at home there.
    pub(crate) mixed: bool,
}

/// Every place.
pub(crate) struct Places {
    outcodes: Vec<Outcode>,
    weights: Weighted,
    streets: Vec<&'static str>,
    street_kinds: Vec<&'static str>,
    /// Of a million children, how many live in each authority.
    shares: Vec<u64>,
}

/// Where somebody lives or lived.
pub struct Home {
    /// House and street.
    pub line: String,
    /// The invented post town.
    pub town: String,
    /// A postcode of the right form; whether it was ever allotted is not asked.
    pub postcode: String,
}

impl Places {
    /// Lays out England with this many authorities.
    pub(crate) fn new(seed: u64, authorities: u32) -> Places {
        let words = |list: &'static str| list.split_whitespace().collect::<Vec<_>>();
        let (starts, ends) = (words(PLACE_STARTS), words(PLACE_ENDS));
        let areas: Vec<(&str, u64)> = AREAS.split_whitespace().filter_map(area_and_share).collect();
        let total: u64 = areas.iter().map(|(_, share)| share).sum();
        let mut draw = Draw::new(seed, Purpose::Outcodes, 0);
        let mut outcodes = Vec::new();
        let mut weights = Vec::new();
        for (area, share) in areas {
            let districts = (OUTCODES * share / total).max(3);
            for district in 1..=districts {
                let town = [draw.pick(&starts), draw.pick(&ends)].concat();
                let mixed = draw.below_u32(100) < MIXED_PERCENT;
                outcodes.push(Outcode { code: format!("{area}{district}"), town, authority: 0, mixed });
                // Districts of one area differ by up to four times in the people who live there.
                weights.push((400 + draw.below(1_200)) * share / districts);
            }
        }
        let shares = assign_authorities(seed, authorities, &mut outcodes, &weights);
        Places {
            outcodes,
            weights: Weighted::new(weights),
            streets: words(STREETS),
            street_kinds: words(STREET_KINDS),
            shares,
        }
    }

    /// A district, likelier where more people live.
    pub(crate) fn outcode(&self, draw: &mut Draw) -> Option<&Outcode> {
        self.outcodes.get(self.weights.place(draw))
    }

    /// A home in that district.
    pub(crate) fn home(&self, draw: &mut Draw, outcode: &Outcode) -> Home {
        let unit = draw.below(UNITS_AN_OUTCODE);
        let letter = |place: u64| {
            let place = usize::try_from(place % UNIT_LETTERS.len() as u64).unwrap_or(0);
            UNIT_LETTERS.get(place).copied().unwrap_or('A')
        };
        let postcode =
            format!("{} {}{}{}", outcode.code, unit % 10, letter(unit / 10), letter(unit * 7 / 13));
        let number = 1 + draw.below(180);
        let line = format!("{number} {} {}", draw.pick(&self.streets), draw.pick(&self.street_kinds));
        Home { line, town: outcode.town.clone(), postcode }
    }

    /// The districts of an authority, separated by spaces.
    pub(crate) fn outcodes_of(&self, authority: u32) -> String {
        let own = self.outcodes.iter().filter(|outcode| outcode.authority == authority);
        own.map(|outcode| outcode.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Of a million children, how many live in each authority, in order.
    pub(crate) fn shares(&self) -> &[u64] {
        &self.shares
    }
}

/// Reads one area and the share of people there, as in `N:8`.
fn area_and_share(word: &'static str) -> Option<(&'static str, u64)> {
    let (area, share) = word.split_once(':')?;
    Some((area, share.parse().ok()?))
}

/// Cuts the line of districts into authorities of unequal size, and answers with the share of each.
fn assign_authorities(seed: u64, authorities: u32, outcodes: &mut [Outcode], weights: &[u64]) -> Vec<u64> {
    let mut draw = Draw::new(seed, Purpose::Authorities, 0);
    // The largest is about ten times the smallest, as Birmingham is to the smallest unitary authorities.
    let sizes: Vec<u64> = (0..authorities).map(|_| 300 + draw.below_skewed(2_700)).collect();
    let size: u64 = sizes.iter().sum::<u64>().max(1);
    let people: u64 = weights.iter().sum::<u64>().max(1);
    let mut shares = vec![0; sizes.len()];
    let mut authority = 0_u32;
    let (mut sizes_before, mut people_before) = (0_u64, 0_u64);
    let mut ends = sizes.iter().map(|own| {
        sizes_before += own;
        sizes_before
    });
    let mut end = ends.next().unwrap_or(size);
    for (outcode, weight) in outcodes.iter_mut().zip(weights) {
        // One step at most: every authority has a district, however small it was drawn.
        if people_before * size >= end * people
            && let Some(next) = ends.next()
        {
            end = next;
            authority += 1;
        }
        outcode.authority = authority;
        people_before += weight;
        if let Some(share) = shares.get_mut(usize::try_from(authority).unwrap_or(0)) {
            *share += weight * 1_000_000 / people;
        }
    }
    shares
}

/// The name of an invented authority, different for each below [`AUTHORITIES_MAX`].
pub(crate) fn authority_name(authority: u32) -> String {
    let starts: Vec<_> = PLACE_STARTS.split_whitespace().collect();
    let ends: Vec<_> = PLACE_ENDS.split_whitespace().collect();
    // 54 beginnings and 29 endings share no factor, so stepping both meets no pair twice in 1,566 steps.
    let number = usize::try_from(authority).unwrap_or(0) * 11;
    let at = |list: &[&'static str]| list.get(number % list.len().max(1)).copied().unwrap_or_default();
    [at(&starts), at(&ends)].concat()
}

/// An invented place name, for organisations that bear one.
pub(crate) fn place_name(draw: &mut Draw) -> String {
    let starts: Vec<_> = PLACE_STARTS.split_whitespace().collect();
    let ends: Vec<_> = PLACE_ENDS.split_whitespace().collect();
    [draw.pick(&starts), draw.pick(&ends)].concat()
}
