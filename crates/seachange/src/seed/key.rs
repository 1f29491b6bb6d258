//! Numbers that names and places are mixed into: the same everywhere and in every version, which the
//! standard library's hashers don't promise.

/// 2^64 divided by the golden ratio, as SplitMix64 has it.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finalizer (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014):
/// a bijection in which every bit of the input reaches every bit of the output.
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Two numbers as one; which is first matters.
pub(super) const fn join(first: u64, second: u64) -> u64 {
    mix(mix(first.wrapping_add(STEP)).wrapping_add(second))
}

/// A name as a number (FNV-1a, mixed).
pub(super) fn named(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(hash)
}

/// The state of a generator with 256 bits of it.
pub(super) fn state(key: u64) -> [u8; 32] {
    let mut state = [0; 32];
    let mut step = key;
    for word in state.chunks_exact_mut(8) {
        step = step.wrapping_add(STEP);
        word.copy_from_slice(&mix(step).to_le_bytes());
    }
    state
}
