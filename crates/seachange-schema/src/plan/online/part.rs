//! A part of a step: what of it runs in one phase.

use crate::plan::step::Step;
use crate::plan::{Hazard, HazardCode, Transaction};

/// Some of a step's statements. The parts of a step run in their order.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(super) transaction: Transaction,
    pub(super) step: Step,
    /// Whether what needs the step waits for this part too; a check's validation nobody waits for.
    pub(super) is_waited_for: bool,
    /// Whether this part alone waits until what goes under the same name is gone.
    pub(super) replaces: bool,
}

impl Part {
    pub(super) fn whole(step: &Step, transaction: Transaction) -> Self {
        Self {
            transaction,
            step: step.clone(),
            is_waited_for: true,
            replaces: true,
        }
    }

    /// Some statements of a step, said in words of their own; without the step's hazards.
    pub(super) fn of(
        step: &Step,
        transaction: Transaction,
        words: &str,
        statements: Vec<String>,
    ) -> Self {
        let mut step = step.clone();
        if !words.is_empty() {
            step.summary = format!("{}, {words}", step.summary);
        }
        step.statements = statements;
        step.hazards.clear();
        Self {
            transaction,
            step,
            is_waited_for: true,
            replaces: true,
        }
    }

    /// What the step risks, but for what this way of doing it avoids.
    pub(super) fn with_hazards_of(self, step: &Step) -> Self {
        self.with_hazards(step, |hazard| hazard.code != HazardCode::RewritesTable)
    }

    /// Some of what the step risks; nobody is kept from writing.
    pub(super) fn with_hazards(mut self, step: &Step, which: impl Fn(&Hazard) -> bool) -> Self {
        let kept = (step.hazards.iter())
            .filter(|hazard| hazard.code != HazardCode::BlocksWrites && which(hazard));
        self.step.hazards.extend(kept.cloned());
        if self.transaction == Transaction::None {
            // What ran before stays.
            for hazard in &mut self.step.hazards {
                hazard.message = hazard
                    .message
                    .replace("fails, and changes nothing, ", "stops there ");
            }
        }
        self
    }

    pub(super) fn and_hazard(mut self, hazard: Hazard) -> Self {
        self.step.hazards.push(hazard);
        self
    }

    pub(super) fn nobody_waits(mut self) -> Self {
        self.is_waited_for = false;
        self
    }

    pub(super) fn beside_the_old(mut self) -> Self {
        self.replaces = false;
        self
    }
}
