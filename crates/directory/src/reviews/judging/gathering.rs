//! Gathering: a month of looks out of the rows, each with what explains it, in the numbers that the engine counts in.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash},
};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Utc};
use events::{access::Event, recorded::Actor};
use linkage::normal;
use misuse::{
    Facts, Rarity, explain,
    explain::carries_on,
    queue::{DAY, Look, User},
};
use projections::{AccessAudit, access_audit};
use vocabulary::{AccountId, ChildId, OrganisationId, OrganisationKind, Position, Role, england_time};

use super::explaining::{Looked, explained};
use crate::{Directory, disclose::LookError, rows::Order};

/// Looks read at once.
const READ_AT_ONCE: usize = 1_000;

/// A month of looks.
pub(super) struct Gathered {
    pub(super) users: Vec<User>,
    pub(super) organisations: Vec<OrganisationId>,
    /// Their authorities, by place among the organisations.
    pub(super) authorities: Vec<Option<u32>>,
    /// How many children bear the surnames of those who look.
    pub(super) bearers: HashMap<u64, Rarity>,
    /// Sorted by user, then minute, then child.
    pub(super) looks: Vec<Look>,
    /// The first day of the span, a Monday.
    pub(super) begins: NaiveDate,
    /// How many of an organisation's people declared a home.
    pub(super) homes: HashMap<u32, u64>,
    /// How many children of an authority anybody looked at.
    pub(super) looked_at: HashMap<u32, u64>,
    positions: Vec<Position>,
    children: Vec<ChildId>,
}

/// One look as it is read.
struct Read {
    at: DateTime<Utc>,
    minute: u32,
    child: ChildId,
    position: Position,
    user: u32,
    caller: Option<u32>,
    role: Role,
    case: bool,
    overridden: bool,
}

impl Gathered {
    /// The child of a number.
    pub(super) fn child(&self, number: u32) -> Option<ChildId> {
        self.children.get(usize::try_from(number).ok()?).copied()
    }

    /// Which record a look was at, and where it stands in the log.
    pub(super) fn place(&self, look: u32) -> Option<(ChildId, Position)> {
        let at = usize::try_from(look).ok()?;
        Some((self.child(self.looks.get(at)?.child)?, *self.positions.get(at)?))
    }

    /// How many children anybody looked at.
    pub(super) fn children_looked_at(&self) -> u64 {
        u64::try_from(self.children.len()).unwrap_or(u64::MAX)
    }

    /// The number of an organisation.
    pub(super) fn organisation(&self, id: &OrganisationId) -> Option<u32> {
        self.organisations.binary_search(id).ok().and_then(|at| u32::try_from(at).ok())
    }
}

/// A number for a text that means nothing elsewhere: equal or not, and no more.
pub(super) fn blind(parts: impl Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(parts)
}

/// A person's name as it is compared: the last word, and the first with the last.
pub(super) fn names(name: &str) -> (String, u64, u64) {
    let words = normal::words(name);
    let surname = words.last().cloned().unwrap_or_default();
    let whole = blind((words.first(), words.last()));
    let hashed = blind(&surname);
    (surname, hashed, whole)
}

impl Directory {
    /// Reads the openings between two instants.
    pub(super) fn gather_looks(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Gathered, LookError> {
        let day = england_time(from).date();
        let begins = day - Days::new(day.weekday().num_days_from_monday().into());
        let mut gathered = self.who_looks(begins);
        let accounts = self.numbered_accounts();
        let mut read = Vec::new();
        for organisation in &gathered.organisations {
            self.read_looks(organisation, (from, until), begins, &accounts, &mut read)?;
        }
        // Of one child together, so that each is read once.
        read.sort_unstable_by_key(|look| (look.child, look.position));
        let mut found: Vec<(Look, Position)> = Vec::with_capacity(read.len());
        for of_child in read.chunk_by(|one, other| one.child == other.child) {
            let Some(child) = of_child.first().map(|look| look.child) else { continue };
            let number = u32::try_from(gathered.children.len()).unwrap_or(u32::MAX);
            gathered.children.push(child);
            let known = self.load(self.kinship().root(child))?.child;
            if let Some(area) = known.authority.as_ref().and_then(|area| gathered.organisation(area)) {
                *gathered.looked_at.entry(area).or_default() += 1;
            }
            for look in of_child {
                let organisation = |user: u32| {
                    let user = gathered.users.get(usize::try_from(user).ok()?)?;
                    usize::try_from(user.organisation).ok()
                };
                let Some(own) = organisation(look.user) else { continue };
                let Some(of) = gathered.organisations.get(own) else { continue };
                let authority = gathered.authorities.get(own).copied().flatten();
                let named = |place: usize| gathered.organisations.get(place);
                let told = Looked {
                    at: look.at,
                    role: look.role,
                    organisation: of,
                    authority: authority.and_then(|place| named(usize::try_from(place).ok()?)),
                    caller: look.caller.and_then(organisation).and_then(named),
                    case: look.case,
                };
                let explained = explained(&known, &told);
                let Read { minute: at, user, overridden, .. } = *look;
                found.push((Look { at, user, child: number, explained, overridden }, look.position));
            }
        }
        drop(read);
        found.sort_unstable_by_key(|(look, _)| (look.user, look.at, look.child));
        (gathered.looks, gathered.positions) = found.into_iter().unzip();
        follow_up(&mut gathered.looks);
        Ok(gathered)
    }

    /// Everybody who may look, and their organisations.
    fn who_looks(&self, begins: NaiveDate) -> Gathered {
        let register = self.register();
        let dormant_months = register.policy().dormant_months;
        let mut organisations: Vec<OrganisationId> =
            register.organisations().map(|(id, _)| id.clone()).collect();
        organisations.sort_unstable();
        let number =
            |id: &OrganisationId| organisations.binary_search(id).ok().and_then(|at| u32::try_from(at).ok());
        let authorities =
            organisations.iter().map(|id| number(&register.authority_of(id)?)).collect::<Vec<_>>();
        let (mut users, mut surnames) = (Vec::new(), BTreeMap::new());
        for (_, account) in register.accounts() {
            let created = account.created.as_ref();
            let kind = created.and_then(|created| {
                register.organisation(&created.organisation)?.details.as_ref().map(|details| details.kind)
            });
            let place = kind.and_then(|kind| OrganisationKind::ALL.iter().position(|other| *other == kind));
            let (surname, hashed, whole_name) = names(created.map_or("", |created| created.name.as_str()));
            surnames.insert(hashed, surname);
            users.push(User {
                organisation: created.and_then(|created| number(&created.organisation)).unwrap_or(u32::MAX),
                group: place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX),
                surname: hashed,
                whole_name,
                home: account.home.and_then(|(home, _)| home.house).map(blind),
                postcode: account.home.map(|(home, _)| blind(home.postcode)),
                woken: account.woken_since(begins, dormant_months),
                enumerated: account.ceilings.newest_on().is_some_and(|day| day >= begins),
            });
        }
        drop(register);
        let mut homes: HashMap<u32, u64> = HashMap::new();
        for user in users.iter().filter(|user| user.home.is_some()) {
            *homes.entry(user.organisation).or_default() += 1;
        }
        let index = self.index();
        let bearers = surnames.into_iter().map(|(hashed, surname)| {
            let (bearers, of) = index.surname_bearers(&surname);
            (hashed, Rarity { bearers, of })
        });
        let bearers = bearers.collect();
        Gathered {
            users,
            organisations,
            authorities,
            bearers,
            looks: Vec::new(),
            begins,
            homes,
            looked_at: HashMap::new(),
            positions: Vec::new(),
            children: Vec::new(),
        }
    }

    /// The place of each account among the users.
    fn numbered_accounts(&self) -> HashMap<AccountId, u32> {
        (0..).zip(self.register().accounts()).map(|(place, (id, _))| (id, place)).collect()
    }

    /// Reads the openings by an organisation's staff, the newest first, until one is older.
    fn read_looks(
        &self,
        organisation: &OrganisationId,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        begins: NaiveDate,
        accounts: &HashMap<AccountId, u32>,
        into: &mut Vec<Read>,
    ) -> Result<(), LookError> {
        let within = access_audit::by_organisation(organisation);
        let mut before = None;
        loop {
            let postings = self.rows().postings::<AccessAudit>(
                &within,
                before.as_ref(),
                Order::Descending,
                READ_AT_ONCE,
            )?;
            for (_, (child, position)) in &postings {
                let Some(row) = self.rows().get::<AccessAudit>(&(*child, *position))? else { continue };
                if row.at < from {
                    return Ok(());
                }
                let Actor::Person(by) = &row.by else { continue };
                let Some(user) = accounts.get(&by.account).copied().filter(|_| row.at < until) else {
                    continue;
                };
                let opened = row.events.iter().find_map(|event| {
                    if let Event::RecordOpened(opened) = event { Some(opened) } else { None }
                });
                let Some(opened) = opened else { continue };
                into.push(Read {
                    at: row.at,
                    minute: minute(begins, england_time(row.at)),
                    child: *child,
                    position: *position,
                    user,
                    caller: by.on_behalf_of.and_then(|caller| accounts.get(&caller).copied()),
                    role: by.role,
                    case: opened.case.is_some(),
                    overridden: row
                        .events
                        .iter()
                        .any(|event| matches!(event, Event::ShieldOverridden { .. })),
                });
            }
            if postings.len() < READ_AT_ONCE {
                return Ok(());
            }
            before = postings.into_iter().next_back().map(|(posting, _)| posting);
        }
    }
}

/// Minutes since the span began, by the clock on the wall.
fn minute(begins: NaiveDate, at: NaiveDateTime) -> u32 {
    u32::try_from((at - begins.and_time(chrono::NaiveTime::MIN)).num_minutes()).unwrap_or(0)
}

/// A person's later look at a child is explained by an earlier one that was.
fn follow_up(looks: &mut [Look]) {
    let (mut last, mut user) = (HashMap::new(), None);
    for look in looks {
        if user.replace(look.user) != Some(look.user) {
            last.clear();
        }
        if look.explained.is_none() {
            let followed = last.get(&look.child).map(|at| (look.at - at) / DAY);
            look.explained = explain(&Facts { followed, ..Facts::default() });
        }
        if look.explained.is_some_and(carries_on) {
            last.insert(look.child, look.at);
        }
    }
}
