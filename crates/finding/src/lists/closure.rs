//! Closure: who is one with another is one with whom that one is.
//!
//! Two descriptions may be known for one person's by a third alone, as a directory knows them by what it has
//! gathered of a child.

use std::collections::BTreeMap;

use super::Pair;

/// Steps less likely than this lead nowhere, nor do ways that become so.
const STEP_MIN: f64 = 0.5;

/// Raises each pair to the surest way from one to the other, a way being as likely as all its steps.
pub(super) fn close(probable: &mut BTreeMap<Pair, f64>) {
    let mut near: BTreeMap<u32, Vec<(u32, f64)>> = BTreeMap::new();
    for ((one, other), step) in probable.iter().filter(|(_, step)| **step >= STEP_MIN) {
        near.entry(*one).or_default().push((*other, *step));
        near.entry(*other).or_default().push((*one, *step));
    }
    for start in near.keys() {
        let mut surest = BTreeMap::from([(*start, 1.0)]);
        let mut front = vec![*start];
        while let Some(at) = front.pop() {
            let so_far = surest.get(&at).copied().unwrap_or_default();
            for (next, step) in near.get(&at).into_iter().flatten() {
                let whole = so_far * step;
                if whole >= STEP_MIN && surest.get(next).is_none_or(|known| *known < whole) {
                    surest.insert(*next, whole);
                    front.push(*next);
                }
            }
        }
        for (end, way) in surest.into_iter().filter(|(end, _)| end > start) {
            let known = probable.entry((*start, end)).or_insert(way);
            *known = known.max(way);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_joins_two_and_a_doubtful_step_does_not() {
        let mut probable = BTreeMap::from([((1, 2), 0.9), ((2, 3), 0.9), ((3, 4), 0.3), ((1, 3), 0.1)]);
        close(&mut probable);
        assert!((probable[&(1, 3)] - 0.81).abs() < 1e-9);
        assert!(!probable.contains_key(&(1, 4)) && !probable.contains_key(&(2, 4)));
        assert!((probable[&(3, 4)] - 0.3).abs() < 1e-9);
    }
}
