//! Internet Explorer 10 and 11, and Edge up to 18: the console. A code stands before each message,
//! and is not translated.

use super::{Complaint, Template, read::Role};

/// The messages in English.
pub(super) const TEMPLATES: &[(Complaint, Template)] = &[
    (
        Complaint::OriginNotAllowed,
        Template("Origin {origin} not found in Access-Control-Allow-Origin header."),
    ),
    (
        Complaint::WildcardWithCredentials,
        Template(
            "Wildcard in Access-Control-Allow-Origin not allowed when credentials flag is set to \
             true.",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template(
            "Credentials flag was set to true, but Access-Control-Allow-Credentials was not present \
             or was not set to \"true\".",
        ),
    ),
    (
        Complaint::Header,
        Template(
            "Request header {header} was not present in the Access-Control-Allow-Headers list.",
        ),
    ),
    (
        Complaint::Method,
        Template(
            "Request method {method} was not present in the Access-Control-Allow-Methods list.",
        ),
    ),
    (
        Complaint::NoReason,
        Template("XMLHttpRequest for {url} caused a response headers parsing failure."),
    ),
    (
        Complaint::PreflightRedirect,
        Template("Redirects are not allowed for CORS preflight requests."),
    ),
    (Complaint::NoReason, Template("Redirect was blocked for CORS request.")),
    (
        Complaint::AllowOriginSeveral,
        Template("Multiple Access-Control-Allow-Origin headers are not allowed for CORS response."),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template(
            "Multiple Access-Control-Allow-Credentials headers are not allowed for CORS response.",
        ),
    ),
    (Complaint::LocalNetwork, Template("Network request to {url} did not succeed.")),
    (Complaint::NoReason, Template("SCRIPT7002: XMLHttpRequest: Network Error 0x80070005")),
    (Complaint::NoReason, Template("0x80070005")),
    (Complaint::ConnectionFailed, Template("SCRIPT7002: XMLHttpRequest: Network Error {error}")),
];

/// What stands around the messages.
pub(super) const AROUND: &[(Role, Template)] = &[
    (
        Role::Notice,
        Template("XMLHttpRequest for {url} required Cross Origin Resource Sharing (CORS)"),
    ),
    (Role::Notice, Template("XMLHttpRequest for {url} required CORS preflight")),
    (Role::Opening, Template("SCRIPT7002: XMLHttpRequest: Network Error")),
    (Role::Code(Complaint::LocalNetwork), Template("SEC7117")),
    (Role::CodeOfNotice, Template("SEC7118")),
    (Role::CodeOfNotice, Template("SEC7119")),
    (Role::Code(Complaint::OriginNotAllowed), Template("SEC7120")),
    (Role::Code(Complaint::WildcardWithCredentials), Template("SEC7121")),
    (Role::Code(Complaint::CredentialsNotAllowed), Template("SEC7122")),
    (Role::Code(Complaint::Header), Template("SEC7123")),
    (Role::Code(Complaint::Method), Template("SEC7124")),
    (Role::Code(Complaint::NoReason), Template("SEC7125")),
    (Role::Code(Complaint::PreflightRedirect), Template("SEC7126")),
    (Role::Code(Complaint::NoReason), Template("SEC7127")),
    (Role::Code(Complaint::AllowOriginSeveral), Template("SEC7128")),
    (Role::Code(Complaint::CredentialsNotAllowed), Template("SEC7129")),
    (Role::Code(Complaint::NoReason), Template("SCRIPT7002")),
];
