//! `bytea`, in hexadecimal: as many other bytes.

use super::keyed::Keyed;
use super::masker::Unmaskable;
use super::permutation::Permutation;

/// Up to here every value has one of its own; from here on two are as good as never masked alike.
const SHORT: usize = 15;

pub(super) fn mask_bytes(keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
    let digits = value.strip_prefix("\\x").ok_or(Unmaskable::NOT_BYTES)?;
    let length = digits.len() / 2;
    if length == 0 {
        return Ok(value.to_owned());
    }
    if length <= SHORT {
        let number = u128::from_str_radix(digits, 16).map_err(|_| Unmaskable::NOT_BYTES)?;
        let bound = 1 << (8 * length);
        let masked = Permutation::new(keyed, b"bytes", bound).elsewhere(number);
        return Ok(format!("\\x{masked:0width$x}", width = 2 * length));
    }
    let seed = keyed.digest(b"bytes", digits.as_bytes());
    let stream = Keyed::new(&seed);
    let mut masked = String::with_capacity(value.len() + 64);
    masked.push_str("\\x");
    for block in 0_u64.. {
        for byte in stream.finish(&block.to_be_bytes()) {
            masked.push_str(&format!("{byte:02x}"));
        }
        if masked.len() >= value.len() {
            break;
        }
    }
    masked.truncate(value.len());
    Ok(masked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_kept() {
        let keyed = Keyed::new(&[1; 32]);
        for length in [0, 1, 2, 15, 16, 31, 32, 33, 1000] {
            let value = format!("\\x{}", "ab".repeat(length));
            let masked = mask_bytes(&keyed, &value).unwrap();
            assert_eq!(masked.len(), value.len());
            assert_eq!(masked == value, length == 0);
        }
        mask_bytes(&keyed, "ab").unwrap_err();
    }
}
