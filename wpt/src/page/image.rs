//! The pixels of an image.

/// The RGBA bytes of a BMP with 24 bits for each pixel, the kind that helpers of tests read.
pub fn pixels(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let (start, width, height) = (number(10)?, number(18)?, number(22)?);
    if !bytes.starts_with(b"BM") || bytes.get(28..30)? != [24, 0] {
        return None;
    }
    let line = (width * 3).next_multiple_of(4);
    let mut pixels = Vec::new();
    // The lowest line comes first.
    for row in (0..height).rev() {
        let row = start.checked_add(row.checked_mul(line)?)?;
        let line = bytes.get(row..row.checked_add(width.checked_mul(3)?)?)?;
        pixels.extend(line.chunks_exact(3).flat_map(|it| [it[2], it[1], it[0], 255]));
    }
    Some(pixels)
}

#[cfg(test)]
mod tests {
    use super::pixels;

    #[test]
    fn two_lines() {
        let mut bytes =
            b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\x18\0".to_vec();
        bytes.resize(54, 0);
        bytes.extend([1, 2, 3, 0, 4, 5, 6, 0]);
        assert_eq!(pixels(&bytes), Some(vec![6, 5, 4, 255, 3, 2, 1, 255]));
        assert_eq!(pixels(&bytes[..60]), None);
    }
}
