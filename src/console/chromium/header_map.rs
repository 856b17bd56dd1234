//! The order in which Chromium iterates over a request's headers: that of its hash table.

/// The order in which a hash table returns `names` after they were inserted in the given order. The
/// names are in lower case and distinct.
pub(super) fn in_order_of_the_table<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut table = Table { buckets: vec![None; 8], length: 0 };
    for name in names {
        table.insert(name);
    }
    table.buckets.into_iter().flatten().collect()
}

struct Table<'a> {
    /// The length is a power of two.
    buckets: Vec<Option<&'a str>>,
    length: usize,
}

impl<'a> Table<'a> {
    fn insert(&mut self, name: &'a str) {
        if !self.place(name) {
            return;
        }
        self.length += 1;
        if self.length * 2 >= self.buckets.len() {
            let larger = vec![None; self.buckets.len() * 2];
            for name in std::mem::replace(&mut self.buckets, larger).into_iter().flatten() {
                self.place(name);
            }
        }
    }

    /// Puts a name into its bucket or, in steps of 1, 2, 3, into the first free one after it.
    /// Returns whether the name is new.
    fn place(&mut self, name: &'a str) -> bool {
        let mask = self.buckets.len() - 1;
        let mut bucket = hash(name) as usize & mask;
        for step in 1.. {
            match self.buckets[bucket] {
                None => break,
                Some(other) if other == name => return false,
                Some(_) => bucket = (bucket + step) & mask,
            }
        }
        self.buckets[bucket] = Some(name);
        true
    }
}

const SECRET: [u64; 3] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3];
const SEED: u64 = 0xbdd8_9aa9_8270_4029;

/// The low 24 bits of the [rapidhash] of the name as UTF-16.
///
/// [rapidhash]: https://github.com/Nicoshev/rapidhash
fn hash(name: &str) -> u32 {
    let bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hash = (rapidhash(&bytes) & 0x00ff_ffff) as u32;
    if hash == 0 { 0x0080_0000 } else { hash }
}

/// Hashes an even number of bytes.
fn rapidhash(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let mut seed = SEED ^ mix(SEED ^ SECRET[0], SECRET[1]) ^ length as u64;
    let (mut a, mut b) = match length {
        0 => (0, 0),
        // Ours: Chromium takes a single character as it is.
        1..4 => (u64::from(u16::from_le_bytes([bytes[0], bytes[1]])), 0),
        4..=16 => {
            let last = length - 4;
            let delta = (length & 24) >> (length >> 3);
            (
                read_32(bytes, 0) << 32 | read_32(bytes, last),
                read_32(bytes, delta) << 32 | read_32(bytes, last - delta),
            )
        }
        _ => {
            let mut rest = bytes;
            if rest.len() > 48 {
                let mut others = [seed, seed];
                while rest.len() >= 48 {
                    seed = mix(read_64(rest, 0) ^ SECRET[0], read_64(rest, 8) ^ seed);
                    others[0] = mix(read_64(rest, 16) ^ SECRET[1], read_64(rest, 24) ^ others[0]);
                    others[1] = mix(read_64(rest, 32) ^ SECRET[2], read_64(rest, 40) ^ others[1]);
                    rest = &rest[48..];
                }
                seed ^= others[0] ^ others[1];
            }
            if rest.len() > 16 {
                seed = mix(read_64(rest, 0) ^ SECRET[2], read_64(rest, 8) ^ seed ^ SECRET[1]);
                if rest.len() > 32 {
                    seed = mix(read_64(rest, 16) ^ SECRET[2], read_64(rest, 24) ^ seed);
                }
            }
            (read_64(bytes, length - 16), read_64(bytes, length - 8))
        }
    };
    a ^= SECRET[1];
    b ^= seed;
    let (low, high) = multiply(a, b);
    mix(low ^ SECRET[0] ^ length as u64, high ^ SECRET[1])
}

const fn multiply(a: u64, b: u64) -> (u64, u64) {
    let product = a as u128 * b as u128;
    (product as u64, (product >> 64) as u64)
}

const fn mix(a: u64, b: u64) -> u64 {
    let (low, high) = multiply(a, b);
    low ^ high
}

fn read_32(bytes: &[u8], at: usize) -> u64 {
    let bytes = bytes[at..at + 4].try_into().expect("there are four");
    u64::from(u32::from_le_bytes(bytes))
}

fn read_64(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("there are eight"))
}

#[cfg(test)]
mod tests {
    use super::in_order_of_the_table;

    /// The header that Chromium 156 complained about first, of several refused ones.
    #[test]
    fn first_of_the_table() {
        for (names, first) in [
            (&["a", "authorization", "x-purpose"][..], "authorization"),
            (&["accept-language", "authorization", "content-location"], "content-location"),
            (&["x-pingother", "x-token", "x_under"], "x_under"),
            (&["content-language", "range"], "range"),
            (&["a", "x-token"], "x-token"),
            (&["a", "if-none-match"], "if-none-match"),
            (&["accept-foo", "accept-language", "x_under"], "x_under"),
        ] {
            let table = in_order_of_the_table(names.iter().copied().chain(["user-agent"]));
            let found = table.into_iter().find(|name| names.contains(name));
            assert_eq!(found, Some(first), "{names:?}");
        }
    }

    #[test]
    fn names_of_any_length() {
        let names: Vec<String> = (0..200).map(|length| "x".repeat(length)).collect();
        let table = in_order_of_the_table(names.iter().chain(&names).map(String::as_str));
        assert_eq!(table.len(), 200);
    }
}
