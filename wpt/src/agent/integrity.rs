//! Subresource Integrity.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Whether [bytes match the metadata](https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist).
pub(super) fn matches(bytes: &[u8], metadata: &str) -> bool {
    // The strongest algorithm counts; what is not known is left out.
    let hashes: Vec<_> = metadata.split_ascii_whitespace().filter_map(hash).collect();
    let Some(strongest) = hashes.iter().map(|it| it.0).max() else { return true };
    let actual = match strongest {
        Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
        Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
        Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
    };
    let actual = BASE64_STANDARD.encode(actual);
    hashes.iter().any(|(algorithm, value)| {
        // The URL-safe alphabet is read as well, and the padding is not needed.
        let value = value.trim_end_matches('=').replace('-', "+").replace('_', "/");
        *algorithm == strongest && value == actual.trim_end_matches('=')
    })
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

fn hash(token: &str) -> Option<(Algorithm, &str)> {
    let (algorithm, rest) = token.split_once('-')?;
    let algorithm = match algorithm.to_ascii_lowercase().as_str() {
        "sha256" => Algorithm::Sha256,
        "sha384" => Algorithm::Sha384,
        "sha512" => Algorithm::Sha512,
        _ => return None,
    };
    Some((algorithm, rest.split('?').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::matches;

    // `printf '' | openssl dgst -sha256 -binary | base64`, and so on.
    const EMPTY_256: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn strongest_counts() {
        assert!(matches(b"", EMPTY_256));
        assert!(matches(b"", &EMPTY_256.replace('+', "-").replace('/', "_")));
        assert!(!matches(b"x", EMPTY_256));
        assert!(matches(b"x", "md5-abc"));
        assert!(!matches(b"", &format!("{EMPTY_256} sha512-wrong")));
    }
}
