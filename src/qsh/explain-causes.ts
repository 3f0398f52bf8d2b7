/**
 * What can be wrong with a query string hash, in words. Every text is constant; none holds a part of a request.
 */

/** Why a hash is not that of its request. */
export type QshCauseCode =
  | "method-wrong"
  | "method-not-upper-case"
  | "base-path-kept"
  | "base-path-stripped-twice"
  | "base-path-stripped-within-segment"
  | "trailing-slash-kept"
  | "trailing-slashes-removed"
  | "path-decoded"
  | "path-not-decoded"
  | "path-encoded-twice"
  | "path-normalized"
  | "path-escaped"
  | "path-escapes-recased"
  | "path-ampersand-raw"
  | "path-slashes-merged"
  | "path-empty"
  | "path-without-leading-slash"
  | "origin-included"
  | "query-in-path"
  | "query-dropped"
  | "query-verbatim"
  | "form-not-merged"
  | "query-replaced-by-form"
  | "body-merged"
  | "jwt-kept"
  | "jwt-dropped-in-any-case"
  | "names-sorted-decoded"
  | "names-sorted-by-locale"
  | "names-sorted-with-values"
  | "names-not-sorted"
  | "values-not-sorted"
  | "values-sorted-encoded"
  | "values-sorted-by-code-point"
  | "values-sorted-by-locale"
  | "values-joined-by-encoded-comma"
  | "values-repeated-as-pairs"
  | "values-first-only"
  | "values-last-only"
  | "values-deduplicated"
  | "plus-not-decoded"
  | "space-as-plus"
  | "marks-not-encoded"
  | "reserved-not-encoded"
  | "comma-not-encoded"
  | "tilde-encoded"
  | "form-urlencoded"
  | "escapes-lower-case"
  | "escapes-as-sent"
  | "encoded-twice"
  | "decoded-twice"
  | "not-encoded"
  | "invalid-escapes-kept"
  | "invalid-escapes-dropped"
  | "semicolon-splits"
  | "brackets-nested"
  | "brackets-removed"
  | "proto-dropped"
  | "cut-at-1000"
  | "empty-names-dropped"
  | "empty-values-dropped"
  | "equals-sign-dropped"
  | "separator-dropped"
  | "newline-appended"
  | "hash-upper-case"
  | "hash-base64"
  | "hash-malformed"
  | "context-qsh";

interface CauseText {
  readonly message: string;
  readonly fix: string;
}

/** The words for each cause; `fix` speaks to whoever signs. */
export const causeTexts: Readonly<Record<QshCauseCode, CauseText>> = {
  "method-wrong": {
    message: "the hash is that of another HTTP method",
    fix: "hash the method that is really sent; behind a redirect or an override header it may have changed",
  },
  "method-not-upper-case": { message: "the method is not in upper case", fix: "upper-case the method before hashing" },
  "base-path-kept": {
    message: "the path of the base URL is still in the hashed path",
    fix: "take the path of the base URL (the context path) off the front of the path",
  },
  "base-path-stripped-twice": {
    message: "the path of the base URL is taken off more than once",
    fix: "take the path of the base URL off once, from the front only",
  },
  "base-path-stripped-within-segment": {
    message: "the path of the base URL is taken off within a path segment",
    fix: "take the base path off only where a slash or the end follows it",
  },
  "trailing-slash-kept": { message: "the trailing slash is still in the path", fix: "remove one trailing slash from the path" },
  "trailing-slashes-removed": {
    message: "more than one trailing slash is removed from the path",
    fix: "remove one trailing slash, not all of them",
  },
  "path-decoded": {
    message: "the path is percent-decoded before it is hashed",
    fix: "hash the path as it goes on the wire, still encoded; when products call an app they sign the decoded path, which a verifier may accept",
  },
  "path-not-decoded": {
    message: "the path is hashed as it goes on the wire, where the decoded one was expected",
    fix: 'set "path" to raw for what an app signs itself',
  },
  "path-encoded-twice": { message: "the path is percent-encoded twice", fix: "hash the path as it is on the wire: do not encode it again" },
  "path-normalized": {
    message: "the path is normalised, as a URL parser does it, before it is hashed",
    fix: "hash what goes on the wire: either send the normalised URL too, or do not parse the path",
  },
  "path-escaped": {
    message: "characters of the path are escaped that are not escaped on the wire",
    fix: "take the path from the raw target, not from a URL parser that escapes",
  },
  "path-escapes-recased": {
    message: "the letter case of escapes in the path is changed",
    fix: "keep the escapes of the path as they are on the wire",
  },
  "path-ampersand-raw": { message: "an ampersand in the path is not escaped", fix: "replace every & in the path by %26" },
  "path-slashes-merged": { message: "double slashes in the path are merged into one", fix: "keep double slashes as they are on the wire" },
  "path-empty": { message: "the root path is hashed as nothing", fix: "hash an empty path as /" },
  "path-without-leading-slash": { message: "the leading slash is missing from the path", fix: "start the path with /" },
  "origin-included": { message: "scheme, host or port are part of the hashed path", fix: "hash the path alone, without scheme, host and port" },
  "query-in-path": { message: "the query is still in the hashed path", fix: "cut the path at the first question mark" },
  "query-dropped": { message: "the query is not hashed", fix: "hash the query parameters that are sent" },
  "query-verbatim": {
    message: "the query is hashed as it is written, not in canonical form",
    fix: "decode the parameters, group them by name, sort them, and encode them again",
  },
  "form-not-merged": {
    message: "the parameters of the form body are not hashed",
    fix: "merge the pairs of a form-urlencoded POST body with those of the query",
  },
  "query-replaced-by-form": {
    message: "the form body is hashed in place of the query",
    fix: "merge the pairs of the query and of the form body",
  },
  "body-merged": {
    message: "a body is hashed that is no part of the hash",
    fix: "hash body parameters only of a POST that is form-urlencoded",
  },
  "jwt-kept": { message: "the jwt parameter is hashed", fix: "leave the parameter named jwt out: the token cannot hash itself" },
  "jwt-dropped-in-any-case": {
    message: "a parameter is left out whose name is jwt in another letter case",
    fix: "leave out only what is named jwt in lower case",
  },
  "names-sorted-decoded": {
    message: "names are sorted by their decoded form",
    fix: "percent-encode the names first, then sort them",
  },
  "names-sorted-by-locale": {
    message: "names are sorted by the rules of a language",
    fix: "sort by code units, not with localeCompare or without regard to case",
  },
  "names-sorted-with-values": {
    message: "whole name=value strings are sorted, where the equals sign takes part",
    fix: "sort by the encoded name alone",
  },
  "names-not-sorted": { message: "names are not sorted", fix: "sort the parameters by their percent-encoded name" },
  "values-not-sorted": { message: "the values of one name are not sorted", fix: "sort the values of one name by their decoded form" },
  "values-sorted-encoded": {
    message: "the values of one name are sorted by their encoded form",
    fix: "sort the values while they are decoded, then encode them",
  },
  "values-sorted-by-code-point": {
    message: "the values of one name are sorted by code points or bytes",
    fix: "sort the decoded values by UTF-16 code units",
  },
  "values-sorted-by-locale": {
    message: "the values of one name are sorted by the rules of a language",
    fix: "sort the decoded values by UTF-16 code units, not with localeCompare or as numbers",
  },
  "values-joined-by-encoded-comma": {
    message: "the values of one name are joined by an encoded comma",
    fix: "encode each value, then join them with a literal comma",
  },
  "values-repeated-as-pairs": {
    message: "a name that occurs twice is written twice",
    fix: "write each name once, its values joined with a literal comma",
  },
  "values-first-only": { message: "only the first value of a name is hashed", fix: "hash all values of a name" },
  "values-last-only": { message: "only the last value of a name is hashed", fix: "hash all values of a name" },
  "values-deduplicated": { message: "equal values of a name are hashed once", fix: "keep equal values: each occurrence counts" },
  "plus-not-decoded": {
    message: "a plus sign in the query is taken literally",
    fix: "read + in a query as a space, which is encoded as %20",
  },
  "space-as-plus": { message: "a space is encoded as a plus sign", fix: "encode a space as %20" },
  "marks-not-encoded": {
    message: "some of ! ' ( ) * are not encoded",
    fix: "encode them too: encodeURIComponent leaves them as they are",
  },
  "reserved-not-encoded": {
    message: "reserved characters such as / : @ are not encoded",
    fix: "encode everything but A-Z a-z 0-9 - . _ ~",
  },
  "comma-not-encoded": {
    message: "a comma within a value is not encoded",
    fix: "encode a value's own commas as %2C; only the comma between values is literal",
  },
  "tilde-encoded": { message: "the tilde is encoded", fix: "leave ~ as it is" },
  "form-urlencoded": {
    message: "parameters are encoded as a form is: + for a space, %7E for ~, * as it is",
    fix: "encode as RFC 3986 says, not with a form encoder",
  },
  "escapes-lower-case": { message: "escapes are written in lower case", fix: "write escapes in upper case" },
  "escapes-as-sent": {
    message: "parameters are hashed in the encoding that they were sent in",
    fix: "decode each name and value, then encode everything but A-Z a-z 0-9 - . _ ~",
  },
  "encoded-twice": { message: "parameters are percent-encoded twice", fix: "decode names and values before they are encoded" },
  "decoded-twice": { message: "parameters are percent-decoded twice", fix: "decode names and values once" },
  "not-encoded": { message: "parameters are not encoded", fix: "percent-encode names and values" },
  "invalid-escapes-kept": {
    message: "a value that is not UTF-8 is hashed undecoded",
    fix: "send UTF-8: the servers read what is not as U+FFFD",
  },
  "invalid-escapes-dropped": {
    message: "parameters with a malformed escape are left out",
    fix: "send well-formed escapes: a percent sign is %25",
  },
  "semicolon-splits": { message: "the query is split at semicolons too", fix: "split the query at & only" },
  "brackets-nested": {
    message: "brackets in names are read as nested objects or lists",
    fix: "hash the raw query: a name such as a[b] is just a name",
  },
  "brackets-removed": { message: "brackets are removed from names", fix: "keep brackets: they are part of the name" },
  "proto-dropped": { message: "a parameter named __proto__ is left out", fix: "gather parameters in a Map, or avoid such a name" },
  "cut-at-1000": { message: "parameters after the first 1,000 are left out", fix: "raise the parser's limit, or send fewer parameters" },
  "empty-names-dropped": { message: "parameters without a name are left out", fix: "avoid parameters without a name" },
  "empty-values-dropped": { message: "parameters without a value are left out", fix: "hash a parameter without a value as name=" },
  "equals-sign-dropped": {
    message: "the equals sign is missing after a name without a value",
    fix: "write a parameter without a value as name=",
  },
  "separator-dropped": {
    message: "the second ampersand is missing where there is no query",
    fix: "always write METHOD&PATH& even when no parameter follows",
  },
  "newline-appended": { message: "a line break is hashed behind the canonical request", fix: "hash the text without a line break at its end" },
  "hash-upper-case": { message: "the hash is written in upper case", fix: "write the hash in lower-case hex" },
  "hash-base64": { message: "the hash is written in base64", fix: "write the hash in lower-case hex" },
  "hash-malformed": {
    message: "the claim is no SHA-256 in hex",
    fix: "hash the canonical request with SHA-256 and write it as 64 lower-case hex digits",
  },
  "context-qsh": {
    message: "the token is a context token: it is bound to no request",
    fix: "accept context tokens on this route by name, or send a token that is signed for this request",
  },
};
