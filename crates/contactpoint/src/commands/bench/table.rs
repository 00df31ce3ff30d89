//! `bench table`: what was measured on both sides as one table, beside the targets.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
};

use anyhow::Context;

use crate::{
    exit::{Status, usage},
    measure::{
        figure::Line,
        plot::svg,
        table::{Results, costs, replaced},
        targets::RATES,
    },
    output::raw,
};

/// Which results, and where to put them.
#[derive(Debug, clap::Args)]
pub(crate) struct Table {
    /// Files of results, a line of JSON each; lines of logs among them are passed over
    #[arg(required = true)]
    results: Vec<PathBuf>,
    /// Also put the tables into this document, between its marks
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// Also draw each workload against the number of children
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
}

impl Table {
    /// Prints the tables.
    pub(super) fn run(&self) -> anyhow::Result<Status> {
        let mut lines = Vec::new();
        for path in &self.results {
            let file = fs::File::open(path);
            let file = file.map_err(|error| usage(format!("{} cannot be read: {error}", path.display())))?;
            for line in BufReader::new(file).lines() {
                lines.extend(serde_json::from_str::<Line>(&line?).ok());
            }
        }
        let all = Results::sorted(lines);
        if all.is_empty() {
            return Err(usage("the files hold no results"));
        }
        let tables: Vec<String> = all.iter().map(Results::markdown).chain([costs(&all)]).collect();
        let text = tables.join("\n").trim_end().to_owned() + "\n";
        raw(text.as_bytes())?;
        if let Some(path) = &self.into {
            let shown = path.display();
            let document = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
            let document =
                replaced(&document, &text).ok_or_else(|| usage(format!("{shown} has no marks for it")))?;
            fs::write(path, document).with_context(|| format!("{shown} cannot be written"))?;
        }
        if let Some(folder) = &self.plots {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
            for rate in RATES.iter().filter(|rate| rate.ours == rate.theirs) {
                if let Some(drawn) = svg(rate, &all) {
                    let path = folder.join(format!("{}.svg", rate.ours));
                    fs::write(&path, drawn)
                        .with_context(|| format!("{} cannot be written", path.display()))?;
                }
            }
        }
        Ok(Status::Done)
    }
}
