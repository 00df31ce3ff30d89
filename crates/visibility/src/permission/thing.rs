//! Things: what an action is about. A date that ran out bars some of them and not others.

/// What an action is about; says what a time of grace leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// Looking at children.
    Look,
    /// What is one's own: looks, declarations.
    Own,
    /// The rules themselves: reasons, policy.
    Rules,
    /// Writing on a child's record.
    Record,
    /// Writing on one involvement.
    Involvement,
    /// The queues of the directory team.
    Queue,
    /// Looks of others, and reports.
    Audit,
    /// Cases and what is replayed under them.
    Case,
    /// Organisations and their clients.
    Organisation,
    /// Accounts.
    Account,
    /// Changing the policy.
    Policy,
    /// How the server stands.
    Operation,
}
