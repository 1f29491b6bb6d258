//! Building what a source declares in a scratch database, once: it is sealed as a template.

use std::collections::BTreeSet;
use std::sync::Arc;

use seachange_schema::{Ident, Schema};
use sqlx::Connection;

use super::error::SourceError;
use super::inputs::{Inputs, Keys};
use super::replay::replay;
use super::road::Road;
use crate::connection::run_script;
use crate::scratch::{ScratchDatabase, Template, missing_role};

/// A template, and the schema if it had to be built for it.
pub(super) enum Sealed {
    Found(Template),
    Built(Template, Arc<Schema>),
}

impl Sealed {
    pub(super) fn into_template(self) -> Template {
        match self {
            Self::Found(template) | Self::Built(template, _) => template,
        }
    }
}

impl Road {
    /// The template of these inputs, found or built.
    pub(super) async fn sealed(&self, inputs: &Inputs, keys: &Keys) -> Result<Sealed, SourceError> {
        let stages = keys.templates();
        let whole = &stages[stages.len() - 1];
        if let Some(template) = self.scratch.template(whole).await? {
            return Ok(Sealed::Found(template));
        }
        let _turn = self.scratch.building(whole).await?;
        let built = self.scratch.templates(&stages).await?;
        if let Some(template) = built.last().filter(|template| template.is(whole)) {
            return Ok(Sealed::Found(template.clone()));
        }
        let database = self.build(inputs, keys, built.last()).await?;
        let schema = self.read(&database, keys).await?;
        let template = self.scratch.seal(database, whole).await?;
        Ok(Sealed::Built(template, schema))
    }

    /// A copy of that template, which is built again when another process prunes it meanwhile.
    pub(super) async fn cloned(
        &self,
        inputs: &Inputs,
        keys: &Keys,
    ) -> Result<ScratchDatabase, SourceError> {
        const TRIES: usize = 3;
        let mut tries = 1;
        loop {
            let template = self.sealed(inputs, keys).await?.into_template();
            match self.scratch.clone_of(&template).await {
                Err(error) if error.is_gone() && tries < TRIES => tries += 1,
                cloned => return Ok(cloned?),
            }
        }
    }

    /// Builds, and where a role is missing that a grant or a policy names, makes it and builds again.
    async fn build(
        &self,
        inputs: &Inputs,
        keys: &Keys,
        stage: Option<&Template>,
    ) -> Result<ScratchDatabase, SourceError> {
        let mut made: BTreeSet<Ident> = BTreeSet::new();
        loop {
            let (database, stage) = self.start(stage).await?;
            let error = match self.fill(&database, inputs, keys, stage).await {
                Ok(()) => return Ok(database),
                Err(error) => error,
            };
            database.drop().await?;
            match missing_role(&error) {
                Some(role) if made.insert(role.clone()) => {
                    self.scratch.provide_roles(&made).await?;
                }
                _ => return Err(error),
            }
        }
    }

    /// A copy of what is built already, if anything is, else an empty database.
    async fn start<'a>(
        &self,
        stage: Option<&'a Template>,
    ) -> Result<(ScratchDatabase, Option<&'a Template>), SourceError> {
        let cloned = match stage {
            Some(stage) => match self.scratch.clone_of(stage).await {
                Err(error) if error.is_gone() => None,
                cloned => Some((cloned?, stage)),
            },
            None => None,
        };
        Ok(match cloned {
            Some((database, stage)) => (database, Some(stage)),
            None => (self.scratch.create().await?, None),
        })
    }

    async fn fill(
        &self,
        database: &ScratchDatabase,
        inputs: &Inputs,
        keys: &Keys,
        stage: Option<&Template>,
    ) -> Result<(), SourceError> {
        match inputs {
            Inputs::Empty => {}
            Inputs::Migrations { folder, count } => {
                let done =
                    stage.and_then(|stage| keys.templates().iter().position(|key| stage.is(key)));
                let pending = &folder.migrations[done.unwrap_or(0)..*count];
                replay(database, pending, self.places.rust.as_deref()).await?;
            }
            Inputs::Entities(recorded) => {
                let mut connection = database.connect().await?;
                recorded.build(&mut connection).await?;
                connection.close().await.ok();
            }
            Inputs::Sql(files) => {
                let mut connection = database.connect().await?;
                for file in files {
                    run_script(&mut connection, file.sql()).await?;
                }
                connection.close().await.ok();
            }
        }
        Ok(())
    }
}
