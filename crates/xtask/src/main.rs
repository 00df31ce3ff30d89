//! What a developer runs: `cargo xtask test`, `bless`, `crash`, `provider`, `browser`, `styles`, `schemathesis`.
//!
//! `test` is the only truth (ADR-0012): the README names it, CI calls it and nothing else.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to its terminal")]
#![expect(clippy::disallowed_methods, reason = "steps are timed, so that a slow one is seen")]

mod browser;
mod installing;
mod provider;
mod styles;

use std::{
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context as _, bail};

/// One step of the test: what it proves, and the command that does.
struct Step<'s> {
    proves: &'s str,
    command: &'s [&'s str],
    environment: &'s [(&'s str, &'s str)],
}

const DENY_DOC: &[(&str, &str)] = &[("RUSTDOCFLAGS", "-D warnings")];

/// The properties draw the same cases on every run of the gate, so that red means changed; `cargo test` alone
/// draws new ones each time, which is how they are looked for.
const SAME_CASES: &[(&str, &str)] = &[("PROPTEST_RNG_SEED", "2009")];

/// Cheapest first, so that a slip is told in seconds.
const TEST: &[Step<'static>] = &[
    Step {
        proves: "the code is formatted",
        command: &["cargo", "fmt", "--all", "--check"],
        environment: &[],
    },
    Step {
        proves: "floors, file sizes, words and bans hold",
        command: &["cargo", "test", "--locked", "-p", "tests", "--test", "architecture"],
        environment: &[],
    },
    Step {
        proves: "clippy finds nothing",
        command: &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
        environment: &[],
    },
    Step {
        proves: "the documentation builds",
        command: &["cargo", "doc", "--locked", "--workspace", "--no-deps"],
        environment: DENY_DOC,
    },
    Step {
        proves: "specs, properties, conformance and scenarios hold",
        command: &["cargo", "test", "--locked", "--workspace"],
        environment: SAME_CASES,
    },
];

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "test" => test(),
        "bless" => bless(),
        "provider" => provider::install(),
        "browser" => browser::install(),
        "styles" => match std::env::args().nth(2).as_deref() {
            None => styles::write(),
            Some("--check") => styles::check(),
            Some(other) => Err(anyhow::anyhow!("{other} is not known; `--check` only compares")),
        },
        "crash" => crash(std::env::args().nth(2).as_deref().unwrap_or("200")),
        "schemathesis" => schemathesis(std::env::args().nth(2).as_deref().unwrap_or("5")),
        _ => {
            eprintln!(
                "usage: cargo xtask test | bless | crash [ROUNDS] | provider | browser | styles [--check] | \
                 schemathesis [EXAMPLES]"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {task}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every step in order and stops at the first that fails. What a test starts is installed first.
fn test() -> anyhow::Result<()> {
    provider::install()?;
    browser::install()?;
    styles::check()?;
    for step in TEST {
        run(step)?;
    }
    licences()
}

/// Checks licences and sources, where `cargo deny` is installed; what it needs lies in the tree.
fn licences() -> anyhow::Result<()> {
    let present =
        Command::new("cargo").args(["deny", "--version"]).output().is_ok_and(|told| told.status.success());
    if !present {
        println!("── licences and sources are not checked: `cargo install cargo-deny` adds the check");
        return Ok(());
    }
    run(&Step {
        proves: "licences and sources are as allowed",
        command: &["cargo", "deny", "--offline", "check", "licenses", "bans", "sources"],
        environment: &[],
    })
}

/// Rewrites the style sheet, samples, golden files and generated documents from their sources.
fn bless() -> anyhow::Result<()> {
    provider::install()?;
    browser::install()?;
    styles::write()?;
    run(&Step {
        proves: "samples, golden files and generated documents are rewritten",
        command: &["cargo", "test", "--workspace"],
        environment: &[("BLESS", "1")],
    })
}

/// Kills a server under load, again and again, and counts what was lost: nothing may be.
///
/// Built apart, as fast as a release where it matters, so that many rounds take minutes.
fn crash(rounds: &str) -> anyhow::Result<()> {
    let rounds = rounds.parse::<u32>().context("ROUNDS is a number")?;
    let status = Command::new("cargo")
        .args([
            "test",
            "--locked",
            "--profile",
            "crash",
            "-p",
            "contactpoint",
            "--test",
            "crash",
            "--",
            "--nocapture",
        ])
        .env("CONTACTPOINT_CRASH_ROUNDS", rounds.to_string())
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!("the crash test failed: what it found stands above");
    }
    Ok(())
}

/// Asks every call of the OpenAPI document as every role, by Schemathesis: no 5xx, no undeclared answer.
///
/// Minutes, and a tool that is not ours to install, so it is no part of `test`; `EXAMPLES` are drawn for each call
/// beside those that cover its limits.
fn schemathesis(examples: &str) -> anyhow::Result<()> {
    let examples = examples.parse::<u32>().context("EXAMPLES is a number")?.to_string();
    run(&Step {
        proves: "the binary is built",
        command: &["cargo", "build", "--locked", "-p", "contactpoint"],
        environment: &[],
    })?;
    let built = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let program = format!("{built}/debug/contactpoint");
    run(&Step {
        proves: "no call by any role is answered with a 5xx or as the document does not declare",
        command: &["python3", "tests/schemathesis/by_role.py", &program, &examples],
        environment: &[],
    })
}

fn run(step: &Step<'_>) -> anyhow::Result<()> {
    println!("── {}: {}", step.proves, step.command.join(" "));
    let [program, arguments @ ..] = step.command else { bail!("a step without a command") };
    let began = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .envs(step.environment.iter().copied())
        .status()
        .with_context(|| format!("{program} could not be started; is it installed?"))?;
    println!("   {:.1} s", began.elapsed().as_secs_f32());
    if !status.success() {
        bail!("failed: {}", step.command.join(" "));
    }
    Ok(())
}
