//! Numbers with a fraction: sign, magnitude and the number of significant digits are kept, the digits
//! themselves replaced. So a masked amount fits every `numeric(p,s)` that held it, and equal numbers
//! stay equal whatever their spelling (1.5 and 1.50).

use super::keyed::Keyed;
use super::masker::Unmaskable;
use super::symbols::permute;

/// Beyond this many zeros a number is written with an exponent.
const WRITTEN_OUT: usize = 60;

pub(super) fn mask_number(keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
    if matches!(value, "NaN" | "Infinity" | "-Infinity") {
        return Ok(value.to_owned());
    }
    let number = Number::parse(value).ok_or(Unmaskable::NOT_A_NUMBER)?;
    if number.digits.is_empty() {
        return Ok(value.to_owned());
    }
    let last = number.digits.len() - 1;
    // No zero at either end: it would be another magnitude, or another number of digits.
    let mut symbols: Vec<(u8, u8)> = number
        .digits
        .iter()
        .enumerate()
        .map(|(place, &digit)| match place == 0 || place == last {
            true => (digit - 1, 9),
            false => (digit, 10),
        })
        .collect();
    permute(keyed, b"number", &mut symbols);
    let digits = symbols
        .iter()
        .map(|&(symbol, size)| symbol + (10 - size))
        .collect();
    Ok(Number { digits, ..number }.to_string())
}

/// `digits` times ten to the power of `exponent`, without zeros at either end.
struct Number {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut digits = Vec::with_capacity(mantissa.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            digits.push(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        let mut exponent = exponent - i64::try_from(fraction.len()).ok()?;
        while digits.last() == Some(&0) {
            digits.pop();
            exponent += 1;
        }
        let leading = digits.iter().take_while(|&&digit| digit == 0).count();
        digits.drain(..leading);
        Some(Self {
            negative,
            digits,
            exponent,
        })
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            to.write_str("-")?;
        }
        let digits: String = self
            .digits
            .iter()
            .map(|&digit| char::from(b'0' + digit))
            .collect();
        match usize::try_from(self.exponent) {
            Ok(zeros) if zeros <= WRITTEN_OUT => write!(to, "{digits}{}", "0".repeat(zeros)),
            Err(_) if self.exponent.unsigned_abs() <= WRITTEN_OUT as u64 => {
                let behind = usize::try_from(self.exponent.unsigned_abs()).unwrap_or(WRITTEN_OUT);
                let padded = format!("{digits:0>width$}", width = behind + 1);
                let (whole, fraction) = padded.split_at(padded.len() - behind);
                write!(to, "{whole}.{fraction}")
            }
            _ => write!(to, "{digits}e{}", self.exponent),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn mask(value: &str) -> String {
        mask_number(&Keyed::new(&[9; 32]), value).unwrap()
    }

    #[test]
    fn magnitude_and_digits_are_kept() {
        for (value, length) in [
            ("1234.56", 7),
            ("-0.05", 5),
            ("100", 3),
            ("7", 1),
            ("1e300", 5),
        ] {
            let masked = mask(value);
            assert_ne!(masked, value);
            assert_eq!(masked.len(), length, "{masked}");
            let (before, after): (f64, f64) = (value.parse().unwrap(), masked.parse().unwrap());
            assert!((before / after).abs() < 10.0 && (after / before).abs() < 10.0);
            assert_eq!(before < 0.0, after < 0.0);
        }
        for value in ["0", "0.00", "-0", "NaN", "Infinity", "-Infinity"] {
            assert_eq!(mask(value), value);
        }
        mask_number(&Keyed::new(&[9; 32]), "12a").unwrap_err();
    }

    #[test]
    fn the_spelling_does_not_matter() {
        assert_eq!(mask("1.5"), mask("1.500"));
        assert_eq!(mask("1500"), mask("1.5e3"));
    }

    #[test]
    fn no_two_become_one() {
        let all: BTreeSet<String> = (1..2000).map(|number| mask(&number.to_string())).collect();
        assert_eq!(all.len(), 1999);
    }
}
