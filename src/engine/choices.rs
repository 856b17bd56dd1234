//! The list of all choices, by name.

use super::{Departure, Release};
use crate::{
    fetch::{
        cors_preflight_fetch, fetch_metadata, http_fetch, http_network_or_cache_fetch,
        http_redirect_fetch, main_fetch, scheme_fetch,
    },
    header, origin_header, page, preflight_cache, response,
};

macro_rules! choices {
    ($($field:ident: $($type:ident)::+,)+) => {
        /// What a user agent does at each place at which engines differ.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) struct Choices {
            $(pub(crate) $field: $($type)::+),+
        }

        impl Choices {
            /// What the standard does.
            pub(super) const STANDARD: Self = Self { $($field: $($type)::+::STANDARD),+ };

            /// Adds a departure. It replaces any departure that excludes it.
            pub(super) const fn with(mut self, departure: Departure) -> Self {
                $(
                    if let Some(choice) = $($type)::+::from_departure(departure) {
                        self.$field = choice;
                    }
                )+
                self
            }

            /// Removes a departure: this place then follows the standard.
            pub(super) const fn without(mut self, departure: Departure) -> Self {
                $(
                    if let Some(own) = self.$field.departure() && own.is(departure) {
                        self.$field = $($type)::+::STANDARD;
                    }
                )+
                self
            }

            /// Whether `departure` is one of these choices.
            pub(super) const fn contains(&self, departure: Departure) -> bool {
                $(
                    if let Some(own) = self.$field.departure() && own.is(departure) {
                        return true;
                    }
                )+
                false
            }
        }
    };
}

// In the order of the standard's text.
choices! {
    range_unit: header::engines::RangeUnit,
    range_sign: header::engines::RangeSign,
    range_position: header::engines::RangePosition,
    client_hints: header::engines::ClientHints,
    author_user_agent: header::engines::AuthorUserAgent,
    high_bytes: header::engines::HighBytes,
    content_type_comma: header::engines::ContentTypeComma,
    content_type_semicolon: header::engines::ContentTypeSemicolon,
    repeated_names: header::engines::RepeatedNames,
    total_limit: header::engines::TotalLimit,
    request_header_names: header::engines::RequestHeaderNames,
    origin_after_redirect: origin_header::engines::OriginAfterRedirect,
    origin_of_beacon: origin_header::engines::OriginOfBeacon,
    origin_of_elements: origin_header::engines::OriginOfElements,
    origin_of_videos: origin_header::engines::OriginOfVideos,
    storage_access: origin_header::engines::StorageAccess,
    origin_in_redirect: origin_header::engines::OriginInRedirect,
    referrer_policy_in_origin: origin_header::engines::ReferrerPolicyInOrigin,
    several_locations: response::engines::SeveralLocations,
    empty_location: response::engines::EmptyLocation,
    location_bytes: response::engines::LocationBytes,
    location_tab: response::engines::LocationTab,
    redirect_statuses: response::engines::RedirectStatuses,
    upgraded_request: main_fetch::engines::UpgradedRequest,
    url_credentials: main_fetch::engines::UrlCredentials,
    mixed_content_preflight: main_fetch::engines::MixedContentPreflight,
    later_hops: main_fetch::engines::LaterHops,
    deciding_headers: main_fetch::engines::DecidingHeaders,
    cache_on_error: main_fetch::engines::CacheOnError,
    cache_on_simple_failure: main_fetch::engines::CacheOnSimpleFailure,
    about_blank: scheme_fetch::engines::AboutBlank,
    reload_look_up: http_fetch::engines::ReloadLookUp,
    no_cache_look_up: http_fetch::engines::NoCacheLookUp,
    manual_redirect: http_fetch::engines::ManualRedirect,
    redirect_error: http_fetch::engines::RedirectError,
    redirect_with_credentials: http_redirect_fetch::engines::RedirectWithCredentials,
    redirect_refusal: http_redirect_fetch::engines::RedirectRefusal,
    redirect_check: http_redirect_fetch::engines::RedirectCheck,
    redirect_method: http_redirect_fetch::engines::RedirectMethod,
    redirect_headers: http_redirect_fetch::engines::RedirectHeaders,
    beacon_redirect: http_redirect_fetch::engines::BeaconRedirect,
    redirect_client_hints: http_redirect_fetch::engines::RedirectClientHints,
    preflight_headers: http_redirect_fetch::engines::PreflightHeaders,
    credentials_in_redirect: http_network_or_cache_fetch::engines::CredentialsInRedirect,
    preflight_without_tls: fetch_metadata::engines::PreflightWithoutTls,
    metadata_in_redirect: fetch_metadata::engines::MetadataInRedirect,
    preflight_site: fetch_metadata::engines::PreflightSite,
    conditional_requests: http_network_or_cache_fetch::engines::ConditionalRequests,
    only_if_cached: http_network_or_cache_fetch::engines::OnlyIfCached,
    private_network_header: http_network_or_cache_fetch::engines::PrivateNetworkHeader,
    no_store_headers: http_network_or_cache_fetch::engines::NoStoreHeaders,
    own_headers: http_network_or_cache_fetch::engines::OwnHeaders,
    request_bytes: http_network_or_cache_fetch::engines::RequestBytes,
    response_bytes: http_network_or_cache_fetch::engines::ResponseBytes,
    empty_response_lines: http_network_or_cache_fetch::engines::EmptyResponseLines,
    different_locations: http_network_or_cache_fetch::engines::DifferentLocations,
    proxy_authentication: http_network_or_cache_fetch::engines::ProxyAuthentication,
    preflight_cache_mode: cors_preflight_fetch::engines::PreflightCacheMode,
    preflight_origin: cors_preflight_fetch::engines::PreflightOrigin,
    preflight_to_own_origin: cors_preflight_fetch::engines::PreflightToOwnOrigin,
    preflight_order: cors_preflight_fetch::engines::PreflightOrder,
    allow_headers: cors_preflight_fetch::engines::AllowHeaders,
    forced_method: cors_preflight_fetch::engines::ForcedMethod,
    wildcard_headers: cors_preflight_fetch::engines::WildcardHeaders,
    max_age: cors_preflight_fetch::engines::MaxAge,
    refused_grants: cors_preflight_fetch::engines::RefusedGrants,
    no_store_preflight: cors_preflight_fetch::engines::NoStorePreflight,
    max_age_limit: preflight_cache::engines::MaxAgeLimit,
    keeping: preflight_cache::engines::Keeping,
    cached_wildcard: preflight_cache::engines::CachedWildcard,
    cached_authorization: preflight_cache::engines::CachedAuthorization,
    cache_key: preflight_cache::engines::CacheKey,
    opaque_origins: preflight_cache::engines::OpaqueOrigins,
    cached_urls_limit: preflight_cache::engines::CachedUrlsLimit,
    cached_url_length_limit: preflight_cache::engines::CachedUrlLengthLimit,
    eviction: preflight_cache::engines::Eviction,
    body_header_in_no_cors: page::engines::BodyHeaderInNoCors,
    beacon_limit: page::engines::BeaconLimit,
    beacon_type: page::engines::BeaconType,
    beacon_type_length: page::engines::BeaconTypeLength,
    beacon_refusal: page::engines::BeaconRefusal,
    upload_listener: page::xml_http_request::engines::UploadListener,
    response_url: page::xml_http_request::engines::ResponseUrl,
    xhr_charset: page::xml_http_request::engines::XhrCharset,
    xhr_judged_charset: page::xml_http_request::engines::XhrJudgedCharset,
    xhr_blob_type: page::xml_http_request::engines::XhrBlobType,
    opaque_response_blocking: page::loads::engines::OpaqueResponseBlocking,
    final_redirect: page::loads::engines::FinalRedirect,
    reset_content: page::loads::engines::ResetContent,
    no_body: page::loads::engines::NoBody,
    style_sheet_type: page::loads::engines::StyleSheetType,
    event_stream_type: page::loads::engines::EventStreamType,
    image_decoder: page::loads::engines::ImageDecoder,
    failed_modules: page::engines::FailedModules,
    available_images: page::engines::AvailableImages,
    style_sheets: page::engines::StyleSheets,
    font_mode: page::engines::FontMode,
    shape_credentials: page::engines::ShapeCredentials,
    thrown_errors: page::engines::ThrownErrors,
}

impl Choices {
    /// What a release does, according to the catalogue.
    pub(super) const fn of(release: Release) -> Self {
        let (mut choices, mut index) = (Self::STANDARD, 0);
        while let Some(departure) = Departure::at(index) {
            if departure.is_seen_in(release) {
                choices = choices.with(departure);
            }
            index += 1;
        }
        choices
    }
}
