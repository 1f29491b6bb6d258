//! HMAC-SHA256 (RFC 2104) under the run's key. Every use has a label of its own, so that no two of them ever
//! hash the same bytes. On SHA-256's compression function itself: the generic code of `hmac` and `sha2` is
//! compiled with this crate, and four times slower in the unoptimised builds that development uses.

use sha2::block_api::compress256;

const BLOCK: usize = 64;
/// FIPS 180-4, 5.3.3.
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The key, with its two inner hashes begun, and a label.
#[derive(Clone)]
pub(in crate::sample) struct Keyed {
    inner: [u32; 8],
    outer: [u32; 8],
    label: Vec<u8>,
}

impl Keyed {
    pub(in crate::sample) fn new(key: &[u8; 32]) -> Self {
        let begun = |pad: u8| {
            let mut block = [pad; BLOCK];
            for (padded, byte) in block.iter_mut().zip(key) {
                *padded ^= byte;
            }
            let mut state = INITIAL;
            compress256(&mut state, &[block]);
            state
        };
        Self {
            inner: begun(0x36),
            outer: begun(0x5c),
            label: Vec::new(),
        }
    }

    /// A key of its own for what comes behind this label.
    pub(super) fn labelled(&self, label: &[u8]) -> Self {
        let length = u32::try_from(label.len()).expect("labels are short");
        let mut labelled = self.clone();
        labelled.label.extend(length.to_be_bytes());
        labelled.label.extend(label);
        labelled
    }

    pub(in crate::sample) fn digest(&self, label: &[u8], value: &[u8]) -> [u8; 32] {
        self.labelled(label).finish(value)
    }

    /// The HMAC of label and value.
    pub(super) fn finish(&self, value: &[u8]) -> [u8; 32] {
        let inner = finished(self.inner, &self.label, value);
        finished(self.outer, &inner, &[])
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

/// SHA-256 of a block that is hashed already and of both messages behind it.
fn finished(mut state: [u32; 8], first: &[u8], second: &[u8]) -> [u8; 32] {
    let length = first.len() + second.len();
    // A one bit, zeros, and the length in bits end the last block.
    let padded = (length + 9).next_multiple_of(BLOCK);
    let mut short = [0; BLOCK];
    let mut long = Vec::new();
    let message = if padded == BLOCK {
        &mut short[..]
    } else {
        long.resize(padded, 0);
        &mut long[..]
    };
    message[..first.len()].copy_from_slice(first);
    message[first.len()..length].copy_from_slice(second);
    message[length] = 0x80;
    let bits = 8 * (BLOCK + length) as u64;
    message[padded - 8..].copy_from_slice(&bits.to_be_bytes());
    compress256(&mut state, message.as_chunks().0);
    let mut digest = [0; 32];
    for word in 0..8 {
        digest[4 * word..4 * word + 4].copy_from_slice(&state[word].to_be_bytes());
    }
    digest
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
