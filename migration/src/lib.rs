//! CohortFlow's migrations, in the order in which they are applied.
