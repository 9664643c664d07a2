/** Names of request fields that servers, frameworks and their middlewares have been known to read. */
const LISTED = `
a-im accept accept-charset accept-datetime accept-encoding accept-language accept-patch accept-post accept-ranges access-control-request-headers
access-control-request-method age akamai-origin-hop alt-used authorization base-url cache-control cache-info cdn-loop cf-connecting-ip cf-connecting-ipv6
cf-ipcountry cf-ray cf-visitor cf-worker client-ip cluster-client-ip contact-ip content-disposition content-encoding content-language content-location
content-md5 content-range content-type cookie cookie2 correlation-id csrf-token date destination device-memory device-stock-ua dnt downlink dpr early-data
ect etag expires fastly-client-ip fastly-ff fastly-ssl forwarded from front-end-https ga-client-id hx-boosted hx-current-url hx-request hx-target if
if-match if-modified-since if-none-match if-range if-unmodified-since incap-client-ip keep-alive last-event-id last-modified link location lock-token
max-forwards method-override mime-version next-action next-router-prefetch next-router-segment-prefetch next-router-state-tree next-url nextjs-data
ngrok-skip-browser-warning oracle-ecid origin overwrite path-info ping-from ping-to pragma prefer priority profile proxy proxy-authenticate
proxy-authorization proxy-host proxy-status proxy-url purpose range real-ip redirect referer referrer request-id request-uri rsc rtt save-data
script-name sec-ch-ua sec-ch-ua-arch sec-ch-ua-mobile sec-ch-ua-model sec-ch-ua-platform sec-ch-viewport-width sec-fetch-dest sec-fetch-mode
sec-fetch-site sec-fetch-user sec-gpc sec-purpose sec-websocket-key sec-websocket-protocol service-worker soapaction source-ip surrogate-capability
surrogate-control timeout tracestate traceparent translate true-client-ip turbo-frame uber-trace-id upgrade-insecure-requests uri url user user-agent
user-id vary via viewport-width wap-profile want-content-digest want-repr-digest warning width wl-proxy-client-ip x
`;
const SUFFIXES = `action api-key api-version appengine-country arr-ssl auth-token auth-user backend base-url bypass cache-bypass cache-force client-cert
client-id client-ip cluster-client-ip country csrf-token custom-ip-authorization debug device-type dns-prefetch-control do-not-track env-config
feature-flag forward forwarded forwarded-by forwarded-for forwarded-for-original forwarded-host forwarded-path forwarded-port forwarded-prefix
forwarded-proto forwarded-protocol forwarded-scheme forwarded-server forwarded-ssl forwarded-uri from gateway-host geo-country group host
host-name host-override http-destinationurl http-host-override http-method http-method-override http-path-override https http-status-code-override
invoke-path inertia inertia-version invoke-query ip language locale matched-path method-override middleware-prefetch middleware-rewrite
middleware-subrequest middleware-next nextjs-data now-route-matches original-forwarded-for original-host original-path original-remote-addr
original-url originating-ip path-info permitted-cross-domain-policies pjax prerender prerender-revalidate preview proxy-host proxy-url proxyuser-ip
purge query-override real-host real-ip redirect-to referer remix-request react-router-prerender-data react-router-spa-mode remote-addr remote-ip remote-user
request-id request-uri request-start requested-with rewrite-path rewrite-url role route scheme script-name server-name session-id shard sites-uri
source-ip ssl ssl-client-cert subdomain tenant theme timezone token trace-id true-client-ip true-ip turbo-request uid up-calling-line-id uri url
url-scheme user user-agent user-id user-role varnish version vercel-ip-country vercel-id vercel-protection-bypass viewer-country vhost wap-profile
waws-unencoded-url webkit-csp wp-nonce xhr-redirect zone apicache-bypass apicache-force-fetch nitro-cache unstale-cache unstale-debug`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

export const FIELD_NAMES: readonly string[] = [
  ...new Set([...words(LISTED), ...words(SUFFIXES).map((suffix) => `x-${suffix}`)]),
];

/** What is done to a path, so that the cache and the handler may read it in two ways. */
export const TRICKS: readonly (readonly [name: string, trick: (path: string) => string])[] = [
  ['as it is', (path) => path],
  ['a path parameter', (path) => `${path};x=1`],
  ['a slash at the end', (path) => `${path}/`],
  ['two slashes', (path) => `/${path}`],
  ['a dot segment', (path) => `/.${path}`],
  ['a way up', (path) => `/x/..${path}`],
  ['an encoded slash', (path) => path.replace(/.(?=[^/]*$)/, '%2f')],
  ['an encoded dot', (path) => `/%2e${path}`],
  ['letters encoded', (path) => path.replace('p', '%70')],
  ['upper case', (path) => path.toUpperCase()],
  ['the extension of a style sheet', (path) => `${path}/.css`],
  ['another extension', (path) => `${path}.js`],
  ['a parameter', (path) => `${path}?q=1`],
  ['a parameter twice', (path) => `${path}?q=1&q=2`],
  ['a parameter behind a semicolon', (path) => `${path}?utm=1;q=2`],
  ['a parameter that is left out', (path) => `${path}?utm=1`],
  ['an empty query', (path) => `${path}?`],
  ['brackets', (path) => `${path}?q[]=1&q[a]=2`],
  ['an encoded question mark', (path) => `${path}%3fq=1`],
  ['an encoded hash', (path) => `${path}%23x`],
  ['a null byte', (path) => `${path}%00`],
  ['an encoded line end', (path) => `${path}%0d%0aX-Evil:%20evil`],
  ['a back-slash', (path) => `${path}%5c..`],
  ['parameters in another order', (path) => `${path}?b=1&a=2`],
];
