//! Asks the binary: a folder of its own, a command, and what came of it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// What came of a command.
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// Everything on stdout, a JSON object a line; anything else there fails the test.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let read = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            assert!(value.is_object(), "no object: {line}");
            value
        };
        self.stdout.lines().map(read).collect()
    }

    /// The one object on stdout.
    pub(crate) fn object(&self) -> Value {
        let [object] = <[Value; 1]>::try_from(self.objects()).unwrap();
        object
    }

    /// Fails unless the command ended so.
    pub(crate) fn ended(self, status: i32) -> Answer {
        assert_eq!(self.status, status, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

/// Runs the binary.
pub(crate) fn contactpoint(arguments: &[&str]) -> Answer {
    asked_at(None, arguments)
}

/// Runs the binary, by a told clock where one is given.
pub(crate) fn asked_at(clock: Option<&str>, arguments: &[&str]) -> Answer {
    let clock = clock.map(|clock| ("CONTACTPOINT_CLOCK", clock));
    asked_with(clock.as_slice(), arguments)
}

/// Runs the binary with these variables and no others of its own.
pub(crate) fn asked_with(variables: &[(&str, &str)], arguments: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contactpoint"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CONTACTPOINT_")) {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).args(arguments).output().unwrap();
    Answer {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory with a few organisations, in a folder that is gone after the test.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// An organisation that may supply.
pub(crate) const SUPPLIER: &str = "gss:E06990001";

const ORGANISATIONS: &str = "\
id,name,kind,authority,service_types,telephone,email,outcodes,accredited_until,agreement_until,states_others
gss:E06990001,Ayton Council,local_authority,gss:E06990001,social_care,01632 960001,duty@ayton.example.org,N17,2999-12-31,2999-12-31,false
urn:900001,Ayton Primary School,school,gss:E06990001,school,01632 960002,office@school.example.org,,2999-12-31,2999-12-31,false
urn:900002,Bayton Primary School,school,gss:E06990001,school,01632 960003,office@other.example.org,,2999-12-31,2999-12-31,false
";

impl Place {
    /// A folder without a directory.
    pub(crate) fn empty() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// A directory with the organisations.
    pub(crate) fn with_organisations() -> Place {
        let place = Place::empty();
        place.take_organisations();
        place
    }

    /// Brings the organisations in.
    pub(crate) fn take_organisations(&self) {
        let file = self.file("organisations.csv", ORGANISATIONS);
        let answer = self.ask(&["--json", "import", "organisations", &file]).ended(0);
        assert_eq!(answer.object()["recorded"], 3);
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and tells its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        text_of(&self.path(name))
    }

    /// Runs a command on the directory.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Answer {
        let data = text_of(&self.path("data"));
        contactpoint(&[arguments, &["--data", &data]].concat())
    }

    /// What `verify` says of the log.
    pub(crate) fn verified(&self) -> Value {
        self.ask(&["--json", "verify"]).ended(0).object()
    }
}

pub(crate) fn text_of(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
