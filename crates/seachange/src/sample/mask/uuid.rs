//! UUIDs become random-looking ones of version 4.

use uuid::{Builder, Uuid};

use super::keyed::Keyed;
use super::masker::Unmaskable;

/// The one of zeros stands for nobody, and stays.
pub(super) fn mask_uuid(keyed: &Keyed, value: &str) -> Result<String, Unmaskable> {
    let uuid = Uuid::parse_str(value).map_err(|_| Unmaskable::NOT_A_UUID)?;
    Ok(masked(keyed, uuid).to_string())
}

fn masked(keyed: &Keyed, uuid: Uuid) -> Uuid {
    if uuid.is_nil() {
        return uuid;
    }
    let digest = keyed.number(b"uuid", uuid.as_bytes());
    Builder::from_random_bytes(digest.to_be_bytes()).into_uuid()
}

/// In text, only as PostgreSQL writes them: another spelling is another text.
pub(super) fn mask_if_uuid(keyed: &Keyed, value: &str) -> Option<String> {
    if value.len() != 36 || value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    mask_uuid(keyed, value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_the_same_in_text() {
        let keyed = Keyed::new(&[1; 32]);
        let value = "0190163d-8694-739b-aea5-966c26f8ad91";
        let masked = mask_uuid(&keyed, value).unwrap();
        assert_ne!(masked, value);
        assert_eq!(Uuid::parse_str(&masked).unwrap().get_version_num(), 4);
        assert_eq!(mask_if_uuid(&keyed, value), Some(masked));
        assert_eq!(mask_if_uuid(&keyed, &value.to_uppercase()), None);
        assert_eq!(mask_if_uuid(&keyed, &"-".repeat(36)), None);
        let nil = Uuid::nil().to_string();
        assert_eq!(mask_uuid(&keyed, &nil).unwrap(), nil);
    }
}
