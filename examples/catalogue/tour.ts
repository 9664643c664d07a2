/** What a server prints on start: where it is, and five requests to paste. */

/**
 * For sh and bash. zsh takes a `#` line at its prompt for a command, complains and goes on, so these lines have no quotes and no brackets.
 */
export function tour(base: string, framework: string, page: boolean): string {
  const paste = page
    ? 'Open it in a browser, and paste this into another terminal'
    : 'Paste this into another terminal';
  return `${framework} listens on ${base} with the countries of the world. ${paste}:

fra=${base}/countries/FRA json='Content-Type: application/json' lyon='{"capitals":["Lyon"]}'

# 200: read a country. Its ETag names the version that was read.
curl -iw '\\n\\n' $fra
etag=$(curl -sI $fra | tr -d '\\r' | awk 'tolower($1) == "etag:" { print $2 }')

# 304: read it again. Nothing has changed, nothing is sent.
curl -i $fra -H "If-None-Match: $etag"

# 428: change it, and do not say which version the change is based on.
curl -iw '\\n\\n' -X PATCH $fra -H "$json" -d "$lyon"

# 412: change a version that is not the current one. The work of somebody else would be lost.
curl -iw '\\n\\n' -X PATCH $fra -H "$json" -d "$lyon" -H 'If-Match: "outdated"'

# 200: change the version that was read. The answer has the ETag of the next one.
curl -iw '\\n\\n' -X PATCH $fra -H "$json" -d "$lyon" -H "If-Match: $etag"`;
}
