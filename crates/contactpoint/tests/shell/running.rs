//! A process of ours that goes on: what it says, where it listens, and how it ends.

use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, Command, Stdio},
};

/// A process of ours, and what it says.
pub(crate) struct Running {
    process: Child,
    told: Lines<BufReader<ChildStderr>>,
}

impl Running {
    /// Starts the binary.
    pub(crate) fn start(arguments: &[&str]) -> Running {
        Running::start_with(&[], arguments)
    }

    /// Starts the binary with these variables too.
    pub(crate) fn start_with(variables: &[(&str, &str)], arguments: &[&str]) -> Running {
        let mut process = Command::new(env!("CARGO_BIN_EXE_contactpoint"))
            .args(arguments)
            .envs(variables.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let told = BufReader::new(process.stderr.take().unwrap()).lines();
        Running { process, told }
    }

    /// Every line up to the one that says this.
    pub(crate) fn until(&mut self, what: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for line in self.told.by_ref() {
            lines.push(line.unwrap());
            if lines.last().is_some_and(|last: &String| last.contains(what)) {
                return lines;
            }
        }
        panic!("it ended before it said {what}: {lines:?}");
    }

    /// The address that the line tells which says this.
    pub(crate) fn address(&mut self, what: &str) -> String {
        let line = self.until(what).pop().unwrap();
        let port = line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit);
        format!("127.0.0.1:{}", port.collect::<String>())
    }

    /// Sends a signal and waits for the end: the exit status, unless the signal itself ended it.
    pub(crate) fn ended(mut self, signal: &str) -> Option<i32> {
        Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        self.process.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind; one that ended is gone already.
        let _killed = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// What is answered to a request: head and body.
pub(crate) fn asked(address: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let headers = format!("host: {address}\r\ncontent-length: {length}\r\nconnection: close");
    stream.write_all(format!("{head} HTTP/1.1\r\n{headers}\r\n\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
