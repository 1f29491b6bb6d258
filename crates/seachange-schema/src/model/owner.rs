//! Whose objects are, where that counts: only where somebody declared it.

use super::{Object, ObjectId, Schema};
use crate::name::Ident;

impl Schema {
    /// The owner of an object, where that is not whoever read the schema.
    pub fn owner(&self, of: &ObjectId) -> Option<&Ident> {
        let id = ObjectId::Owner {
            of: Box::new(of.clone()),
        };
        match self.get(&id) {
            Some(Object::Owner(role)) => Some(role),
            _ => None,
        }
    }

    /// The same, to be compared with a schema that another role read: what belongs there to the role that
    /// read this one has an owner here too.
    pub(crate) fn with_owners_of(mut self, other: &Self) -> Self {
        let Some(reader) = self.reader.clone() else {
            return self;
        };
        for (id, object) in &other.objects {
            if let (ObjectId::Owner { of }, Object::Owner(role)) = (id, object)
                && *role == reader
                && self.contains(of)
            {
                self.objects
                    .entry(id.clone())
                    .or_insert_with(|| object.clone());
            }
        }
        self
    }

    /// The same without the owners that `declared` does not name.
    pub fn without_owners(mut self, declared: impl Fn(&ObjectId) -> bool) -> Self {
        let kept = |id: &ObjectId| !matches!(id, ObjectId::Owner { .. }) || declared(id);
        self.objects.retain(|id, _| kept(id));
        self
    }
}
