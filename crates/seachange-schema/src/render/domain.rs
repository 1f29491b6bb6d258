//! A domain whose checks and default are taken off for a while, since what they call is made anew.

use std::collections::BTreeMap;

use super::types::alter_domain;
use super::{Alteration, Work};
use crate::model::{Domain, Object};
use crate::name::Name;

/// Takes them off.
pub(crate) fn bare_domain(name: &Name, object: &Object) -> Work {
    match object {
        Object::Domain(domain) => in_place(name, domain, &bare(domain)),
        _ => Work::default(),
    }
}

/// Puts those of the next state on.
pub(crate) fn dress_domain(name: &Name, previous: &Object, next: &Object) -> Work {
    match (previous, next) {
        (Object::Domain(previous), Object::Domain(next)) => in_place(name, &bare(previous), next),
        _ => Work::default(),
    }
}

fn bare(domain: &Domain) -> Domain {
    Domain {
        default: None,
        checks: BTreeMap::new(),
        ..domain.clone()
    }
}

fn in_place(name: &Name, previous: &Domain, next: &Domain) -> Work {
    match alter_domain(name, previous, next) {
        Alteration::InPlace(work) => work,
        // Their types are the same.
        Alteration::Recreate | Alteration::Refused(_) => Work::default(),
    }
}
