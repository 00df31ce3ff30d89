//! Giving a notice: what a team says it did, for all children of a home at once; and the mark for a parent.

use std::sync::Arc;

use events::child::{
    Child, Command,
    notices::{self as told, Audience, Means},
};
use visibility::permission::{Action, Relation};
use vocabulary::{ChildId, ChildNumber, england_day};

use crate::{Directory, by_hand::HandError, outcome::Pending, people::Person, permitting::Denied};

/// A notice that was given, as it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeAsk {
    /// About whom.
    pub number: ChildNumber,
    /// To whom.
    pub audience: Audience,
    /// How.
    pub means: Means,
}

impl Directory {
    /// Records that a notice was given: of the version published last, and of all children of the home.
    ///
    /// # Errors
    /// `Unknown`: no such child, or one that another authority answers for. `Refused`: not of a team, or a rule.
    pub fn give_notice(&self, person: &Person, ask: NoticeAsk) -> Result<Pending, HandError> {
        let (id, child) = self.told_by(person, ask.number)?;
        let _alone = self.desk_mut();
        let policy = self.register().in_force();
        let Some(notice) = policy.notices.last() else {
            return Err(HandError::Refused {
                code: "notice_unpublished",
                detail: "no version of the notice was published yet".to_owned(),
            });
        };
        let publication = u32::try_from(policy.notices.len()).unwrap_or(u32::MAX);
        let version = notice.version.clone();
        let give = |audience| {
            let given = told::Given { publication, version: version.clone(), audience, means: ask.means };
            [Command::Notices(told::Command::Give { given, notice_age: policy.settings.notice_age })]
        };
        let today = england_day(self.clock().now());
        // Of whom nobody is told, nobody is told with others.
        let shared = child.is_told_notices(today) && ask.audience != Audience::OwnCopy;
        let others = if shared { self.residents(id, &child, today)? } else { Vec::new() };
        let related = self.related(&person.viewer())?;
        if others.iter().any(|(other, _)| related.contains(other)) {
            return Err(Denied::declared_relationship().into());
        }
        // The child that was named comes last: until it is told, the notice stands as due.
        for (other, held) in others {
            let audience = match ask.audience {
                Audience::CarerApart(carer) => held.apart_alike(&child, carer).map(Audience::CarerApart),
                Audience::Household | Audience::OwnCopy => Some(ask.audience),
            };
            if let Some(audience) = audience {
                self.run(person, other, &give(audience))?;
            }
        }
        self.run(person, id, &give(ask.audience))
    }

    /// Marks that a parent is to receive the child's own copy too, or is not.
    ///
    /// # Errors
    /// `Unknown`: no such child, or one that another authority answers for. `Refused`: not of a team.
    pub fn include_parent(
        &self,
        person: &Person,
        number: ChildNumber,
        parent_too: bool,
    ) -> Result<Pending, HandError> {
        let (id, _) = self.told_by(person, number)?;
        let _alone = self.desk_mut();
        self.run(person, id, &[Command::Notices(told::Command::IncludeParent(parent_too))])
    }

    /// The child whose family the person's team tells.
    fn told_by(&self, person: &Person, number: ChildNumber) -> Result<(ChildId, Arc<Child>), HandError> {
        person.may(Action::AnswerPerson, Relation::OwnAuthority)?;
        let Some((id, child)) = self.answered_for(person, number)? else {
            return Err(self.named_nobody(person));
        };
        self.unrelated(person, number, Some(id))?;
        Ok((id, child))
    }
}
