//! Sequences of symbols that are each replaced by one of their own alphabet: digits of a number, letters
//! and digits of a code. One to one for every sequence of alphabets, so unique stays unique exactly.

use super::keyed::Keyed;
use super::permutation::Permutation;

/// As many symbols as a 128-bit number surely holds: 2 to the power of 117 is above 26 to that of 24.
const CHUNK: usize = 24;

/// Each symbol with the size of its alphabet; `shape` tells sequences apart that must not meet.
pub(super) fn permute(keyed: &Keyed, shape: &[u8], symbols: &mut [(u8, u8)]) {
    let mut label = b"symbols".to_vec();
    label.extend(shape);
    for chunk in symbols.chunks_mut(CHUNK) {
        let bound: u128 = chunk.iter().map(|&(_, size)| u128::from(size)).product();
        let value = chunk.iter().fold(0, |value, &(symbol, size)| {
            value * u128::from(size) + u128::from(symbol)
        });
        let mut rest = Permutation::new(keyed, &label, bound).elsewhere(value);
        for (symbol, size) in chunk.iter_mut().rev() {
            let base = u128::from(*size);
            *symbol = u8::try_from(rest % base).expect("below the alphabet's size");
            rest /= base;
        }
        // What follows depends on what went before, as in a chain of blocks.
        label.extend(chunk.iter().map(|&(symbol, _)| symbol));
    }
}

/// Letters become letters of the same case and digits digits, everything else of ASCII stays where it
/// is; none where other letters occur, which would stay readable.
pub(super) fn mask_code(keyed: &Keyed, value: &str) -> Option<String> {
    if !value.is_ascii() {
        return None;
    }
    let mut shape = value.as_bytes().to_vec();
    let mut places = Vec::new();
    let mut symbols = Vec::new();
    for (place, byte) in shape.iter_mut().enumerate() {
        let (first, size) = match byte {
            b'0'..=b'9' => (b'0', 10),
            b'a'..=b'z' => (b'a', 26),
            b'A'..=b'Z' => (b'A', 26),
            _ => continue,
        };
        symbols.push((*byte - first, size));
        places.push(place);
        *byte = first;
    }
    permute(keyed, &shape, &mut symbols);
    for (place, (symbol, _)) in places.into_iter().zip(symbols) {
        shape[place] += symbol;
    }
    String::from_utf8(shape).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_keeps_its_shape_and_nothing_else() {
        let keyed = Keyed::new(&[5; 32]);
        let masked = mask_code(&keyed, "AB-1234/x").unwrap();
        let shape: Vec<bool> = masked.chars().map(|one| one.is_ascii_digit()).collect();
        assert_eq!(masked.len(), 9);
        assert_eq!(&masked[2..3], "-");
        assert_eq!(shape[3..7], [true; 4]);
        assert_ne!(masked, "AB-1234/x");
        assert_eq!(mask_code(&keyed, "--").unwrap(), "--");
        assert_eq!(mask_code(&keyed, "Müller"), None);
    }

    #[test]
    fn codes_stay_unique() {
        let keyed = Keyed::new(&[5; 32]);
        let all: BTreeSet<String> = (0..1000)
            .map(|number| mask_code(&keyed, &format!("{number:03}")).unwrap())
            .collect();
        assert_eq!(all.len(), 1000);
        let long = "a1".repeat(40);
        let other = format!("{}b1", "a1".repeat(39));
        let masked = mask_code(&keyed, &long).unwrap();
        assert_eq!(masked.len(), 80);
        assert_ne!(masked, mask_code(&keyed, &other).unwrap());
    }
}
