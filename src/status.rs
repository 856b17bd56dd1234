//! [Statuses](https://fetch.spec.whatwg.org/#statuses), which are integers from 0 to 999, and the
//! classes of statuses that fetch distinguishes.

/// Whether `status` is a [null body status]: 101, 103, 204, 205 or 304.
///
/// [null body status]: https://fetch.spec.whatwg.org/#null-body-status
///
/// ```
/// # use browser_cors::status::is_null_body_status;
/// assert!(is_null_body_status(204));
/// assert!(!is_null_body_status(200));
/// ```
pub const fn is_null_body_status(status: u16) -> bool {
    matches!(status, 101 | 103 | 204 | 205 | 304)
}

/// Whether `status` is an [ok status]: 200 to 299.
///
/// [ok status]: https://fetch.spec.whatwg.org/#ok-status
///
/// ```
/// # use browser_cors::status::is_ok_status;
/// assert!(is_ok_status(299));
/// assert!(!is_ok_status(304));
/// ```
pub const fn is_ok_status(status: u16) -> bool {
    matches!(status, 200..=299)
}

/// Whether `status` is a [range status]: 206 or 416.
///
/// [range status]: https://fetch.spec.whatwg.org/#range-status
///
/// ```
/// # use browser_cors::status::is_range_status;
/// assert!(is_range_status(416));
/// assert!(!is_range_status(200));
/// ```
pub const fn is_range_status(status: u16) -> bool {
    matches!(status, 206 | 416)
}

/// Whether `status` is a [redirect status]: 301, 302, 303, 307 or 308, and not 300, 304 or 305.
///
/// [redirect status]: https://fetch.spec.whatwg.org/#redirect-status
///
/// ```
/// # use browser_cors::status::is_redirect_status;
/// assert!(is_redirect_status(308));
/// assert!(!is_redirect_status(305));
/// ```
pub const fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}
