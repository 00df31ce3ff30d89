//! The team around the child: an agency at the end of each line, around the child or, on a telephone, below.

use std::f64::consts::TAU;

use askama::Template;
use vocabulary::ServiceClass;

use super::{Length, class_of, short};
use crate::pages::kit::Picture;

/// Size of the picture, and of the ring on which agencies stand.
const WIDTH: f64 = 800.0;
const RING_X: f64 = 170.0;
const RING_Y_MIN: f64 = 130.0;

/// Room above and below the ring, for the two lines of a label.
const RING_MARGIN: f64 = 56.0;

/// Most agencies that are drawn: more would cover each other; the list beside has them all.
const NODES_MAX: usize = 24;

/// Letters of a label's two lines.
const LINE_MAX: usize = 26;

/// One agency.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) service: String,
    pub(crate) organisation: String,
    pub(crate) class: ServiceClass,
    pub(crate) ended: bool,
    pub(crate) lead: bool,
}

/// A telephone's picture: its width, where the child's line and the nodes stand, and how far they are apart.
const NARROW_WIDTH: f64 = 340.0;
const TRUNK_X: f64 = 28.0;
const NODE_X: f64 = 76.0;
const STEP: f64 = 44.0;

/// Letters of a line of a label on a telephone.
const NARROW_LINE_MAX: usize = 34;

struct Drawn {
    x: f64,
    y: f64,
    anchor: &'static str,
    text_x: f64,
    text_y: f64,
    service: String,
    organisation: String,
    class: &'static str,
    ended: bool,
    lead: bool,
    words: String,
}

#[derive(Template)]
#[template(path = "pictures/network.html")]
struct Network<'a> {
    width: f64,
    height: f64,
    middle_x: f64,
    middle_y: f64,
    /// Where lines to the nodes leave a line down from the child; else each comes from the child itself.
    trunk: bool,
    nodes: Vec<Drawn>,
    description: &'a str,
}

impl Network<'_> {
    /// Where the line to a node begins.
    fn root_y(&self, node: &Drawn) -> f64 {
        if self.trunk { node.y } else { self.middle_y }
    }

    fn last_y(&self) -> f64 {
        self.nodes.last().map_or(self.middle_y, |node| node.y)
    }
}

/// Draws the agencies around a child; `None` where there is none.
pub(crate) fn network(nodes: &[Node]) -> Option<Picture> {
    let shown = nodes.get(..nodes.len().min(NODES_MAX)).unwrap_or_default();
    let count = u8::try_from(shown.len()).ok().filter(|count| *count > 0)?;
    let description = nodes.iter().map(in_words).collect::<Vec<_>>().join(". ");
    Some(Picture {
        wide: ring(shown, count, &description).render().ok()?,
        narrow: tree(shown, &description).render().ok()?,
        label: "The team around the child".to_owned(),
        caption: Some("A whole line: involved now. A broken line: has ended. A ring: lead professional. The cards below say the same.".to_owned()),
    })
}

/// For a desk: the child in the middle.
fn ring<'a>(shown: &[Node], count: u8, description: &'a str) -> Network<'a> {
    // Labels of neighbours are kept apart by a ring that grows with them.
    let ring_y = RING_Y_MIN.max(f64::from(count) * 15.0);
    let (middle_x, middle_y) = (WIDTH / 2.0, ring_y + RING_MARGIN);
    let drawn = shown.iter().zip(0_u8..).map(|(node, index)| {
        let angle = TAU * f64::from(index) / f64::from(count) - TAU / 4.0;
        let (x, y) = (middle_x + RING_X * angle.cos(), middle_y + ring_y * angle.sin());
        let side = angle.cos();
        let (anchor, text_x) = if side > 0.15 {
            ("start", x + 16.0)
        } else if side < -0.15 {
            ("end", x - 16.0)
        } else {
            ("middle", x)
        };
        let above = anchor == "middle" && angle.sin() < 0.0;
        let text_y = match anchor {
            "middle" if above => y - 36.0,
            "middle" => y + 26.0,
            _ => y - 2.0,
        };
        Drawn { x, y, anchor, text_x, text_y, ..Drawn::of(node, LINE_MAX) }
    });
    Network {
        width: WIDTH,
        height: 2.0 * middle_y,
        middle_x,
        middle_y,
        trunk: false,
        nodes: drawn.collect(),
        description,
    }
}

/// For a telephone: the child on top, and a branch to each agency.
fn tree<'a>(shown: &[Node], description: &'a str) -> Network<'a> {
    let drawn = shown.iter().zip(0_u8..).map(|(node, index)| {
        let y = 80.0 + STEP * f64::from(index);
        Drawn { x: NODE_X, y, text_x: NODE_X + 22.0, text_y: y - 2.0, ..Drawn::of(node, NARROW_LINE_MAX) }
    });
    let nodes: Vec<Drawn> = drawn.collect();
    let height = nodes.last().map_or(0.0, |node| node.y) + STEP / 2.0 + 4.0;
    let (middle_x, middle_y) = (TRUNK_X, 28.0);
    Network { width: NARROW_WIDTH, height, middle_x, middle_y, trunk: true, nodes, description }
}

impl Drawn {
    /// What is the same wherever the node stands.
    fn of(node: &Node, letters: usize) -> Drawn {
        Drawn {
            x: 0.0,
            y: 0.0,
            anchor: "start",
            text_x: 0.0,
            text_y: 0.0,
            service: short(&node.service, letters),
            organisation: short(&node.organisation, letters),
            class: class_of(node.class),
            ended: node.ended,
            lead: node.lead,
            words: in_words(node),
        }
    }
}

fn in_words(node: &Node) -> String {
    let state = if node.ended { "has ended" } else { "involved now" };
    let lead = if node.lead { ", lead professional" } else { "" };
    format!("{}, {}: {state}{lead}", node.service, node.organisation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agency_is_drawn_and_said_and_none_is_markup() {
        let node = |lead| Node {
            service: "Housing".to_owned(),
            organisation: "<i>Invented</i> & Sons".to_owned(),
            class: ServiceClass::Additional,
            ended: false,
            lead,
        };
        let drawn = network(&[node(true), node(false)]).unwrap();
        for svg in [drawn.wide, drawn.narrow] {
            assert_eq!(svg.matches("<circle class=\"cp-node").count(), 2, "{svg}");
            assert_eq!(svg.matches("cp-lead").count(), 1);
            assert!(!svg.contains("<i>"));
        }
        assert!(network(&[]).is_none());
    }
}
