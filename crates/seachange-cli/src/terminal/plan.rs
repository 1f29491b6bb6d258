//! A plan as people read it: sign, object, risk word, the exact SQL, and what to know about it.

use seachange_schema::plan::{Risk, Step};
use seachange_schema::{Plan, script};

use super::style;
use crate::sizes::Sizes;

/// The whole plan, coloured; anstream takes the colours away where there are none.
pub(crate) fn text(plan: &Plan) -> String {
    text_for(plan, &Sizes::default())
}

/// The same for a live database: what a step meets in it.
pub(crate) fn text_for(plan: &Plan, sizes: &Sizes) -> String {
    let mut text = String::new();
    for (at, phase) in plan.phases.iter().enumerate() {
        if plan.phases.len() > 1 {
            text.push_str(&format!(
                "transaction {} of {}:\n",
                at + 1,
                plan.phases.len()
            ));
        }
        for step in &phase.steps {
            add_step(&mut text, step, sizes);
        }
    }
    let refusal = style::ERROR;
    for refused in &plan.refusals {
        text.push_str(&format!(
            "{refusal}! {}{refusal:#}: {}\n",
            refused.object, refused.reason
        ));
    }
    text.trim_end().to_owned()
}

fn add_step(text: &mut String, step: &Step, sizes: &Sizes) {
    let sign = match step.verb.sign() {
        '+' => style::ADDED,
        '-' => style::REMOVED,
        _ => style::CHANGED,
    };
    let risk = match step.risk() {
        Risk::Safe => style::GOOD,
        Risk::Lock | Risk::Rewrite => style::WARNING,
        Risk::DataLoss => style::ERROR,
    };
    let dim = style::DIM;
    text.push_str(&format!(
        "{sign}{} {}{sign:#} {risk}{}{risk:#}\n",
        step.verb.sign(),
        step.summary,
        step.risk().word()
    ));
    for impact in &step.impacts {
        text.push_str(&format!("    {dim}{impact}{dim:#}\n"));
        if let Some(live) = sizes.live(impact) {
            text.push_str(&format!("    {dim}{}{dim:#}\n", live.words()));
        }
    }
    for statement in &step.statements {
        for line in format!("{statement};").lines() {
            text.push_str(&format!("    {dim}{line}{dim:#}\n"));
        }
    }
    for hazard in &step.hazards {
        text.push_str(&format!(
            "    {risk}!{risk:#} {}\n",
            script::hazard_line(hazard)
        ));
    }
}
