//! What somebody does to a page: clicks, keys, drags, choices, files.

use std::path::Path;

use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchMouseEventParams, DispatchMouseEventType, InsertTextParams, MouseButton,
};
use serde_json::json;

use super::keys::{modifier, stroke};
use super::page::Page;

impl Page {
    /// Presses what is there, once it stands still and nothing lies over it.
    #[track_caller]
    pub(crate) fn clicks(&self, place: &str) {
        let at = self.spot(place);
        self.presses_at(at, 1);
    }

    #[track_caller]
    pub(crate) fn clicks_twice(&self, place: &str) {
        let at = self.spot(place);
        self.presses_at(at, 1);
        self.presses_at(at, 2);
    }

    /// A click while a key is held: `Control`.
    #[track_caller]
    pub(crate) fn clicks_with(&self, key: &str, place: &str) {
        let at = self.spot(place);
        for kind in [
            DispatchMouseEventType::MousePressed,
            DispatchMouseEventType::MouseReleased,
        ] {
            let mut event = mouse(kind, at, 1);
            event.modifiers = Some(modifier(key));
            self.does(event);
        }
    }

    /// A click that leads to another page.
    #[track_caller]
    pub(crate) fn follows(&self, place: &str) {
        self.leads(|| self.clicks(place));
    }

    /// Presses keys, one after the other: `Enter`, `Control+K`.
    #[track_caller]
    pub(crate) fn presses(&self, keys: &[&str]) {
        for key in keys {
            for event in stroke(key) {
                self.does(event);
            }
        }
    }

    /// Types letter by letter into what has the focus.
    #[track_caller]
    pub(crate) fn types(&self, text: &str) {
        for letter in text.chars() {
            match letter {
                '\n' => self.presses(&["Enter"]),
                '+' => self.presses(&["Plus"]),
                letter => self.presses(&[&letter.to_string()]),
            }
        }
    }

    /// Replaces what stands in the field that has the focus.
    #[track_caller]
    pub(crate) fn writes(&self, text: &str) {
        self.presses(&["Control+a"]);
        match text {
            "" => self.presses(&["Delete"]),
            text => {
                self.does(InsertTextParams::new(text));
            }
        }
    }

    /// Replaces what stands in a field.
    #[track_caller]
    pub(crate) fn fills(&self, place: &str, text: &str) {
        self.clicks(place);
        self.writes(text);
        self.says(place, text);
    }

    /// Chooses in a list that opens, by its keys.
    #[track_caller]
    pub(crate) fn chooses(&self, place: &str, label: &str) {
        let at = json!(place);
        let labels: Vec<String> = self.waits(
            &format!("`{place}` with `{label}`"),
            &format!(
                "(() => {{ const it = one({at}); if (!it) return null; it.focus(); \
                 const all = [...it.options].map((option) => option.label); \
                 return all.includes({}) ? all : null; }})()",
                json!(label)
            ),
        );
        let wanted = labels.iter().position(|it| it == label).unwrap();
        self.presses(&["Home"]);
        for _ in 0..wanted {
            self.presses(&["ArrowDown"]);
        }
        self.holds(
            &format!("`{label}` to be chosen"),
            &format!("one({at}).selectedOptions[0]?.label === {}", json!(label)),
        );
    }

    /// Drags from one point of the window to another.
    #[track_caller]
    pub(crate) fn drags(&self, from: [f64; 2], by: [f64; 2]) {
        let to = [from[0] + by[0], from[1] + by[1]];
        self.mouse(DispatchMouseEventType::MouseMoved, from, 0);
        self.mouse(DispatchMouseEventType::MousePressed, from, 1);
        for step in 1..=4 {
            let part = f64::from(step) / 4.0;
            let at = [from[0] + by[0] * part, from[1] + by[1] * part];
            let mut event = mouse(DispatchMouseEventType::MouseMoved, at, 1);
            event.buttons = Some(1);
            self.does(event);
        }
        self.mouse(DispatchMouseEventType::MouseReleased, to, 1);
    }

    /// Turns the wheel at a point.
    #[track_caller]
    pub(crate) fn turns_the_wheel(&self, at: [f64; 2], by: f64) {
        let mut event =
            DispatchMouseEventParams::new(DispatchMouseEventType::MouseWheel, at[0], at[1]);
        event.delta_x = Some(0.0);
        event.delta_y = Some(by);
        self.does(event);
    }

    /// Where a place is, once it can be pressed.
    #[track_caller]
    pub(crate) fn spot(&self, place: &str) -> [f64; 2] {
        self.waits(
            &format!("`{place}` to press"),
            &format!("spot({})", json!(place)),
        )
    }

    /// Chooses a file as the dialog of the system does.
    #[track_caller]
    pub(crate) fn gives_file(&self, place: &str, file: &Path) {
        let element = self
            .runtime()
            .block_on(self.inner().find_element(place))
            .unwrap();
        let mut given = SetFileInputFilesParams::new(vec![file.to_str().unwrap().to_owned()]);
        given.backend_node_id = Some(element.backend_node_id);
        self.does(given);
    }

    #[track_caller]
    fn presses_at(&self, at: [f64; 2], clicks: i64) {
        self.mouse(DispatchMouseEventType::MouseMoved, at, 0);
        self.mouse(DispatchMouseEventType::MousePressed, at, clicks);
        self.mouse(DispatchMouseEventType::MouseReleased, at, clicks);
    }

    #[track_caller]
    fn mouse(&self, kind: DispatchMouseEventType, at: [f64; 2], clicks: i64) {
        self.does(mouse(kind, at, clicks));
    }
}

/// `clicks` is 0 where no button is about it.
fn mouse(kind: DispatchMouseEventType, at: [f64; 2], clicks: i64) -> DispatchMouseEventParams {
    let mut event = DispatchMouseEventParams::new(kind, at[0], at[1]);
    if clicks > 0 {
        event.button = Some(MouseButton::Left);
        event.click_count = Some(clicks);
    }
    event
}
