//! Scores by a program's rubric. Pure.

use db::json::{Rubric, Scores};

use crate::problem::{Fault, pointer};

/// What of the scores is not the rubric's.
pub(crate) fn faults(rubric: &Rubric, scores: &Scores) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, score) in &scores.0 {
        let at = || pointer(["scores", id]);
        match rubric.0.iter().find(|criterion| criterion.id == *id) {
            None => faults.push(Fault::new(
                at(),
                "unknown",
                "the rubric has no such criterion",
            )),
            Some(criterion) => {
                let (min, max) = (criterion.scale.min, criterion.scale.max);
                if !(min..=max).contains(score) {
                    let detail = format!("a score is {min} to {max}");
                    faults.push(Fault::new(at(), "out-of-scale", detail));
                }
            }
        }
    }
    faults
}

/// The criteria that have no score yet.
pub(crate) fn missing(rubric: &Rubric, scores: &Scores) -> Vec<Fault> {
    let unscored = rubric
        .0
        .iter()
        .filter(|one| !scores.0.contains_key(&one.id));
    unscored
        .map(|one| {
            Fault::new(
                pointer(["scores", &one.id]),
                "required",
                "no score is given",
            )
        })
        .collect()
}

/// The whole by weight, 0 to 100; none before every criterion has its score.
pub(crate) fn total(rubric: &Rubric, scores: &Scores) -> Option<f64> {
    let mut total = 0.0;
    for criterion in &rubric.0 {
        let score = scores.0.get(&criterion.id)?;
        let span = criterion.scale.max - criterion.scale.min;
        total += criterion.weight * (score - criterion.scale.min) / span;
    }
    (!rubric.0.is_empty()).then(|| (total * 10_000.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::json::{Criterion, Scale};
    use proptest::prelude::*;

    fn rubric(weights: &[f64]) -> Rubric {
        let criterion = |(index, weight): (usize, &f64)| Criterion {
            id: format!("c{index}"),
            name: String::new(),
            description: String::new(),
            weight: *weight,
            scale: Scale {
                min: 1.0,
                max: 5.0,
                labels: None,
            },
        };
        Rubric(weights.iter().enumerate().map(criterion).collect())
    }

    fn scores(given: &[(&str, f64)]) -> Scores {
        Scores(
            given
                .iter()
                .map(|(id, score)| ((*id).to_owned(), *score))
                .collect(),
        )
    }

    #[test]
    fn a_score_is_of_a_criterion_and_on_its_scale() {
        let rubric = rubric(&[0.5, 0.5]);
        assert_eq!(faults(&rubric, &scores(&[("c0", 1.0), ("c1", 5.0)])), []);
        let wrong = faults(&rubric, &scores(&[("c0", 0.9), ("c1", 5.1), ("c/2", 3.0)]));
        let pointers: Vec<_> = wrong
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.code))
            .collect();
        assert_eq!(
            pointers,
            [
                ("#/scores/c~12", "unknown"),
                ("#/scores/c0", "out-of-scale"),
                ("#/scores/c1", "out-of-scale")
            ]
        );
        assert_eq!(missing(&rubric, &scores(&[("c0", 1.0)])).len(), 1);
    }

    #[test]
    fn the_total_weighs() {
        let rubric = rubric(&[0.75, 0.25]);
        assert_eq!(
            total(&rubric, &scores(&[("c0", 5.0), ("c1", 1.0)])),
            Some(75.0)
        );
        assert_eq!(total(&rubric, &scores(&[("c0", 5.0)])), None);
    }

    proptest! {
        #[test]
        fn the_total_stays_between_nothing_and_all(a in 1.0..=5.0, b in 1.0..=5.0, w in 0.0..=1.0) {
            let total = total(&rubric(&[w, 1.0 - w]), &scores(&[("c0", a), ("c1", b)])).unwrap();
            prop_assert!((0.0..=100.0).contains(&total));
        }
    }
}
