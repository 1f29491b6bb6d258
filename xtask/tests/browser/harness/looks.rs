//! How the page is looked at: the window's size, light or dark, and pictures of it.

use std::path::PathBuf;

use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use chromiumoxide::page::ScreenshotParams;

use super::page::Page;

/// Names a folder for pictures: the tests of `everywhere` fill it, and one that fails leaves its own there.
const PICTURES: &str = "SEACHANGE_SCREENSHOTS";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Desk,
    Phone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

impl Page {
    #[track_caller]
    pub(crate) fn has_size(&self, size: Size) {
        let asked = match size {
            Size::Desk => SetDeviceMetricsOverrideParams::new(1440, 900, 1.0, false),
            Size::Phone => SetDeviceMetricsOverrideParams::new(390, 844, 1.0, true),
        };
        self.does(asked);
    }

    #[track_caller]
    pub(crate) fn has_scheme(&self, scheme: Scheme) {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = vec![MediaFeature::new("prefers-color-scheme", value)];
        self.does(SetEmulatedMediaParams {
            features: Some(features),
            ..SetEmulatedMediaParams::default()
        });
    }

    /// A picture of what the window shows, where a folder for them is named.
    pub(crate) fn keeps_a_picture(&self, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES).filter(|folder| !folder.is_empty()) else {
            return;
        };
        let taken = self
            .runtime()
            .block_on(self.inner().screenshot(ScreenshotParams::default()));
        let test = std::thread::current()
            .name()
            .unwrap_or("?")
            .replace("::", "-");
        let name = match name {
            "failed" => format!("failed-{test}.png"),
            name => format!("{name}.png"),
        };
        if let Ok(taken) = taken {
            let folder = PathBuf::from(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), taken).unwrap();
        }
    }
}
