//! Makes the directory of the demonstration: organisations, the story on its own days, then everybody else today.
//!
//! Source: contract.md section 5; docs/child-v.md.

use std::sync::Arc;

use anyhow::Context;
use directory::{Directory, Folders, Ledger};
use population::{
    Organisation, Population,
    child_v::Story,
    sandbox::{self, Examples},
};
use vocabulary::england_day;

use super::{
    cast::{self, PARTS, Part, STORY_DATA_MANAGER},
    credentials::{self, ChildV, Credentials, DemoUser},
    england, story,
};
use crate::{
    background::Background,
    clock::{self, StoryClock},
    opening::open_seeded,
    output::say,
    progress::bar,
    settings::Settings,
    stopwatch::Stopwatch,
};

/// Who decides about the shield of the example.
const TEAM: &str = "team";

/// Everything that is invented before anything is recorded.
struct Script {
    seed: u64,
    children: u64,
    england: Population,
    story: Story,
    examples: Examples,
    organisations: Vec<Organisation>,
    /// The authority in which the cast works.
    home: String,
}

impl Script {
    fn write(seed: u64, children: u64, today: chrono::NaiveDate) -> anyhow::Result<Script> {
        let story = Story::ending_on(today);
        let england = Population::sized(seed, today, children);
        let examples = sandbox::examples(&england, children)
            .context("no child is fit for an example; use another seed or more children")?;
        let mut organisations: Vec<_> = england.organisations().collect();
        organisations.extend(story.organisations());
        let inspectorate = organisations.first().map(cast::inspectorate).context("nobody is there")?;
        organisations.push(inspectorate);
        let home = england::home(&england, children, &organisations, &examples)
            .context("no authority lists the example's outcode")?
            .id
            .clone();
        Ok(Script { seed, children, england, story, examples, organisations, home })
    }

    fn employ(&self, directory: &Directory, part: &Part) -> anyhow::Result<DemoUser> {
        let workplace = cast::workplace(&self.organisations, &self.home, part.at)
            .with_context(|| format!("nobody employs {}", part.username))?;
        england::employ(directory, self.seed, part, workplace)
    }
}

/// Makes the directory in fresh folders and writes its credentials last.
///
/// # Errors
/// Anything invented was refused, or the machine failed.
pub(crate) fn make(
    folders: &Folders,
    settings: &Settings,
    (seed, children): (u64, u64),
    url: &str,
) -> anyhow::Result<(Arc<Directory>, Arc<Ledger>)> {
    let watch = Stopwatch::start();
    let real = clock::of(settings);
    let script = Script::write(seed, children, england_day(real.now()))?;
    let clock = StoryClock::new(story::begins(&script.story), real);
    let directory = Arc::new(open_seeded(folders, Box::new(clock.clone()), seed)?);
    let ledger = Arc::new(Ledger::open(folders)?);
    let background = Background::start(&directory, Some(&ledger))?;
    let told = play(&directory, &clock, &script, url);
    background.stop();
    let (credentials, events) = told?;
    credentials.write(&folders.data.join(credentials::FILE))?;
    say(format_args!(
        "{children} children in {events} events, made in {:.1} s",
        watch.elapsed().as_secs_f64()
    ));
    Ok((directory, ledger))
}

/// Plays the script; answers the credentials and how many events the children took.
fn play(
    directory: &Directory,
    clock: &StoryClock,
    script: &Script,
    url: &str,
) -> anyhow::Result<(Credentials, u64)> {
    let rows = script.organisations.iter().map(england::row_of).collect::<anyhow::Result<Vec<_>>>()?;
    let count = rows.len() as u64;
    let organising = bar("organisations", count);
    england::bring_in(directory, rows, &organising)?;
    organising.finish_and_clear();
    say(format_args!("{count} organisations"));

    // One person is there from the beginning: who decides within the story.
    let early = |part: &&Part| part.username == STORY_DATA_MANAGER;
    let mut users = PARTS
        .iter()
        .filter(early)
        .map(|part| script.employ(directory, part))
        .collect::<anyhow::Result<Vec<_>>>()?;
    story::connect(directory, script.seed)?;
    let telling = bar("steps of the story", script.story.steps.len() as u64);
    let child_number = story::tell(directory, clock, &script.story, &telling)?;
    telling.finish_and_clear();
    say(format_args!("the story of Child V in {} steps", script.story.steps.len()));

    clock.end();
    for part in PARTS.iter().filter(|part| !early(part)) {
        users.push(script.employ(directory, part)?);
    }
    users.sort_by_key(|user| PARTS.iter().position(|part| part.username == user.username));
    let clients = england::connect(directory, script.seed, &script.organisations, &script.home)?;
    let populating = bar("children", script.children);
    let wanted = &script.examples.shielded_local_ref;
    let (counts, shielded) =
        england::populate(directory, &script.england, script.children, wanted, &populating)?;
    populating.finish_and_clear();
    england::shield(directory, TEAM, shielded.context("the example's child has no number")?)?;
    let credentials = Credentials {
        url: url.to_owned(),
        clients,
        users,
        child_v: ChildV { child_number },
        examples: (&script.examples).into(),
    };
    Ok((credentials, counts.total()))
}

#[cfg(test)]
mod tests {
    use directory::ports::{Clock, SystemClock};

    use super::*;
    use crate::opening::{Fresh, open};
    use crate::{commands::demo_code::code, settings};

    #[test]
    fn everybody_of_the_cast_signs_in_at_once_and_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let folders = settings::folders(&folder.path().join("demo"), None);
        let (directory, ledger) =
            make(&folders, &Settings::default(), (1, 200), "http://127.0.0.1:1").unwrap();
        let credentials = Credentials::read(&folders.data.join(credentials::FILE)).unwrap().unwrap();
        let (early, late) = credentials.users.split_at(credentials.users.len() / 2);
        let sign_in = |into: &Directory, users: &[DemoUser]| {
            for user in users {
                // By the machine's clock: that of the story must be over.
                let now = SystemClock::default().now().timestamp();
                let otp = code(&user.totp_secret, now).unwrap();
                let signed_in = into.sign_in(&user.username, &user.password, &otp, None);
                assert_eq!(signed_in.unwrap().role, user.role, "{}", user.username);
            }
        };
        sign_in(&directory, early);
        drop((directory, ledger));
        let opened = open(&folders, Box::new(SystemClock::default()), Fresh::Refuse).unwrap();
        sign_in(&opened, late);
    }
}
