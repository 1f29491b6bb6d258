//! HMAC-SHA256 (RFC 2104) under the run's key. Every use has a label of its own, so that no two of them ever
//! hash the same bytes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key, and the labels that came so far.
#[derive(Clone)]
pub(in crate::sample) struct Keyed {
    begun: Hmac<Sha256>,
}

impl Keyed {
    pub(in crate::sample) fn new(key: &[u8; 32]) -> Self {
        let begun = Hmac::new_from_slice(key);
        Self {
            begun: begun.expect("HMAC takes keys of every length"),
        }
    }

    /// A key of its own for what comes behind this label.
    pub(super) fn labelled(&self, label: &[u8]) -> Self {
        let length = u32::try_from(label.len()).expect("labels are short");
        let mut labelled = self.clone();
        labelled.begun.update(&length.to_be_bytes());
        labelled.begun.update(label);
        labelled
    }

    pub(in crate::sample) fn digest(&self, label: &[u8], value: &[u8]) -> [u8; 32] {
        self.labelled(label).finish(value)
    }

    /// The HMAC of label and value.
    pub(super) fn finish(&self, value: &[u8]) -> [u8; 32] {
        self.begun
            .clone()
            .chain_update(value)
            .finalize()
            .into_bytes()
            .into()
    }

    /// The first half of a digest as a number.
    pub(in crate::sample) fn number(&self, label: &[u8], value: &[u8]) -> u128 {
        first_half(&self.digest(label, value))
    }
}

pub(super) fn first_half(digest: &[u8; 32]) -> u128 {
    let (half, _) = digest
        .split_first_chunk::<16>()
        .expect("a digest is 32 bytes");
    u128::from_be_bytes(*half)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's `hmac`, at every length around the end of a block.
    #[test]
    fn it_is_hmac() {
        let key: [u8; 32] = std::array::from_fn(|byte| byte as u8);
        for (length, expected) in [
            (
                0,
                "d38b42096d80f45f826b44a9d5607de72496a415d3f4a1a8c88e3bb9da8dc1cb",
            ),
            (
                1,
                "5167dd15d18166a9dd6caa3522f7026f13d2f82c052bb245c9f3366588205222",
            ),
            (
                55,
                "d5cc4f7313596a8544d290502640f09d005ad3ac7b06cd821d5eff03301d6609",
            ),
            (
                56,
                "59892c1be1ad9fc2b7fd864c0b951cb43deab58a71d64edca83fbf7e10e12ae1",
            ),
            (
                63,
                "0f7dae2c7a2f735486e4b9740884ec60c296f363c2c8b1462920444d3c518b01",
            ),
            (
                64,
                "0b28b35a2636ba2e13226c4f5da305efe29561a71cf2b095c23ff285c0f994ca",
            ),
            (
                119,
                "ebfd1dfe53ef6458416b60e39a5c67a211067bf67263f478717b228fe66cb978",
            ),
            (
                120,
                "341eb481d56f3e4277b53c830734badb875d7b04f6f6b001f2561b5b3770781d",
            ),
            (
                1000,
                "d33e4e55394fcab1568facc89482436010a135f08717d32a15dfb3176c7b5004",
            ),
        ] {
            let digest = Keyed::new(&key).finish(&vec![b'a'; length]);
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected, "{length}");
        }
    }

    #[test]
    fn a_label_is_not_a_part_of_the_value() {
        let keyed = Keyed::new(&[1; 32]);
        assert_ne!(keyed.digest(b"ab", b"c"), keyed.digest(b"a", b"bc"));
        assert_eq!(
            keyed.digest(b"ab", b"c"),
            keyed.labelled(b"ab").finish(b"c")
        );
    }
}
