//! Names, and the sentences that several remedies say.

pub(crate) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
pub(crate) const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
pub(crate) const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
pub(crate) const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
pub(crate) const MAX_AGE: &str = "Access-Control-Max-Age";
pub(crate) const EXPOSE_HEADERS: &str = "Access-Control-Expose-Headers";
pub(crate) const VARY: &str = "Vary";

pub(crate) const IF_EVERY_PAGE: &str = "if every page may read it";
pub(crate) const IF_THIS_ORIGIN: &str = "if this origin may read it";
pub(crate) const ONLY_FOR_ORIGINS: &str = "but only for origins that may read the user's data";
pub(crate) const ON_ONE_LINE: &str = "on one line";

pub(crate) const OR_WITHOUT_CREDENTIALS: &str = "Or, in the page's code, ask without credentials.";
pub(crate) const PROXY_ADDS_IT: &str =
    "If the server and a proxy both add it, one of them must stop.";
pub(crate) const ONE_ORIGIN: &str = "The header holds one origin: answer each with its own.";
pub(crate) const NO_PATTERNS: &str = "There are no patterns: `*` stands alone or is compared as it \
     is. Have the server compare `Origin`, and answer with the origin that asked.";
pub(crate) const LOWER_CASE: &str = "Its bytes are compared, so write it in lower case.";
pub(crate) const NULL_IS_UNSAFE: &str = "To allow `null` is unsafe: any page can have that origin.";
pub(crate) const FROM_ANOTHER_PAGE: &str = "ask from a page that has an origin: one that is served over http or https, such as \
     http://localhost, and not a file or a sandboxed frame.";
pub(crate) const NO_CREDENTIALS_IN_PREFLIGHTS: &str =
    "A preflight never carries credentials: answer it before asking for authentication.";
pub(crate) const NO_REDIRECT_OF_PREFLIGHTS: &str = "A preflight must not be redirected.";
pub(crate) const METHODS_AND_COMMAS: &str =
    "The list has methods and commas between them, and nothing else.";
pub(crate) const NAMES_AND_COMMAS: &str =
    "The list has names and commas between them, and nothing else.";
pub(crate) const METHODS_IN_BYTES: &str = "Methods are compared byte for byte; of those that a page writes, only DELETE, GET, HEAD, \
     OPTIONS, POST and PUT are put in upper case.";
pub(crate) const WILDCARD_IS_A_METHOD: &str =
    "With credentials, `*` is only a method of that name.";
pub(crate) const WILDCARD_IS_A_NAME: &str = "With credentials, `*` is only a header of that name.";
pub(crate) const WILDCARD_WITHOUT_AUTHORIZATION: &str = "`*` never covers Authorization.";
pub(crate) const AT_MOST_20: &str = "Redirect at most 20 times: is there a loop?";
pub(crate) const NO_USER_NAME: &str = "Redirect to a URL without a user name or password.";
pub(crate) const IF_ANY_ORIGIN_EMBEDS: &str = "if any origin may embed it";
pub(crate) const ASK_WITH_CORS: &str = "Ask with the mode cors.";
pub(crate) const LET_IT_PASS: &str = "Let this request pass.";
